import Rememory

struct Player: Codable, Sendable {
    var score: Int
    var level: Int
}

let players = try RememoryDict<String, Player>("tutorial_players")
try players.set(Player(score: 10, level: 2), for: "ann")
try players.set(Player(score: 7, level: 1), for: "bob")

for (name, player) in try players.snapshot() {
    print(name, player.score, player.level)
}
