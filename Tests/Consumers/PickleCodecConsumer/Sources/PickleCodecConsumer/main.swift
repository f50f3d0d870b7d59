import PickleCodec

struct Player: Codable {
    var score: Int
    var level: Int
}

let pickle = try PickleEncoder().encode(["ann": Player(score: 10, level: 2)])
let players = try PickleDecoder().decode([String: Player].self, from: pickle)
let value = try PickleValue(pickle: pickle)
let inspection = try PickleInspection(pickle)
print(players["ann"]?.score ?? 0, value, inspection.globals.count, PickleListing(pickle).lines.count)
