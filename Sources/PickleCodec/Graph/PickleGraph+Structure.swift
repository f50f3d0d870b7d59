// What a node is made of.

extension PickleGraph {
    /// What a node is.
    ///
    /// - Complexity: O(1).
    public func kind(of node: Node) -> Kind {
        storage.kind(of: node)
    }

    /// The nodes that a node is made of, as ``Kind`` says for each: items, pairs one after the other, or the parts of
    /// a call. Empty for leaves.
    ///
    /// - Complexity: O(1).
    public func children(of node: Node) -> Children {
        let block = storage.block(of: node)
        return Children(storage: storage, start: block + 1, count: Int(storage.links.checked(block)))
    }

    /// What is done to an object after its construction, in order. Empty for everything but objects.
    ///
    /// - Complexity: O(1); iterating, O(n) in the number of operations.
    public func operations(of node: Node) -> Operations {
        guard node.smallInteger == nil else { return Operations(storage: storage, next: 0, count: 0) }
        let record = record(of: node)
        guard record.kind.isObject else { return Operations(storage: storage, next: 0, count: 0) }
        let counter = record.payload + 1 + Int(storage.links.checked(record.payload))
        return Operations(storage: storage, next: counter + 1, count: Int(storage.links.checked(counter)))
    }

    /// How many objects the graph holds: the range of ``index(of:)``. `None`, `False` and `True` are always among them, as
    /// the first three; small integers are not.
    ///
    /// - Complexity: O(1).
    public var objectCount: Int { storage.records.count }

    /// A number below ``objectCount`` that tells the objects of one graph apart, for tables; `nil` for integers
    /// from −2³⁰ to 2³⁰ − 1, which are nodes and no objects.
    ///
    /// - Complexity: O(1).
    public func index(of node: Node) -> Int? {
        node.smallInteger == nil ? Int(node.rawValue) : nil
    }

    /// The same objects, seen from another root.
    ///
    /// - Complexity: O(1).
    public func rooted(at node: Node) -> PickleGraph { PickleGraph(storage: storage, root: node) }

    /// How many bytes the graph takes, its copy of the input included.
    ///
    /// - Complexity: O(1).
    public var memoryByteCount: Int {
        storage.input.count + storage.extra.count + storage.records.count * 8 + storage.links.count * 4
    }

    func record(of node: Node) -> GraphRecord { GraphRecord(bits: storage.records.checked(Int(node.rawValue))) }

    /// Some nodes, in order.
    public struct Children: RandomAccessCollection, Sendable {
        let storage: Storage
        let start: Int

        /// How many nodes there are.
        public let count: Int

        /// The position of the first node, 0.
        public var startIndex: Int { 0 }

        /// The position behind the last node.
        public var endIndex: Int { count }

        /// The node at a position from 0.
        public subscript(position: Int) -> Node {
            precondition(position >= 0 && position < count, "position out of range")
            return Node(rawValue: storage.links.checked(start + position))
        }
    }

    /// What is done to an object, in order.
    public struct Operations: Sequence, IteratorProtocol, Sendable {
        let storage: Storage
        private var offset: Int

        /// How many operations are still to come.
        public private(set) var count: Int

        init(storage: Storage, next: Int, count: Int) {
            self.storage = storage
            offset = next
            self.count = count
        }

        /// Whether none are left.
        public var isEmpty: Bool { count == 0 }

        /// Gives the next operation and its nodes.
        public mutating func next() -> (operation: Operation, nodes: Children)? {
            guard count > 0, let operation = Operation(rawValue: storage.links.checked(offset)) else { return nil }
            let nodes = Children(storage: storage, start: offset + 2, count: Int(storage.links.checked(offset + 1)))
            offset += 2 + nodes.count
            count -= 1
            return (operation, nodes)
        }
    }
}

extension PickleGraph.Storage {
    /// What a node is.
    @inline(__always)
    func kind(of node: PickleGraph.Node) -> PickleGraph.Kind {
        node.smallInteger == nil ? GraphRecord(bits: records.checked(Int(node.rawValue))).kind : .integer
    }

    /// Where in `links` the count of a node's children stands, and behind it they; of a leaf, where there are none.
    @inline(__always)
    func block(of node: PickleGraph.Node) -> Int {
        guard node.smallInteger == nil else { return 0 }
        let record = GraphRecord(bits: records.checked(Int(node.rawValue)))
        return record.kind.isLeaf ? 0 : record.payload
    }
}
