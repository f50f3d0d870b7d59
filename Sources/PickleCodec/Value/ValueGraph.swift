import Synchronization

/// A graph and what was found out about it, shared by all values that were taken from it.
final class ValueGraph: Sendable {
    let graph: PickleGraph

    /// Where the keys of dicts and the members of sets stand, for those that were asked.
    private let entries = Mutex<[PickleGraph.Node: GraphEntries]>([:])

    /// Which long strings have characters of Latin-1 alone, for those that were asked.
    private let latin1 = Mutex<[PickleGraph.Node: Bool]>([:])

    init(_ graph: PickleGraph) {
        self.graph = graph
    }

    /// Tells objects of different graphs apart.
    var identity: ObjectIdentifier { ObjectIdentifier(graph.storage) }

    /// The value that is `node`.
    @inline(__always)
    func value(of node: PickleGraph.Node) -> PickleValue {
        if let small = node.smallInteger { return PickleValue(storage: .int(small)) }
        let storage = graph.storage
        let record = GraphRecord(bits: storage.records.checked(Int(node.rawValue)))
        switch record.kind {
        case .none: return PickleValue(storage: .none)
        case .false: return PickleValue(storage: .bool(false))
        case .true: return PickleValue(storage: .bool(true))
        case .float: return PickleValue(storage: .double(storage.double(of: record)))
        case .integer:
            if let value = storage.int(of: record) { return PickleValue(storage: .int(value)) }
        default: break
        }
        return PickleValue(storage: .node(self, node))
    }

    /// Whether a string has characters of Latin-1 alone. A long one is looked through once.
    func canBeLatin1(_ string: PickleGraph.Node) -> Bool {
        guard let utf8 = graph.utf8(of: string) else { return false }
        if utf8.count > 64, let known = latin1.withLock({ $0[string] }) { return known }
        let result = utf8.allSatisfy { $0 < 0xc4 }
        if utf8.count > 64 { latin1.withLock { $0[string] = result } }
        return result
    }

    /// The entries of the dict or set whose children `node` lists.
    func entries(of node: PickleGraph.Node, isDict: Bool) -> GraphEntries {
        if let known = entries.withLock({ $0[node] }) { return known }
        let found = GraphEntries(self, node, isDict: isDict)
        entries.withLock { $0[node] = found }
        return found
    }
}
