/// The nodes of one object, as values. Reader and builder have laid them out in the graph's links, so that checking the
/// position within the run is enough. Loads only, between which no reference has to be counted.
@safe @usableFromInline
struct NodeRun: Sendable {
    @usableFromInline let graph: ValueGraph
    @usableFromInline var count: Int
    @usableFromInline nonisolated(unsafe) var nodes: UnsafePointer<UInt32>

    /// What `node` is made of: nothing, where it is a leaf.
    @inline(__always)
    init(_ graph: ValueGraph, of node: PickleGraph.Node) {
        let storage = graph.graph.storage
        let block = storage.block(of: node)
        self.graph = graph
        count = Int(storage.links.checked(block))
        unsafe nodes = UnsafePointer(storage.links.base + block + 1)
    }

    /// The items of a list or tuple; nil for other nodes.
    @inline(__always)
    init?(_ graph: ValueGraph, ofSequence node: PickleGraph.Node) {
        switch graph.graph.storage.kind(of: node) {
        case .list, .tuple: self.init(graph, of: node)
        default: return nil
        }
    }

    /// Keys and values of a dict whose keys are so few that a look at each two of them shows that they differ; nil for
    /// other nodes.
    @inline(__always)
    init?(_ graph: ValueGraph, ofFewPairs node: PickleGraph.Node) {
        // The graph holds its arrays: no reference to them has to be counted.
        let storage = unsafe Unmanaged.passUnretained(graph.graph.storage)
        guard unsafe storage._withUnsafeGuaranteedRef({ $0.isDictOfFewKeys(node) }) else { return nil }
        self.init(graph, of: node)
    }

    /// The value at a position from 0.
    @inline(__always)
    subscript(position: Int) -> PickleValue { graph.value(of: node(position)) }

    /// The node at a position from 0.
    @inline(__always)
    func node(_ position: Int) -> PickleGraph.Node {
        precondition(position >= 0 && position < count, "position out of range")
        return PickleGraph.Node(rawValue: unsafe nodes[position])
    }

    /// Takes the first value out.
    @inline(__always)
    mutating func removeFirst() -> PickleValue {
        let value = self[0]
        unsafe nodes += 1
        count &-= 1
        return value
    }

    /// Takes the first value out, if there is one, and it is an integer that is its node.
    @inlinable @inline(__always)
    mutating func removeFirstSmallInteger() -> Int? {
        guard count > 0, let value = unsafe PickleGraph.Node(rawValue: nodes[0]).smallInteger else { return nil }
        unsafe nodes += 1
        count &-= 1
        return value
    }
}

/// Values in order, which can be taken out from the start: those of a graph's nodes, or else of an array.
@usableFromInline struct ValueRun: Sendable {
    @usableFromInline var nodes: NodeRun?
    private let items: [PickleValue]
    private var start = 0

    @inline(__always)
    init(_ nodes: consuming NodeRun) {
        self.nodes = nodes
        items = []
    }

    init(_ items: [PickleValue]) {
        nodes = nil
        self.items = items
    }

    /// How many values are left.
    @inline(__always)
    var count: Int { nodes?.count ?? items.count &- start }

    /// The value at a position from 0.
    @inline(__always)
    subscript(position: Int) -> PickleValue { nodes?[position] ?? items[start + position] }

    /// Takes the first value out, of which there must be one.
    @inline(__always)
    mutating func removeFirst() -> PickleValue {
        if let value = nodes?.removeFirst() { return value }
        defer { start &+= 1 }
        return items[start]
    }
}

extension PickleGraph.Storage {
    /// Whether a node is a dict of at most one pair, or of at most eight whose keys are all short texts that differ.
    @inline(__always)
    fileprivate func isDictOfFewKeys(_ node: PickleGraph.Node) -> Bool {
        guard kind(of: node) == .dict else { return false }
        let block = block(of: node)
        let count = Int(links.checked(block))
        guard count > 2 else { return true }
        guard count <= 16 else { return false }
        for key in stride(from: block + 1, to: block + 1 + count, by: 2) {
            guard let text = unsafe shortText(of: PickleGraph.Node(rawValue: links.checked(key))) else { return false }
            for earlier in stride(from: block + 1, to: key, by: 2) {
                guard let other = unsafe shortText(of: PickleGraph.Node(rawValue: links.checked(earlier))),
                    unsafe text.count != other.count || !text.elementsEqual(other)
                else { return false }
            }
        }
        return true
    }
}
