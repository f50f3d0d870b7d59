extension PickleGraph {
    /// The same graph with one of each object that CPython has only once, however often its pickle builds them: see
    /// ``Builder``.
    ///
    /// - Complexity: linear in the graph.
    package func sharingSingletons() -> PickleGraph {
        var builder = Builder()
        let root = builder.splice(self, root)
        return builder.finish(root: root)
    }

    /// The same graph with other items in its outermost list or dict (key and value by turns).
    ///
    /// The outermost container stays the same object: whoever refers to it in a cycle sees the new items.
    ///
    /// - Complexity: linear in the graph.
    package func replacingRootItems(with items: [Node]) -> PickleGraph {
        precondition(kind(of: root) == .dict || kind(of: root) == .list, "the root has no items")
        let records = storage.records.copied()
        var links = storage.links.copied()
        let index = Int(root.rawValue)
        records[index] = GraphRecord(kind(of: root), links.count).bits
        links.append(UInt32(items.count))
        for item in items { links.append(item.rawValue) }
        let edited = Storage(
            input: storage.input, extra: storage.extra, records: records, links: links, twins: storage.twins)
        return PickleGraph(storage: edited, root: root)
    }
}
