/// Keys of dicts that were met, so that equal ones become one node.
struct SharedKeys {
    private var index = HashIndex()
    private var entries: [(text: [UInt8], node: PickleGraph.Node)] = []

    /// The node that the same UTF-8 had before, or else the one that `make` gives.
    mutating func node(
        of utf8: some Collection<UInt8>, make: () -> PickleGraph.Node
    ) -> PickleGraph.Node {
        var hasher = SignatureHasher()
        hasher.describe(string: utf8)
        let hash = hasher.value
        if let entry = index.find(hash, where: { entries[$0].text.elementsEqual(utf8) }) { return entries[entry].node }
        let node = make()
        index.append(hash)
        entries.append((Array(utf8), node))
        return node
    }

    /// The node that the same text had before, or else the one that `make` gives.
    mutating func node(of text: String, make: () -> PickleGraph.Node) -> PickleGraph.Node {
        node(of: text.utf8, make: make)
    }
}
