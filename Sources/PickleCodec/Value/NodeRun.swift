/// The nodes of one object, as values. Reader and builder have laid them out in the graph's links, so that checking the
/// position within the run is enough. Loads only, between which no reference has to be counted.
@safe
struct NodeRun: Sendable {
    let graph: ValueGraph
    private(set) var count: Int
    nonisolated(unsafe) private var nodes: UnsafePointer<UInt32>

    /// What `node` is made of: nothing, where it is a leaf.
    @inline(__always)
    init(_ graph: ValueGraph, of node: PickleGraph.Node) {
        let storage = graph.graph.storage
        let block = storage.block(of: node)
        self.graph = graph
        count = Int(storage.links.checked(block))
        unsafe nodes = UnsafePointer(storage.links.base + block + 1)
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
}

/// Gives values one after the other: those of a graph's nodes, or else of an array.
struct ValueCursor: Sendable {
    private var nodes: NodeRun?
    private let items: [PickleValue]
    private var position = 0

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
    var count: Int { nodes?.count ?? items.count &- position }

    /// The next value, of which there must be one.
    @inline(__always)
    mutating func next() -> PickleValue {
        if let value = nodes?.removeFirst() { return value }
        defer { position &+= 1 }
        return items[position]
    }
}
