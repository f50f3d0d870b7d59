import Rememory

struct Player: Codable, Sendable {
    var score: Int
    var level: Int
}

let players = try RememoryDict<String, Player>("tutorial_players")

for _ in 0..<50 {
    try players.update("ann") { $0?.score += 1 }
    try await Task.sleep(for: .milliseconds(100))
}

for (name, player) in try players.snapshot() {
    print(name, player.score, player.level)
}
