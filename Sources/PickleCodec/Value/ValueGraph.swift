import Synchronization

/// A graph and what was found out about it, shared by all values that were taken from it.
final class ValueGraph: Sendable {
    let graph: PickleGraph

    /// Where the keys of dicts and the members of sets stand, for those that were asked.
    private let entries = Mutex<[PickleGraph.Node: GraphEntries]>([:])

    init(_ graph: PickleGraph) {
        self.graph = graph
    }

    /// Tells objects of different graphs apart.
    var identity: ObjectIdentifier { ObjectIdentifier(graph.storage) }

    /// The value that is `node`.
    func value(of node: PickleGraph.Node) -> PickleValue {
        if let small = node.smallInteger { return PickleValue(small) }
        switch graph.kind(of: node) {
        case .none: return PickleValue()
        case .false: return PickleValue(false)
        case .true: return PickleValue(true)
        case .float:
            if let value = graph.double(of: node) { return PickleValue(value) }
        case .integer:
            if let value = graph.int(of: node) { return PickleValue(value) }
        default: break
        }
        return PickleValue(storage: .node(self, node))
    }

    /// Runs `find` with the entries of the dict or set whose children `node` lists.
    func entries(of node: PickleGraph.Node, isDict: Bool) -> GraphEntries {
        if let known = entries.withLock({ $0[node] }) { return known }
        let found = GraphEntries(self, node, isDict: isDict)
        entries.withLock { $0[node] = found }
        return found
    }
}
