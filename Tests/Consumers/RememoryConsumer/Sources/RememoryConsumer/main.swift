import Rememory

struct Player: Codable, Sendable {
    var score: Int
    var level: Int
}

let name = "consumer-\(UInt64.random(in: .min ... .max))"
let players = try RememoryDict<String, Player>(name)
defer { try? players.unlink(semaphore: true) }
try players.set(Player(score: 10, level: 2), for: "ann")
try players.update("ann") { $0?.score += 1 }
do {
    try players.delete("bob")
} catch let error as RememoryError where error.code == .keyNotFound {
    print("no bob")
}
for (name, player) in try players.snapshot() {
    print(name, player.score)
}
