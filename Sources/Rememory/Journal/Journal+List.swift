import PickleCodec

extension Journal where Index == ListIndex {
    /// Appends items with one commit.
    ///
    /// - Complexity: linear in the items, amortized; linear in the content in canonical layout.
    func appendItems(_ items: [[UInt8]], _ access: inout SegmentAccess) throws {
        guard !items.isEmpty else { return }
        if layout == .journal {
            var instructions = [Opcode.mark]
            for item in items { instructions.append(contentsOf: item) }
            instructions.append(Opcode.appends)
            instructions.append(Opcode.stop)
            if try append(instructions, access) { return }
        }
        try rewrite(kept(0..<index.count) + items.map { .new($0) }, &access)
    }

    /// Sets the item at an index that exists.
    func setItem(_ position: Int, to item: [UInt8], _ access: inout SegmentAccess) throws {
        if layout == .journal {
            if try patch(index.items[position].extent, with: item, access) { return }
            var instructions = [Opcode.mark]
            PlainValue.append(position, to: &instructions)
            instructions.append(contentsOf: item)
            instructions.append(Opcode.setItems)
            instructions.append(Opcode.stop)
            if try append(instructions, access) {
                if index.weight.wantsCompaction { try rewrite(kept(0..<index.count), &access) }
                return
            }
        }
        try replaceItems(in: position..<position + 1, with: [item], &access)
    }

    /// Puts items in the place of a range of others.
    ///
    /// - Complexity: linear in the content.
    func replaceItems(in range: Range<Int>, with items: [[UInt8]], _ access: inout SegmentAccess) throws {
        try rewrite(
            kept(0..<range.lowerBound) + items.map { .new($0) } + kept(range.upperBound..<index.count), &access)
    }

    /// Keeps the items at these positions, in this order.
    func reorder(_ positions: some Sequence<Int>, _ access: inout SegmentAccess) throws {
        try rewrite(positions.map { .kept(index.items[$0].extent, node: $0) }, &access)
    }

    private func kept(_ range: Range<Int>) -> [Part] {
        range.map { .kept(index.items[$0].extent, node: $0) }
    }

    private func rewrite(_ parts: [Part], _ access: inout SegmentAccess) throws {
        try replace(with: program(of: parts, access), &access)
    }
}
