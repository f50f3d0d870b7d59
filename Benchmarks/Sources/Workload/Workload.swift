/// The keys, values and their order that every system is given; `sidebyside/workload.py` has the same.
public enum Workload {
    /// The key of an entry.
    public static func key(_ index: Int) -> String { "player\(index)" }

    /// The value that is written in a step: integers of which some take two bytes in a pickle and some four.
    public static func number(_ step: Int) -> Int { step &* 40503 & 0x1ffff }

    /// `0..<n` in the order in which entries are asked for, which is not the one in which they lie.
    public static func order(_ n: Int) -> [Int] { (0..<n).map { $0 * 7919 % n } }
}

/// Goes round and round through a dict's keys, a list's positions, or what else comes in order.
public struct Carousel<Element> {
    @usableFromInline let elements: [Element]
    @usableFromInline var position = 0

    /// - Parameter elements: what comes, at least one.
    public init(_ elements: [Element]) {
        precondition(!elements.isEmpty, "nothing can go round")
        self.elements = elements
    }

    /// The next one.
    @inlinable
    public mutating func next() -> Element {
        let element = elements[position]
        position += 1
        if position == elements.count { position = 0 }
        return element
    }
}
