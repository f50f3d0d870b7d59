import Synchronization

/// A graph and what was found out about it, shared by all values that were taken from it.
@usableFromInline final class ValueGraph: Sendable {
    let graph: PickleGraph

    /// Where the keys of dicts and the members of sets stand, for those that were asked.
    private let entries = Mutex<[PickleGraph.Node: GraphEntries]>([:])

    /// What is known of keys that are made of others: each may stand in the next, and is looked into once.
    private let keys = Mutex((hash: Meaning(.hash), exact: Meaning(.exact)))

    /// Which long strings have characters of Latin-1 alone, for those that were asked.
    private let latin1 = Mutex<[PickleGraph.Node: Bool]>([:])

    init(_ graph: PickleGraph) {
        self.graph = graph
    }

    /// Tells objects of different graphs apart.
    var identity: ObjectIdentifier { ObjectIdentifier(graph.storage) }

    /// The value that is `node`. A short text is taken out, so that no reference to the graph is to be counted for it.
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
        case .string:
            if let text = unsafe storage.shortText(of: record),
                let short = unsafe ShortText(UnsafeRawBufferPointer(text))
            {
                return PickleValue(storage: .shortText(short))
            }
        default: break
        }
        return PickleValue(storage: .node(self, node))
    }

    /// The value that is `node`, for a list, dict or set that is about to change: texts stay the objects that they are in
    /// the graph, which may refer to them elsewhere.
    func item(_ node: PickleGraph.Node) -> PickleValue {
        let value = value(of: node)
        guard case .shortText = value.storage else { return value }
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

    /// The hash of a node as a key of a dict or a member of a set.
    func keyHash(of node: PickleGraph.Node) -> UInt64 {
        scalarKeyHash(of: node) ?? keys.withLock { $0.hash.keyNumber(of: node, in: self) }
    }

    /// Whether two nodes are the same key.
    func areOneKey(_ left: PickleGraph.Node, _ right: PickleGraph.Node) -> Bool {
        haveEqualKeys(left, right)
            ?? keys.withLock { $0.exact.keyNumber(of: left, in: self) == $0.exact.keyNumber(of: right, in: self) }
    }

    /// The entries of the dict or set whose children `node` lists.
    ///
    /// - Parameter isForOnce: Whether they are kept only where equal ones are among them: few values then stand for many.
    func entries(of node: PickleGraph.Node, isDict: Bool, isForOnce: Bool = false) -> GraphEntries {
        if let known = entries.withLock({ $0[node] }) { return known }
        let found = GraphEntries(self, node, isDict: isDict)
        if !isForOnce || found.count * (isDict ? 2 : 1) < graph.children(of: node).count {
            entries.withLock { $0[node] = found }
        }
        return found
    }
}
