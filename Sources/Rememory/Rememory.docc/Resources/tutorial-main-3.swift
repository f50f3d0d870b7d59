import Rememory

struct Player: Codable, Sendable {
    var score: Int
    var level: Int
}

let players = try RememoryDict<String, Player>("tutorial_players")

changes: for try await change in players.changes() {
    switch change {
    case .inserted(let name, let player): print("\(name) came with \(player.score)")
    case .changed(let name, let old, let new): print("\(name): \(old.score) -> \(new.score)")
    case .removed(let name, _):
        print("\(name) left")
        break changes
    }
}
