// Takes over parts of other graphs into one that is being built.
//
//     there   5 list → links 9 (2, 7, 6)       6 str 'a'
//     here    3 list → links 1 (2, 7, 4)       4 str 'a'           splice.nodes: 5 → 3, 6 → 4
//
// An object gets its record when it is met, its children later: so cycles close, and nothing recurses.

extension PickleGraph.Builder {
    /// A graph that was spliced in: its storage, kept alive, and which of its objects is which here.
    struct Splice {
        var storage: PickleGraph.Storage
        var nodes: [UInt32: UInt32] = [:]
    }

    /// Takes over an object of another graph with everything that it reaches, identities kept: what two splices of one
    /// graph share is shared here.
    ///
    /// - Complexity: O(n) in the size of what is taken over for the first time; no recursion.
    package mutating func splice(_ graph: PickleGraph, _ root: PickleGraph.Node) -> PickleGraph.Node {
        let id = ObjectIdentifier(graph.storage)
        var splice = splices.removeValue(forKey: id) ?? Splice(storage: graph.storage)
        var open: [(from: UInt32, to: Int)] = []
        let node = take(root, of: graph, into: &splice, open: &open)
        while let (from, to) = open.popLast() {
            let record = graph.record(of: PickleGraph.Node(rawValue: from))
            let (block, isObject) = (record.payload, record.kind.isObject)
            let target = links.count
            let count =
                isObject ? graph.storage.links.objectWordCount(at: block) : 1 + Int(graph.storage.links[block])
            unsafe links.append(from: graph.storage.links.base + block, count: count)
            var taken = GraphRecord(bits: records[to])
            taken.payload = target
            records[to] = taken.bits
            var index = target
            var left = Int(links[index])
            var operationsLeft = isObject ? -1 : 0  // -1: their count stands behind the parts
            while true {
                for child in index + 1..<index + 1 + left {
                    let original = PickleGraph.Node(rawValue: links[child])
                    let taken = take(original, of: graph, into: &splice, open: &open)
                    links[child] = taken.rawValue
                }
                index += left + 1
                if operationsLeft < 0 {
                    operationsLeft = Int(links[index])
                    index += 1
                }
                guard operationsLeft > 0 else { break }
                operationsLeft -= 1
                index += 1
                left = Int(links[index])
            }
        }
        splices[id] = splice
        return node
    }

    /// The name of a class or function that Python finds by just that name: then it is one object, however often it is
    /// named.
    private func plainName(of node: PickleGraph.Node, in graph: PickleGraph) -> PythonName? {
        guard !graph.hasPython2Name(node), graph.operations(of: node).isEmpty else { return nil }
        let parts = graph.children(of: node).map { graph.string(of: $0) }
        guard parts.count == 2, let module = parts[0], let name = parts[1] else { return nil }
        return PythonName(module: module, name: name)
    }

    /// Gives the node here for one there, adding its record if it is new.
    private mutating func take(
        _ node: PickleGraph.Node, of graph: PickleGraph, into splice: inout Splice,
        open: inout [(from: UInt32, to: Int)]
    ) -> PickleGraph.Node {
        guard node.rawValue > 2, node.smallInteger == nil else { return node }
        if let known = splice.nodes[node.rawValue] { return PickleGraph.Node(rawValue: known) }
        let record = graph.record(of: node)
        if record.kind == .global, let name = plainName(of: node, in: graph) {
            let taken = global(name)
            splice.nodes[node.rawValue] = taken.rawValue
            return taken
        }
        let taken: PickleGraph.Node
        switch record.kind {
        case .string:
            let leaf = graph.leaf(of: node)
            taken = string(checkedUTF8: leaf.source[leaf.data], hasSurrogates: record.has(GraphRecord.special))
        case .bytes where graph.leaf(of: node).data.isEmpty:
            // CPython's unpickler makes new objects of all others, single bytes included.
            let none: [UInt8] = []
            taken = bytes(none)
        case .tuple where record.payload == 0:
            let none: [PickleGraph.Node] = []
            taken = tuple(none)
        case _ where record.kind.isLeaf:
            let leaf = graph.leaf(of: node)
            let position = extra.count
            extra.append(leaf.source[record.payload..<leaf.data.upperBound])
            taken = add(record.kind, position, flags: record.flags | GraphRecord.inExtra)
        default:
            taken = add(record.kind, 0, flags: record.flags & ~GraphRecord.roomy)
            if record.payload != 0 { open.append((node.rawValue, Int(taken.rawValue))) }
            if let others = graph.storage.twins[node.rawValue] {
                // A twin's record is like any other; it has no twins itself.
                twins[taken.rawValue] = others.map { other in
                    let twin = add(record.kind, 0, flags: 0)
                    open.append((other, Int(twin.rawValue)))
                    return twin.rawValue
                }
            }
        }
        splice.nodes[node.rawValue] = taken.rawValue
        return taken
    }
}
