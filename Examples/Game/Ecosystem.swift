/// One kind of living thing, as Python sees it: a dict with these keys.
struct Species: Codable, Sendable {
    var count: Int
    var born = 0
    var died = 0
}

/// A small world in which rabbits eat grass and foxes eat rabbits.
struct Ecosystem {
    var grass: Species
    var rabbits: Species
    var foxes: Species

    /// Lets one tick go by.
    mutating func advance() {
        let eaten = min(grass.count * 3 / 10, rabbits.count * 2)
        let caught = min(rabbits.count / 4, foxes.count * rabbits.count / 250)
        let hungry = rabbits.count * 2 - eaten
        Self.change(&grass, born: (1000 - grass.count) / 20, died: eaten)
        Self.change(&rabbits, born: eaten / 5, died: caught + hungry / 8)
        Self.change(&foxes, born: caught / 3, died: foxes.count / 10)
    }

    private static func change(_ species: inout Species, born: Int, died: Int) {
        species.born += max(0, born)
        species.died += max(0, died)
        species.count = max(2, species.count + max(0, born) - max(0, died))
    }
}
