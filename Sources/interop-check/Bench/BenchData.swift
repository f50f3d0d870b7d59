/// Keys and values, the same as in `bench_peer.py`.
enum BenchData {
    /// Integers of which some take two bytes in a pickle and some four.
    static func number(_ step: Int) -> Int { step &* 40503 & 0x1ffff }

    /// `0..<n` in the order in which entries are asked for: not the one in which they lie.
    static func order(_ n: Int) -> [Int] { (0..<n).map { $0 * 7919 % n } }

    static func key(_ index: Int) -> String { "player\(index)" }
}

/// A value that takes Codable to share.
struct BenchPair: Codable, Sendable {
    var x: Int
    var y: Int

    init(_ step: Int) {
        x = BenchData.number(step)
        y = step & 0xff
    }
}

/// Goes round and round through what comes in order.
struct Carousel<Element> {
    private let elements: [Element]
    private var position = 0

    init(_ elements: [Element]) {
        self.elements = elements
    }

    @inline(__always)
    mutating func next() -> Element {
        let element = elements[position]
        position += 1
        if position == elements.count { position = 0 }
        return element
    }
}
