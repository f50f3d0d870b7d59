/// One piece of a printed value.
enum Piece {
    case text(StaticString)
    case bytes([UInt8])
    case node(PickleGraph.Node)
}

extension [Piece] {
    /// Items with commas between them, `[1, 2]`.
    static func sequence(
        _ start: StaticString, _ items: some Collection<PickleGraph.Node>, _ end: StaticString
    ) -> [Piece] {
        var pieces: [Piece] = [.text(start)]
        pieces.reserveCapacity(items.count * 2 + 1)
        for (position, item) in items.enumerated() {
            if position > 0 { pieces.append(.text(", ")) }
            pieces.append(.node(item))
        }
        pieces.append(.text(end))
        return pieces
    }

    /// Keys and values, given in turn, as Python's `{'a': 1}`.
    static func dict(_ pairs: [PickleGraph.Node]) -> [Piece] {
        var pieces: [Piece] = [.text("{")]
        pieces.reserveCapacity(pairs.count * 2 + 1)
        for position in stride(from: 0, to: pairs.count - 1, by: 2) {
            if position > 0 { pieces.append(.text(", ")) }
            pieces += [.node(pairs[position]), .text(": "), .node(pairs[position + 1])]
        }
        pieces.append(.text("}"))
        return pieces
    }
}
