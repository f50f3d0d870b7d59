extension PickleValue {
    /// The items of a list or tuple, or the members of a set, in order.
    public struct Elements: RandomAccessCollection, Sendable {
        @usableFromInline var values: ValueRun
        /// Says which of the values are members, where some are equal to one before.
        @usableFromInline let entries: GraphEntries?

        fileprivate init(_ values: consuming ValueRun, entries: GraphEntries? = nil) {
            self.values = values
            self.entries = entries
        }

        fileprivate init(_ items: [PickleValue]) {
            self.init(ValueRun(items))
        }

        /// The position of the first item, 0.
        public var startIndex: Int { 0 }

        /// How many items there are.
        public var endIndex: Int { entries?.count ?? values.count }

        /// The item at a position from 0.
        ///
        /// - Complexity: O(1).
        public subscript(position: Int) -> PickleValue {
            guard let entries else { return values[position] }
            return values[entries.key(position)]
        }

        /// Gives the items in order.
        public consuming func makeIterator() -> Iterator { Iterator(elements: self) }

        /// Gives the items in order.
        public struct Iterator: IteratorProtocol, Sendable {
            /// Where all values are items, those that are left.
            @usableFromInline var elements: Elements
            private var position = 0

            fileprivate init(elements: consuming Elements) {
                self.elements = elements
            }

            /// The next item, or nil after the last.
            @inlinable public mutating func next() -> PickleValue? {
                // An integer that is its node takes no look into the graph, and no call.
                if elements.entries == nil, let small = elements.values.nodes?.removeFirstSmallInteger() {
                    return PickleValue(storage: .int(small))
                }
                return nextOther()
            }

            @usableFromInline
            mutating func nextOther() -> PickleValue? {
                if elements.entries != nil { return nextMember() }
                // Not `? :`, in which `nil` would be Python's None.
                guard elements.values.count > 0 else { return nil }
                return elements.values.removeFirst()
            }

            @inline(never)
            private mutating func nextMember() -> PickleValue? {
                guard position < elements.count else { return nil }
                defer { position += 1 }
                return elements[position]
            }
        }
    }

    /// The pairs of a dict, in Python's order: each key stands where it was first set, with the value set last.
    public struct Pairs: RandomAccessCollection, Sendable {
        /// Key, value, key, value …
        fileprivate var values: ValueRun
        /// Says which of the values belong together, where some keys are equal.
        fileprivate let entries: GraphEntries?

        fileprivate init(_ values: consuming ValueRun, entries: GraphEntries? = nil) {
            self.values = values
            self.entries = entries
        }

        fileprivate init(_ items: [PickleValue]) {
            self.init(ValueRun(items))
        }

        /// The position of the first pair, 0.
        public var startIndex: Int { 0 }

        /// How many pairs there are.
        public var endIndex: Int { entries?.count ?? values.count / 2 }

        /// The pair at a position from 0.
        ///
        /// - Complexity: O(1).
        public subscript(position: Int) -> (key: PickleValue, value: PickleValue) {
            guard let entries else { return (values[position * 2], values[position * 2 + 1]) }
            return (values[entries.key(position)], values[entries.value(position)])
        }

        /// Gives the pairs in order.
        public consuming func makeIterator() -> Iterator { Iterator(pairs: self) }

        /// Gives the pairs in order.
        public struct Iterator: IteratorProtocol, Sendable {
            /// Where all keys differ, those that are left.
            fileprivate var pairs: Pairs
            private var position = 0

            fileprivate init(pairs: consuming Pairs) {
                self.pairs = pairs
            }

            /// The next pair, or nil after the last.
            public mutating func next() -> (key: PickleValue, value: PickleValue)? {
                if pairs.entries != nil { return nextEntry() }
                guard pairs.values.count > 1 else { return nil }
                return (pairs.values.removeFirst(), pairs.values.removeFirst())
            }

            @inline(never)
            private mutating func nextEntry() -> (key: PickleValue, value: PickleValue)? {
                guard position < pairs.count else { return nil }
                defer { position += 1 }
                return pairs[position]
            }
        }
    }

    /// The items of a `list` or `tuple`, the members of a `set` or `frozenset`, the items that an object was given
    /// (of a `deque`, for example). Empty for other values.
    ///
    /// - Complexity: O(1) for lists and tuples; for sets of a pickle linear the first time, to find members added twice;
    ///   linear for objects, and for sets made in Swift from which something was removed.
    public var elements: Elements {
        if case .node(let graph, let node) = storage, let items = NodeRun(graph, ofSequence: node) {
            return Elements(ValueRun(items))
        }
        return otherElements
    }

    @inline(never)
    private var otherElements: Elements {
        switch storage {
        case .none, .bool, .int, .double, .string, .shortText: return Elements([])
        case .container(let container):
            switch container.shape {
            case .list, .tuple: return Elements(container.items)
            case .dict: return Elements([])
            case .set, .frozenSet:
                guard let live = container.liveEntries else { return Elements(container.items) }
                return Elements(live.map(container.key))
            }
        case .node(let graph, let node):
            let shape = graph.shape(of: node)
            switch shape.kind {
            case .set, .frozenSet:
                let nodes = NodeRun(graph, of: shape.content)
                guard nodes.count > 1 else { return Elements(ValueRun(nodes)) }
                let entries = graph.entries(of: shape.content, isDict: false)
                return Elements(ValueRun(nodes), entries: entries.count < nodes.count ? entries : nil)
            case .object: return Elements(graph.items(of: node, by: [.append, .addItems]))
            default: return Elements([])
            }
        }
    }

    /// The pairs of a `dict`, or those that an object was given (an `OrderedDict` or `defaultdict`, for example). Empty
    /// for other values.
    ///
    /// - Complexity: O(1) for dicts made in Swift, unless something was removed: then linear, as for objects. For dicts of
    ///   a pickle linear the first time, to find keys set twice.
    public var pairs: Pairs {
        if case .node(let graph, let node) = storage, let pairs = NodeRun(graph, ofFewPairs: node) {
            return Pairs(ValueRun(pairs))
        }
        return otherPairs
    }

    @inline(never)
    private var otherPairs: Pairs {
        switch storage {
        case .none, .bool, .int, .double, .string, .shortText: return Pairs([])
        case .container(let container):
            guard container.shape == .dict else { return Pairs([]) }
            guard let live = container.liveEntries else { return Pairs(container.items) }
            return Pairs(live.flatMap { [container.items[$0 * 2], container.items[$0 * 2 + 1]] })
        case .node(let graph, let node):
            switch graph.shape(of: node).kind {
            case .dict:
                let nodes = NodeRun(graph, of: node)
                let entries = graph.entries(of: node, isDict: true)
                return Pairs(ValueRun(nodes), entries: entries.count * 2 < nodes.count ? entries : nil)
            case .object:
                let items = graph.items(of: node, by: [.setItems])
                guard !items.isEmpty else { return Pairs([]) }
                return PickleValue.dict(
                    stride(from: 0, to: items.count - 1, by: 2).lazy.map { (items[$0], items[$0 + 1]) }
                ).pairs
            default: return Pairs([])
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
