public import PickleCodec

/// Changes from one Python value: in canonical layout, what its parts share is shared in the segment, as Python writes it.
extension RememoryDict where Key == PickleValue, Value == PickleValue {
    /// Sets all pairs of a dict with one commit, all or nothing: Python's `d.update(dict)`.
    ///
    /// - Throws: ``RememoryError``, or an `EncodingError` if the value is no dict. Nothing has changed then.
    /// - Complexity: linear in the pairs, amortized. Linear in the content in canonical layout.
    public func merge(pairsOf dict: PickleValue) throws {
        try checkDict(dict)
        guard journal.layout == .canonical, let graph = graph(of: dict) else { return try merge(dict.pairs) }
        try locked(nil) { access in
            guard graph.children(of: graph.root).count > 0 else { return }
            try journal.merge(graph, forms: try forms(of: graph), &access)
        }
    }

    /// Makes the pairs of a dict all there is, with one commit, also where the content can't be read.
    ///
    /// - Throws: ``RememoryError``, or an `EncodingError` if the value is no dict. Nothing has changed then.
    /// - Complexity: linear in the pairs.
    public func replaceAll(withPairsOf dict: PickleValue) throws {
        try checkDict(dict)
        guard journal.layout == .canonical, let graph = graph(of: dict) else { return try replaceAll(with: dict.pairs) }
        try lockedToReplace { access in
            let forms = try forms(of: graph)
            guard Set(forms).count == forms.count else { return try replaceAll(with: dict.pairs) }
            try journal.replace(with: graph.sharingSingletons(), &access)
        }
    }

    private func checkDict(_ value: PickleValue) throws {
        guard value.kind == .dict else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: [], debugDescription: "expected a dict, found \(value.repr(limit: 100))"))
        }
    }

    private func graph(of dict: PickleValue) -> PickleGraph? {
        let graph = dict.graph
        return graph.kind(of: graph.root) == .dict ? graph : nil
    }

    private func forms(of dict: PickleGraph) throws -> [KeyForm] {
        let nodes = dict.children(of: dict.root)
        return try stride(from: 0, to: nodes.count, by: 2).map { place in
            try keyCodec.form(of: PickleValue(dict.rooted(at: nodes[place])))
        }
    }
}
