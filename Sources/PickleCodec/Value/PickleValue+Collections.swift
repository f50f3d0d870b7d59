extension PickleValue {
    /// The items of a list or tuple, or the members of a set, in order.
    public struct Elements: RandomAccessCollection, Sendable {
        fileprivate enum Source: Sendable {
            case items([PickleValue])
            case nodes(NodeRun)
            /// Those nodes that are not equal to one before.
            case members(NodeRun, [Int32])
        }

        fileprivate let source: Source

        /// The position of the first item, 0.
        public var startIndex: Int { 0 }

        /// How many items there are.
        public var endIndex: Int {
            switch source {
            case .items(let items): items.count
            case .nodes(let nodes): nodes.count
            case .members(_, let positions): positions.count
            }
        }

        /// The item at a position from 0.
        ///
        /// - Complexity: O(1).
        public subscript(position: Int) -> PickleValue {
            switch source {
            case .items(let items): items[position]
            case .nodes(let nodes): nodes[position]
            case .members(let nodes, let positions): nodes[Int(positions[position])]
            }
        }

        /// Gives the items in order.
        public consuming func makeIterator() -> Iterator {
            switch source {
            case .items(let items): Iterator(rest: ValueCursor(items))
            case .nodes(let nodes): Iterator(rest: ValueCursor(nodes))
            case .members(let nodes, let positions): Iterator(rest: ValueCursor(positions.map { nodes[Int($0)] }))
            }
        }

        /// Gives the items in order.
        public struct Iterator: IteratorProtocol, Sendable {
            fileprivate var rest: ValueCursor

            /// The next item, or nil after the last.
            public mutating func next() -> PickleValue? {
                // Not `? :`, in which `nil` would be Python's None.
                guard rest.count > 0 else { return nil }
                return rest.next()
            }
        }
    }

    /// The pairs of a dict, in Python's order: each key stands where it was first set, with the value set last.
    public struct Pairs: RandomAccessCollection, Sendable {
        fileprivate enum Source: Sendable {
            /// Key, value, key, value …
            case items([PickleValue])
            case nodes(NodeRun)
            case entries(NodeRun, GraphEntries)
        }

        fileprivate let source: Source

        /// The position of the first pair, 0.
        public var startIndex: Int { 0 }

        /// How many pairs there are.
        public var endIndex: Int {
            switch source {
            case .items(let items): items.count / 2
            case .nodes(let nodes): nodes.count / 2
            case .entries(_, let entries): entries.count
            }
        }

        /// The pair at a position from 0.
        ///
        /// - Complexity: O(1).
        public subscript(position: Int) -> (key: PickleValue, value: PickleValue) {
            switch source {
            case .items(let items): (items[position * 2], items[position * 2 + 1])
            case .nodes(let nodes): (nodes[position * 2], nodes[position * 2 + 1])
            case .entries(let nodes, let entries):
                (nodes[Int(entries.keys[position])], nodes[Int(entries.values[position])])
            }
        }

        /// Gives the pairs in order.
        public consuming func makeIterator() -> Iterator {
            switch source {
            case .items(let items): Iterator(rest: ValueCursor(items))
            case .nodes(let nodes): Iterator(rest: ValueCursor(nodes))
            case .entries(let nodes, let entries):
                Iterator(
                    rest: ValueCursor(
                        zip(entries.keys, entries.values).flatMap { [nodes[Int($0)], nodes[Int($1)]] }))
            }
        }

        /// Gives the pairs in order.
        public struct Iterator: IteratorProtocol, Sendable {
            fileprivate var rest: ValueCursor

            /// The next pair, or nil after the last.
            public mutating func next() -> (key: PickleValue, value: PickleValue)? {
                guard rest.count > 1 else { return nil }
                return (rest.next(), rest.next())
            }
        }
    }

    /// The items of a `list` or `tuple`, the members of a `set` or `frozenset`, the items that an object was given
    /// (of a `deque`, for example). Empty for other values.
    ///
    /// - Complexity: O(1) for lists and tuples; for sets of a pickle linear the first time, to find members added twice;
    ///   linear for objects, and for sets made in Swift from which something was removed.
    public var elements: Elements {
        switch storage {
        case .none, .bool, .int, .double, .string, .shortText: return Elements(source: .items([]))
        case .container(let container):
            switch container.shape {
            case .list, .tuple: return Elements(source: .items(container.items))
            case .dict: return Elements(source: .items([]))
            case .set, .frozenSet:
                guard let live = container.liveEntries else { return Elements(source: .items(container.items)) }
                return Elements(source: .items(live.map(container.key)))
            }
        case .node(let graph, let node):
            let shape = graph.shape(of: node)
            switch shape.kind {
            case .list, .tuple: return Elements(source: .nodes(NodeRun(graph, of: node)))
            case .set, .frozenSet:
                let nodes = NodeRun(graph, of: shape.content)
                guard nodes.count > 1 else { return Elements(source: .nodes(nodes)) }
                let entries = graph.entries(of: shape.content, isDict: false)
                guard entries.count < nodes.count else { return Elements(source: .nodes(nodes)) }
                return Elements(source: .members(nodes, entries.keys))
            case .object: return Elements(source: .items(graph.items(of: node, by: [.append, .addItems])))
            default: return Elements(source: .items([]))
            }
        }
    }

    /// The pairs of a `dict`, or those that an object was given (an `OrderedDict` or `defaultdict`, for example). Empty
    /// for other values.
    ///
    /// - Complexity: O(1) for dicts made in Swift, unless something was removed: then linear, as for objects. For dicts of
    ///   a pickle linear the first time, to find keys set twice.
    public var pairs: Pairs {
        switch storage {
        case .none, .bool, .int, .double, .string, .shortText: return Pairs(source: .items([]))
        case .container(let container):
            guard container.shape == .dict else { return Pairs(source: .items([])) }
            guard let live = container.liveEntries else { return Pairs(source: .items(container.items)) }
            return Pairs(source: .items(live.flatMap { [container.items[$0 * 2], container.items[$0 * 2 + 1]] }))
        case .node(let graph, let node):
            switch graph.shape(of: node).kind {
            case .dict:
                let nodes = NodeRun(graph, of: node)
                if nodes.hasFewDifferentKeys { return Pairs(source: .nodes(nodes)) }
                let entries = graph.entries(of: node, isDict: true)
                guard entries.count * 2 < nodes.count else { return Pairs(source: .nodes(nodes)) }
                return Pairs(source: .entries(nodes, entries))
            case .object:
                let items = graph.items(of: node, by: [.setItems])
                guard !items.isEmpty else { return Pairs(source: .items([])) }
                return PickleValue.dict(
                    stride(from: 0, to: items.count - 1, by: 2).lazy.map { (items[$0], items[$0 + 1]) }
                ).pairs
            default: return Pairs(source: .items([]))
            }
        }
    }

    /// The keys of a `dict` in order.
    ///
    /// - Complexity: linear in their number.
    public var keys: [PickleValue] {
        pairs.map(\.key)
    }

    /// Python's `member in value` for lists, tuples, sets and the keys of dicts; false for other values.
    ///
    /// - Complexity: O(1) on average for sets and dicts, those of a pickle linear the first time; linear for lists and
    ///   tuples.
    public func contains(_ member: PickleValue) -> Bool {
        switch kind {
        case .dict: self[member] != nil
        case .set, .frozenSet: hasMember(member)
        case .list, .tuple: elements.contains { $0.equals(member) }
        default: false
        }
    }

    private func hasMember(_ member: PickleValue) -> Bool {
        switch storage {
        case .container(let container): return container.entry(of: member) != nil
        case .node(let graph, let node):
            let content = graph.shape(of: node).content
            return graph.entries(of: content, isDict: false).entry(of: member, in: graph, content) != nil
        default: return false
        }
    }
}

extension NodeRun {
    /// Whether a dict's keys are so few, and all strings, that a look at each two of them shows that they differ.
    fileprivate var hasFewDifferentKeys: Bool {
        guard count > 2 else { return true }
        guard count <= 16 else { return false }
        for key in stride(from: 2, to: count, by: 2) {
            for other in stride(from: 0, to: key, by: 2) {
                guard graph.haveEqualKeys(node(key), node(other)) == false else { return false }
            }
        }
        return true
    }
}

extension ValueGraph {
    /// The nodes of an object's operations of certain kinds, as values.
    fileprivate func items(
        of node: PickleGraph.Node, by operations: Set<PickleGraph.Operation>
    ) -> [PickleValue] {
        var items: [PickleValue] = []
        for (operation, nodes) in graph.operations(of: node) where operations.contains(operation) {
            items.append(contentsOf: nodes.lazy.map(value(of:)))
        }
        return items
    }
}
