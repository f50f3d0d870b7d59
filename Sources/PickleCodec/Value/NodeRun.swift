/// The nodes of one object, as values. Reader and builder have laid them out in the graph's links, so that checking the
/// position within the run is enough.
struct NodeRun: Sendable {
    let graph: ValueGraph
    private let start: Int
    let count: Int

    init(_ graph: ValueGraph, _ children: PickleGraph.Children) {
        self.graph = graph
        start = children.start
        count = children.count
    }

    /// The value at a position from 0.
    @inline(__always)
    subscript(position: Int) -> PickleValue {
        precondition(position >= 0 && position < count, "position out of range")
        return graph.value(of: PickleGraph.Node(rawValue: graph.graph.storage.links[start &+ position]))
    }
}
