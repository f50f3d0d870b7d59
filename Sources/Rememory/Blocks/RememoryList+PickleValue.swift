public import PickleCodec

/// Changes from one Python value: in canonical layout, what its items share is shared in the segment, as Python writes it.
extension RememoryList where Element == PickleValue {
    /// Adds the items of a list or tuple at the end, with one commit: Python's `l.extend(list)`.
    ///
    /// - Throws: ``RememoryError``, or an `EncodingError` if the value is neither. Nothing has changed then.
    /// - Complexity: linear in the items, amortized. Linear in the content in canonical layout.
    public func append(itemsOf list: PickleValue) throws {
        let graph = try graph(of: list)
        guard journal.layout == .canonical else { return try append(contentsOf: list.elements) }
        try locked(nil) { access in
            try journal.replaceItems(from: journal.index.count, with: graph, &access)
        }
    }

    /// Makes the items of a list or tuple all there is, with one commit: Python's `l[:] = list`.
    ///
    /// - Throws: ``RememoryError``, or an `EncodingError` if the value is neither. Nothing has changed then.
    /// - Complexity: linear in the items.
    public func replaceAll(withItemsOf list: PickleValue) throws {
        let graph = try graph(of: list)
        guard journal.layout == .canonical else { return try replaceAll(with: list.elements) }
        try lockedToReplace { access in
            try journal.replaceItems(from: 0, with: graph, &access)
        }
    }

    private func graph(of list: PickleValue) throws -> PickleGraph {
        let graph = list.graph
        guard [.list, .tuple].contains(graph.kind(of: graph.root)) else {
            throw EncodingError.invalidValue(
                list, .init(codingPath: [], debugDescription: "expected a list, found \(list.repr(limit: 100))"))
        }
        return graph
    }
}
