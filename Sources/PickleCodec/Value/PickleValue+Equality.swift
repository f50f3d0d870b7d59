extension PickleValue: Hashable {
    /// Python's `left == right`.
    ///
    /// As in Python: `1`, `1.0` and `True` are equal; a list never equals a tuple; a set equals a frozenset with equal
    /// members, and bytes equal a bytearray; the order of dicts and sets does not count; a NaN equals itself only as
    /// the same object inside of something else.
    ///
    /// Other than Python, which would have to run their classes' code: objects are equal when they are built in the
    /// same way (`Decimal('1.0')` and `Decimal('1')` are not), and cyclic values are equal when they unfold to
    /// the same, where Python raises `RecursionError`. A Python 2 `str` in ASCII equals the `str`.
    ///
    /// - Complexity: linear in the size of both values' pickles.
    public static func == (left: PickleValue, right: PickleValue) -> Bool {
        left.equals(right)
    }

    /// Hashes so that equal values have equal hashes.
    ///
    /// - Complexity: linear in the size of the value's pickle.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(meaningHash)
    }

    private var meaningHash: UInt64 {
        guard case .node(let graph, let node) = frozen.storage, graph.scalarKeyHash(of: node) == nil else {
            return keyHash
        }
        var meaning = Meaning(.hash)
        return meaning.finding(of: node, in: graph).number ?? UInt64(kind.rawValue)
    }

    func equals(_ other: PickleValue) -> Bool {
        switch (storage, other.storage) {
        case (.string(let left), .string(let right)):
            return left.utf8.elementsEqual(right.utf8)
        case (.shortText(let left), .shortText(let right)): return left == right
        case (.shortText(let text), _): return PickleValue(text.string).equals(other)
        case (_, .shortText(let text)): return equals(PickleValue(text.string))
        case (.string(let text), .node(let graph, let node)), (.node(let graph, let node), .string(let text)):
            return graph.isString(node, equalTo: text)
        case (.none, .none): return true
        case (.double(let left), .double(let right)): return left == right
        case (.double(let float), .node(let graph, let node)), (.node(let graph, let node), .double(let float)):
            guard let integer = graph.graph.integer(of: node) else { return false }
            return PickleInteger(exactly: float) == integer
        case (.double(let float), _): return other.smallNumber.map { Int(exactly: float) == $0 } ?? false
        case (_, .double(let float)): return smallNumber.map { Int(exactly: float) == $0 } ?? false
        case (.node(let graph, let node), .node(let otherGraph, let otherNode)):
            return graph.isEqual(node, otherNode, in: otherGraph)
        case (.container(let left), .container(let right)):
            if left === right { return true }
            return frozen.equals(other.frozen)
        case (.container, .node), (.node, .container):
            return frozen.equals(other.frozen)
        default:
            guard let left = smallNumber, let right = other.smallNumber else { return false }
            return left == right
        }
    }

    private var smallNumber: Int? {
        switch storage {
        case .bool(let value): value ? 1 : 0
        case .int(let value): value
        default: nil
        }
    }
}

extension ValueGraph {
    fileprivate func isString(_ node: PickleGraph.Node, equalTo text: String) -> Bool {
        switch graph.kind(of: node) {
        case .string: bytes(of: node).elementsEqual(text.utf8)
        case .python2String: bytes(of: node).allSatisfy { $0 < 0x80 } && bytes(of: node).elementsEqual(text.utf8)
        default: false
        }
    }

    fileprivate func isEqual(_ node: PickleGraph.Node, _ otherNode: PickleGraph.Node, in other: ValueGraph) -> Bool {
        let isOneGraph = identity == other.identity
        if isOneGraph, node == otherNode { return true }
        if isTwin(node, otherNode, in: other) { return true }
        var left = Meaning(.exact)
        let number = left.finding(of: node, in: self).number
        var right = left
        if !isOneGraph { right.leaveGraph() }
        let otherNumber = right.finding(of: otherNode, in: other).number
        if number != nil || otherNumber != nil { return number == otherNumber }
        var cycles = CycleComparison(self, left, other, right)
        return cycles.areEqual(node, otherNode)
    }

    /// Whether both nodes unfold to the same in the same order, as far as a walk over both at once can say that in
    /// no more steps than the graphs have parts. This is the way of most equal values; others are looked into further.
    private func isTwin(_ node: PickleGraph.Node, _ otherNode: PickleGraph.Node, in other: ValueGraph) -> Bool {
        let isOneGraph = identity == other.identity
        let partByteCount = MemoryLayout<PickleGraph.Node>.size
        var steps = (graph.memoryByteCount + other.graph.memoryByteCount) / partByteCount
        var pending = [(node, otherNode)]
        while let (left, right) = pending.popLast() {
            if isOneGraph, left == right { continue }
            if left.smallInteger != nil || right.smallInteger != nil {
                guard left == right else { return false }
                continue
            }
            let kind = graph.kind(of: left)
            guard kind == other.graph.kind(of: right),
                graph.hasPython2Name(left) == other.graph.hasPython2Name(right)
            else { return false }
            switch kind {
            case .none, .false, .true: break
            case .float:
                guard graph.double(of: left) == other.graph.double(of: right) else { return false }
            case .integer:
                steps -= graph.leaf(of: left).data.count / 8
                guard steps >= 0, graph.integer(of: left) == other.graph.integer(of: right) else { return false }
            case .string, .bytes, .byteArray, .python2String:
                let content = bytes(of: left)
                steps -= content.count / 8
                guard steps >= 0, content.elementsEqual(other.bytes(of: right)) else { return false }
            default:
                let children = graph.children(of: left)
                let others = other.graph.children(of: right)
                steps -= children.count + 1
                guard steps >= 0, children.count == others.count, graph.operations(of: left).isEmpty,
                    other.graph.operations(of: right).isEmpty
                else { return false }
                for (child, other) in zip(children, others) { pending.append((child, other)) }
            }
        }
        return true
    }
}
