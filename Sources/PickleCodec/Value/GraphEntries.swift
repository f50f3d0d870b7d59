/// Where the keys of a dict, or the members of a set, stand among its children, equal ones taken together.
@usableFromInline final class GraphEntries: Sendable {
    let index: HashIndex
    private let isDict: Bool
    /// For each entry the child that is its key or member: of equal ones the first. Empty where no two are equal: then the
    /// children are the entries, one after the other.
    private let keys: [Int32]
    /// For each entry the child that is its value: of equal keys the last.
    private let values: [Int32]

    init(_ graph: ValueGraph, _ content: PickleGraph.Node, isDict: Bool) {
        let children = graph.graph.children(of: content)
        let width = isDict ? 2 : 1
        let count = children.count / width
        var index = HashIndex(minimumCapacity: count)
        var keys: [Int32] = []
        var values: [Int32] = []
        for child in stride(from: 0, to: count * width, by: width) {
            let key = children[child]
            let hash = graph.keyHash(of: key)
            let found = index.find(hash) { entry in
                graph.areOneKey(children[keys.isEmpty ? entry * width : Int(keys[entry])], key)
            }
            if found != nil, keys.isEmpty {
                keys = (0..<index.count).map { Int32($0 * width) }
                values = isDict ? keys.map { $0 + 1 } : []
            }
            if let found {
                if isDict { values[found] = Int32(child + 1) }
                continue
            }
            index.append(hash)
            guard !keys.isEmpty else { continue }
            keys.append(Int32(child))
            if isDict { values.append(Int32(child + 1)) }
        }
        self.isDict = isDict
        (self.index, self.keys, self.values) = (index, keys, values)
    }

    /// How many different keys there are.
    var count: Int { index.count }

    /// The child that is an entry's key or member.
    func key(_ entry: Int) -> Int { keys.isEmpty ? entry * (isDict ? 2 : 1) : Int(keys[entry]) }

    /// The child that is the value of a dict's entry.
    func value(_ entry: Int) -> Int { keys.isEmpty ? entry * 2 + 1 : Int(values[entry]) }

    /// The entry whose key or member equals `key`.
    func entry(of key: PickleValue, in graph: ValueGraph, _ content: PickleGraph.Node) -> Int? {
        let children = graph.graph.children(of: content)
        return index.find(key.keyHash) { entry in
            graph.value(of: children[self.key(entry)]).equals(key)
        }
    }
}

extension ValueGraph {
    /// The hash of a key that has no children.
    func scalarKeyHash(of node: PickleGraph.Node) -> UInt64? {
        var hasher = SignatureHasher()
        if let small = node.smallInteger {
            hasher.describe(small)
            return hasher.value
        }
        if let text = unsafe graph.storage.shortText(of: node) {
            withExtendedLifetime(self) { unsafe hasher.describe(string: text) }
            return hasher.value
        }
        if let utf8 = graph.utf8(of: node) {
            hasher.describe(string: utf8)
            return hasher.value
        }
        let shape = shape(of: node)
        guard !shape.kind.hasChildren, shape.kind != .byteArray else { return nil }
        describeLeaf(node, shape, to: &hasher)
        return hasher.value
    }

    /// Whether two nodes are one key, as far as it shows without a look into what they are made of: where both are
    /// strings, or one object. Otherwise nil.
    @inline(__always)
    func haveEqualKeys(_ left: PickleGraph.Node, _ right: PickleGraph.Node) -> Bool? {
        if left == right { return true }
        let storage = graph.storage
        if let left = unsafe storage.shortText(of: left), let right = unsafe storage.shortText(of: right) {
            return withExtendedLifetime(self) { unsafe left.count == right.count && left.elementsEqual(right) }
        }
        guard let left = graph.utf8(of: left), let right = graph.utf8(of: right) else { return nil }
        return left.elementsEqual(right)
    }
}

extension PickleValue {
    /// The hash of the value as a key, the same for keys that Python takes as one.
    var keyHash: UInt64 {
        var hasher = SignatureHasher()
        switch storage {
        case .none: hasher.describeNone()
        case .bool(let value): hasher.describe(value ? 1 : 0)
        case .int(let value): hasher.describe(value)
        case .double(let value):
            if value.isNaN { hasher.add(.notANumber) } else { hasher.describe(value) }
        case .string(let text): hasher.describe(string: text.utf8)
        case .shortText(let text): hasher.describe(text)
        case .node(let graph, let node): return graph.keyHash(of: node)
        case .container: return frozen.keyHash
        }
        return hasher.value
    }
}
