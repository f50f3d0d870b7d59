/// Some nodes of a graph, in order: a part of its links, or nodes put together.
struct NodeList {
    /// The graph whose links these are, or `nil` if they stand in `nodes`.
    private let storage: PickleGraph.Storage?
    private let nodes: [UInt32]
    private var start: Int
    private(set) var count: Int

    init(_ children: PickleGraph.Children) {
        storage = children.storage
        nodes = []
        start = children.start
        count = children.count
    }

    init(_ nodes: [PickleGraph.Node]) {
        storage = nil
        self.nodes = nodes.map(\.rawValue)
        start = 0
        count = nodes.count
    }

    /// Goes on to other children, mostly of the same graph.
    @inline(__always)
    mutating func show(_ children: PickleGraph.Children) {
        if storage === children.storage {
            start = children.start
            count = children.count
        } else {
            self = NodeList(children)
        }
    }

    var indices: Range<Int> { 0..<count }

    @inline(__always)
    subscript(index: Int) -> PickleGraph.Node {
        PickleGraph.Node(rawValue: storage?.links.checked(start + index) ?? nodes[index])
    }
}
