extension PickleGraph {
    /// Makes a graph from Swift values, node by node, children before parents.
    ///
    /// Each call makes a new Python object, but for those that CPython itself has only once: `''`, `b''`,
    /// `()`, one-character strings of Latin-1 and one-byte `bytes`. With them shared, a graph gives the bytes of
    /// `pickle.dumps(value, protocol=4)`. Strings that Python code would share, such as equal dict keys of one JSON
    /// text, are shared by using one node for them.
    package struct Builder: ~Copyable {
        var extra: FlatBuffer<UInt8>
        var records: FlatBuffer<UInt64>
        var links: FlatBuffer<UInt32>
        var twins: [UInt32: [UInt32]] = [:]

        private var emptyTuple: Node?
        private var shortStrings: [ArraySlice<UInt8>: Node] = [:]
        private var shortBytes: [ArraySlice<UInt8>: Node] = [:]
        private var modules: [String: Node] = [:]
        private var globals: [PythonName: Node] = [:]
        var splices: [ObjectIdentifier: Splice] = [:]

        /// Creates a builder with no objects.
        package init() { self.init(.lasting) }

        init(_ use: MemoryUse) {
            extra = FlatBuffer(capacity: 64, use)
            records = FlatBuffer(capacity: 16, use)
            links = FlatBuffer(capacity: 16, use)
            records.append(GraphRecord(.none, 0).bits)
            records.append(GraphRecord(.false, 0).bits)
            records.append(GraphRecord(.true, 0).bits)
            links.append(0)
        }

        /// Makes room for the entries or items of a large container, by what such ones usually take. What is not used
        /// of it is memory that nothing touches.
        mutating func reserve(entries count: Int) {
            records.reserve(count * 2)
            links.reserve(count * 8)
            extra.reserve(count * 16)
        }

        /// Ends the graph; the builder can't be used again.
        @inline(never)
        package mutating func finish(root: Node) -> PickleGraph {
            let extra = extra.array()
            let storage = Storage(input: [], extra: extra, records: records.taken(), links: links.taken(), twins: twins)
            return PickleGraph(storage: storage, root: root)
        }

        mutating func add(_ kind: Kind, _ payload: Int, flags: UInt64 = 0) -> Node {
            precondition(records.count < Int(PickleMachine.noNode), "a graph holds at most 2,147,483,644 objects")
            records.append(GraphRecord(kind, payload, flags: flags).bits)
            return Node(rawValue: UInt32(records.count - 1))
        }

        /// Adds a leaf whose instruction `write` appends.
        private mutating func addLeaf(
            _ kind: Kind, flags: UInt64 = 0, _ write: (inout FlatBuffer<UInt8>) -> Void
        ) -> Node {
            let position = extra.count
            write(&extra)
            return add(kind, position, flags: flags | GraphRecord.inExtra)
        }

        private mutating func addBlock(_ nodes: some Collection<Node>) -> Int {
            guard !nodes.isEmpty else { return 0 }
            let block = links.count
            links.append(UInt32(nodes.count))
            append(nodes)
            return block
        }

        private mutating func addBlock(_ nodes: borrowing FlatBuffer<Node>) -> Int {
            guard nodes.count > 0 else { return 0 }
            let block = links.count
            links.reserve(nodes.count + 1)
            links.appendReserved(UInt32(truncatingIfNeeded: nodes.count))
            for index in 0..<nodes.count { links.appendReserved(nodes[index].rawValue) }
            return block
        }

        private mutating func append(_ nodes: some Collection<Node>) {
            links.reserve(nodes.count)
            for node in nodes { links.append(node.rawValue) }
        }
    }
}

// MARK: - Leaves

extension PickleGraph.Builder {
    /// `None`.
    package var none: PickleGraph.Node { .none }

    /// `True` or `False`.
    package func bool(_ value: Bool) -> PickleGraph.Node { value ? .true : .false }

    /// An `int`.
    package mutating func integer(_ value: Int) -> PickleGraph.Node {
        PickleGraph.Node(smallInteger: value) ?? addLeaf(.integer) { $0.appendInteger(value) }
    }

    /// An `int` of any size.
    package mutating func integer(_ value: PickleInteger) -> PickleGraph.Node {
        if let small = value.int { return integer(small) }
        return addLeaf(.integer) { $0.appendInteger(value) }
    }

    /// A `float`.
    package mutating func float(_ value: Double) -> PickleGraph.Node {
        addLeaf(.float) { $0.appendFloat(value) }
    }

    /// A `str`.
    package mutating func string(_ value: String) -> PickleGraph.Node {
        if let short = ShortText(value), short.count > 1 { return addLeaf(.string) { $0.append(short) } }
        var value = value
        return value.withUTF8 { source in
            guard source.count > 2, let start = source.baseAddress else {
                return string(checkedUTF8: unsafe ArraySlice(Array(source)), hasSurrogates: false)
            }
            return addLeaf(.string) {
                $0.appendStringHeader(count: source.count)
                unsafe $0.append(from: start, count: source.count)
            }
        }
    }

    /// A `str` from UTF-8 that may hold lone surrogates; `nil` if it is something else.
    package mutating func string(utf8: some Collection<UInt8>) -> PickleGraph.Node? {
        let bytes = ArraySlice(Array(utf8))
        let check = UTF8Check.check(bytes)
        guard check != .invalid else { return nil }
        return string(checkedUTF8: bytes, hasSurrogates: check == .surrogates)
    }

    mutating func string(checkedUTF8 bytes: ArraySlice<UInt8>, hasSurrogates: Bool) -> PickleGraph.Node {
        let isShared = bytes.count < 2 || bytes.count == 2 && (bytes[bytes.startIndex] & 0xfc) == 0xc0
        if isShared, let node = shortStrings[bytes] { return node }
        let node = addLeaf(.string, flags: hasSurrogates ? GraphRecord.special : 0) {
            $0.appendStringHeader(count: bytes.count)
            $0.append(bytes)
        }
        if isShared { shortStrings[bytes] = node }
        return node
    }

    /// A `bytes`.
    package mutating func bytes(_ value: some Collection<UInt8>) -> PickleGraph.Node {
        let bytes = ArraySlice(Array(value))
        if bytes.count < 2, let node = shortBytes[bytes] { return node }
        let node = addLeaf(.bytes) {
            $0.appendBytesHeader(count: bytes.count)
            $0.append(bytes)
        }
        if bytes.count < 2 { shortBytes[bytes] = node }
        return node
    }

    /// A `bytearray`, which is written as `builtins.bytearray(b'…')`.
    package mutating func byteArray(_ value: some Collection<UInt8>) -> PickleGraph.Node {
        let bytes = ArraySlice(Array(value))
        return addLeaf(.byteArray) {
            $0.append(.byteArray8)
            $0.append(littleEndian: UInt64(bytes.count))
            $0.append(bytes)
        }
    }
}

// MARK: - Containers and calls

extension PickleGraph.Builder {
    /// A `list` of the items.
    package mutating func list(_ items: some Collection<PickleGraph.Node>) -> PickleGraph.Node {
        container(.list, of: addBlock(items))
    }

    /// A `tuple` of the items.
    package mutating func tuple(_ items: some Collection<PickleGraph.Node>) -> PickleGraph.Node {
        container(.tuple, of: addBlock(items))
    }

    /// A `dict` of key, value, key, value …, in the order of their insertion.
    package mutating func dict(keysAndValues: some Collection<PickleGraph.Node>) -> PickleGraph.Node {
        container(.dict, of: addBlock(keysAndValues))
    }

    /// A `set` of the items, which nobody else compares.
    package mutating func set(_ items: some Collection<PickleGraph.Node>) -> PickleGraph.Node {
        container(.set, of: addBlock(items))
    }

    /// A `frozenset` of the items.
    package mutating func frozenSet(_ items: some Collection<PickleGraph.Node>) -> PickleGraph.Node {
        container(.frozenSet, of: addBlock(items))
    }

    /// A container of one of these kinds. A dict has key, value, key, value …
    mutating func container(_ kind: PickleGraph.Kind, _ nodes: borrowing FlatBuffer<PickleGraph.Node>)
        -> PickleGraph.Node
    {
        container(kind, of: addBlock(nodes))
    }

    private mutating func container(_ kind: PickleGraph.Kind, of block: Int) -> PickleGraph.Node {
        precondition(kind != .dict || links[block] % 2 == 0, "a dict takes pairs of key and value")
        guard kind == .tuple, block == 0 else { return add(kind, block) }
        if let emptyTuple { return emptyTuple }
        let node = add(.tuple, 0)
        emptyTuple = node
        return node
    }

    /// A class or function by name; the same name gives the same node.
    package mutating func global(_ name: PythonName) -> PickleGraph.Node {
        if let node = globals[name] { return node }
        let module: PickleGraph.Node
        if let known = modules[name.module] {
            module = known
        } else {
            module = string(name.module)
            modules[name.module] = module
        }
        let node = object(.global, parts: [module, string(name.name)], operations: [])
        globals[name] = node
        return node
    }

    /// An object that a call makes, `kind` being one of those with ``PickleGraph/Kind/isObject``, and what is done to it.
    package mutating func object(
        _ kind: PickleGraph.Kind, parts: [PickleGraph.Node],
        operations: [(operation: PickleGraph.Operation, nodes: [PickleGraph.Node])] = []
    ) -> PickleGraph.Node {
        precondition(kind.isObject && !parts.isEmpty, "an object has parts")
        let block = addBlock(parts)
        links.append(UInt32(operations.count))
        for (operation, nodes) in operations {
            links.append(operation.rawValue)
            links.append(UInt32(nodes.count))
            append(nodes)
        }
        return add(kind, block)
    }

    /// `callable(*arguments)`, and what is done to the result.
    package mutating func reduce(
        _ callable: PickleGraph.Node, _ arguments: [PickleGraph.Node],
        operations: [(operation: PickleGraph.Operation, nodes: [PickleGraph.Node])] = []
    ) -> PickleGraph.Node {
        let arguments = tuple(arguments)
        return object(.reduce, parts: [callable, arguments], operations: operations)
    }

    /// `cls.__new__(cls, *arguments)`, and what is done to the result.
    package mutating func newObject(
        _ type: PickleGraph.Node, _ arguments: [PickleGraph.Node],
        operations: [(operation: PickleGraph.Operation, nodes: [PickleGraph.Node])] = []
    ) -> PickleGraph.Node {
        let arguments = tuple(arguments)
        return object(.newObject, parts: [type, arguments], operations: operations)
    }
}
