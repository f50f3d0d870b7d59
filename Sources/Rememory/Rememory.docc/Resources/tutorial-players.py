from rememory import RememoryDict

players = RememoryDict("tutorial_players")
print("Python sees", players["ann"])
players["cy"] = {"score": 5, "level": 1}
