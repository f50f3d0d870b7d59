// What makes two values equal in Python, as one number a value: equal values get equal numbers.
//
// Every node gets a *signature*: words that say its type and content, in which its children stand as their numbers.
// So a shared child counts once, and the work is linear in the graph, not in the tree that it unfolds to.
//
//     x = ('a', 1); [x, x, 1.0]
//     'a'            [string, 1, 0x61]       → 0
//     1 and 1.0      [integer, 1]            → 1
//     x              [tuple, 0, 1]           → 2
//     the list       [list, 2, 2, 1]         → 3
//
// The children of a set are sorted by number, and so are the pairs of a dict, by key.
//
// A number is either a hash of the signature (`hash`: the same in all graphs of the process), or the place of the
// signature in a table (`exact`: different signatures have different numbers, good within this `Meaning`).
//
// What reaches a cycle unfolds without end, so it has no number. A cyclic value never equals one that is not;
// `PickleValue.equals` deals with two cyclic ones.

/// Numbers the values of graphs so that equal ones have equal numbers.
struct Meaning {
    enum Numbering {
        case hash, exact
    }

    /// What was found out about a node.
    struct Finding {
        /// Nil where the node is part of a cycle or refers to one.
        var number: UInt64?
        /// Whether Python would take it as a key. An object counts as one, whatever its class says.
        var isHashable: Bool
    }

    private enum Visit {
        case open
        case done(Finding)
    }

    private struct Frame {
        var node: PickleGraph.Node
        var kind: PickleValue.Kind
        var firstChild: Int
        var nextChild: Int
        var firstFinding: Int
    }

    private let numbering: Numbering
    private var table = SignatureTable()
    private var signature: [UInt64] = []

    typealias Shape = ValueGraph.Shape

    // Of the graph at hand; the last three are stacks:
    private var visits: [PickleGraph.Node: Visit] = [:]
    /// The numbers of bytes and bytearrays by the node that holds their content.
    private var contents: [PickleGraph.Node: UInt64] = [:]
    private var frames: [Frame] = []
    private var children: [PickleGraph.Node] = []
    private var findings: [Finding] = []

    init(_ numbering: Numbering) {
        self.numbering = numbering
    }

    /// What there is to say about `node`. All calls are for nodes of one graph, until `leaveGraph()`.
    mutating func finding(of root: PickleGraph.Node, in graph: ValueGraph) -> Finding {
        open(root, in: graph)
        while var frame = frames.popLast() {
            if frame.nextChild < children.count {
                let child = children[frame.nextChild]
                frame.nextChild += 1
                frames.append(frame)
                open(child, in: graph)
            } else {
                let finding = close(frame, in: graph)
                children.removeSubrange(frame.firstChild...)
                findings.removeSubrange(frame.firstFinding...)
                findings.append(finding)
                visits[frame.node] = .done(finding)
            }
        }
        return findings.removeLast()
    }

    /// The number of `node` as a key of a dict: what Python would not take as a key equals itself alone.
    mutating func keyNumber(of node: PickleGraph.Node, in graph: ValueGraph) -> UInt64 {
        let finding = finding(of: node, in: graph)
        if let number = finding.number, finding.isHashable { return number }
        signature.removeAll(keepingCapacity: true)
        signature.add(.identity)
        graph.describeIdentity(of: node, to: &signature)
        return finish()
    }

    /// Makes ready for the nodes of another graph.
    mutating func leaveGraph() {
        visits = [:]
        contents = [:]
    }

    private mutating func open(_ node: PickleGraph.Node, in graph: ValueGraph) {
        switch visits[node] {
        case .done(let finding): return findings.append(finding)
        case .open: return findings.append(Finding(number: nil, isHashable: false))
        case nil: break
        }
        let shape = graph.shape(of: node)
        guard shape.kind.hasChildren else {
            findings.append(leafFinding(of: node, shape, in: graph))
            return
        }
        visits[node] = .open
        frames.append(
            Frame(
                node: node, kind: shape.kind, firstChild: children.count, nextChild: children.count,
                firstFinding: findings.count))
        graph.appendChildren(of: node, shape, to: &children)
    }

    private mutating func leafFinding(of node: PickleGraph.Node, _ shape: Shape, in graph: ValueGraph) -> Finding {
        // A long content is read once, however many leaves refer to it.
        if shape.kind == .bytes || shape.kind == .byteArray, let number = contents[shape.content] {
            return Finding(number: number, isHashable: shape.kind == .bytes)
        }
        signature.removeAll(keepingCapacity: true)
        graph.describeLeaf(node, shape, to: &signature)
        let finding = Finding(number: finish(), isHashable: shape.kind != .byteArray)
        if signature.count > 8 {
            if shape.kind == .bytes || shape.kind == .byteArray {
                contents[shape.content] = finding.number
            } else {
                visits[node] = .done(finding)
            }
        }
        return finding
    }

    private mutating func close(_ frame: Frame, in graph: ValueGraph) -> Finding {
        let parts = findings[frame.firstFinding...]
        var isHashable = true
        signature.removeAll(keepingCapacity: true)
        switch frame.kind {
        case .list, .dict, .set: isHashable = false
        case .tuple, .frozenSet: isHashable = parts.allSatisfy(\.isHashable)
        default: break
        }
        guard parts.allSatisfy({ $0.number != nil }) else { return Finding(number: nil, isHashable: false) }
        let numbers = parts.lazy.map { $0.number ?? 0 }
        switch frame.kind {
        case .list, .tuple:
            signature.add(frame.kind == .list ? .list : .tuple)
            signature.append(contentsOf: numbers)
        case .set, .frozenSet:
            signature.add(.set)
            var last: UInt64?
            for number in numbers.sorted() where number != last {
                signature.add(number)
                last = number
            }
        case .dict:
            signature.add(.dict)
            appendPairs(Array(numbers))
        default:
            signature.add(.object)
            graph.describeOperations(of: frame.node, to: &signature)
            signature.append(contentsOf: numbers)
        }
        return Finding(number: finish(), isHashable: isHashable)
    }

    /// Appends key, value … by ascending key, with the last value for each key.
    private mutating func appendPairs(_ numbers: [UInt64]) {
        let order = stride(from: 0, to: numbers.count - 1, by: 2).sorted {
            (numbers[$0], $0) < (numbers[$1], $1)
        }
        for (position, pair) in order.enumerated() {
            if position + 1 < order.count, numbers[order[position + 1]] == numbers[pair] { continue }
            signature.add(numbers[pair])
            signature.add(numbers[pair + 1])
        }
    }

    private mutating func finish() -> UInt64 {
        switch numbering {
        case .exact: return table.number(of: signature)
        case .hash:
            var hasher = SignatureHasher()
            for word in signature { hasher.add(word) }
            return hasher.value
        }
    }
}

extension PickleValue.Kind {
    /// Whether values of the kind may refer to others.
    var hasChildren: Bool {
        switch self {
        case .none, .bool, .integer, .float, .string, .bytes, .byteArray, .python2String: false
        case .tuple, .list, .dict, .set, .frozenSet, .global, .object: true
        }
    }
}

extension ValueGraph {
    /// The name of a global by which it is compared; nil where it is no text.
    private func nameInPython3(of node: PickleGraph.Node) -> PythonName? {
        guard let name = graph.globalName(of: node), !name.description.unicodeScalars.contains("\u{fffd}") else {
            return nil
        }
        return graph.hasPython2Name(node) ? name.inPython3 : name
    }

    /// Appends all nodes that `node` refers to, in order: those of its construction, then those of its operations. A name
    /// is no such node.
    func appendChildren(of node: PickleGraph.Node, _ shape: Shape, to children: inout [PickleGraph.Node]) {
        guard shape.content != .none else { return }
        if nameInPython3(of: node) == nil { children.append(contentsOf: graph.children(of: shape.content)) }
        guard shape.kind == .object || shape.kind == .global else { return }
        for (_, nodes) in graph.operations(of: node) { children.append(contentsOf: nodes) }
    }

    /// Describes how the children of an object are to be understood.
    func describeOperations(of node: PickleGraph.Node, to signature: inout [UInt64]) {
        let kind = graph.kind(of: node)
        signature.append(UInt64(kind.rawValue))
        signature.append(UInt64(graph.children(of: node).count))
        if let name = nameInPython3(of: node) {
            // The protocol in which it stands does not count.
            signature.describe(bytes: name.module.utf8)
            signature.describe(bytes: name.name.utf8)
        }
        for (operation, nodes) in graph.operations(of: node) {
            signature.append(UInt64(operation.rawValue) << 32 | UInt64(nodes.count))
        }
    }

    func describeLeaf(_ node: PickleGraph.Node, _ shape: Shape, to signature: inout some SignatureSink) {
        switch shape.kind {
        case .none: signature.describeNone()
        case .bool: signature.describe(graph.kind(of: node) == .true ? 1 : 0)
        case .integer:
            if let small = graph.int(of: node) {
                signature.describe(small)
            } else if let large = graph.integer(of: node) {
                signature.describe(large)
            }
        case .float:
            let value = graph.double(of: node) ?? .nan
            if value.isNaN {
                signature.add(.notANumber)
                describeIdentity(of: node, to: &signature)
            } else {
                signature.describe(value)
            }
        case .string: signature.describe(string: bytes(of: node))
        case .python2String:
            let content = bytes(of: node)
            if content.allSatisfy({ $0 < 0x80 }) {
                signature.describe(string: content)
            } else {
                signature.add(.python2String)
                signature.describe(bytes: content)
            }
        case .bytes, .byteArray:
            signature.add(.bytes)
            signature.describe(bytes: content(ofBytes: shape))
        default: describeIdentity(of: node, to: &signature)
        }
    }

    func describeIdentity(of node: PickleGraph.Node, to signature: inout some SignatureSink) {
        signature.add(UInt64(UInt(bitPattern: identity.hashValue)))
        signature.add(UInt64(node.rawValue))
    }
}
