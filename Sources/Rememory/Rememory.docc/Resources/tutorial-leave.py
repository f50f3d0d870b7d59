import time

from rememory import RememoryDict

players = RememoryDict("tutorial_players")
players["ann"] = {"score": 100, "level": 3}
time.sleep(1)
del players["bob"]
