// What classes and functions make. Nothing is looked up or called: the call itself becomes a node.

extension PickleMachine {
    /// Adds an object with its constructor's parts and no operations yet.
    mutating func push(_ kind: PickleGraph.Kind, object parts: [UInt32], flags: UInt64 = 0) throws(PickleError) {
        let block = links.count
        links.append(UInt32(parts.count))
        for part in parts { links.append(part) }
        links.append(0)
        try push(kind, block, flags: flags)
    }

    mutating func kind(of node: UInt32) -> PickleGraph.Kind {
        node < Self.noNode ? GraphRecord(bits: records[Int(node)]).kind : .integer
    }

    mutating func makeGlobal() throws(PickleError) {
        let name = try pop()
        let module = try pop()
        for node in [module, name] {
            let kind = kind(of: node)
            // What a call or a name gives can be a string too: Python finds out.
            guard kind == .string || kind == .python2String || kind.isObject else {
                throw failure(.malformed, "expected two strings, found \(self.name(of: node))")
            }
            let count = kind.isObject ? 0 : textByteCount(of: node)
            guard count <= options.maximumNameByteCount else {
                throw failure(
                    .limitExceeded,
                    "expected a name of at most \(options.maximumNameByteCount) bytes (maximumNameByteCount), found \(count)"
                )
            }
        }
        // CPython translates the names of Python 2 in protocols below 3; the writer then has to.
        try push(.global, object: [module, name], flags: protocolNumber < 3 ? GraphRecord.special : 0)
    }

    /// How many bytes a string has.
    private mutating func textByteCount(of node: UInt32) -> Int {
        let record = GraphRecord(bits: records[Int(node)])
        func byte(_ position: Int) -> UInt8 {
            unsafe record.has(GraphRecord.inExtra) ? extra[position] : input[position]
        }
        return PickleOpcode.data(of: byte(record.payload), at: record.payload, byte: byte).count
    }

    mutating func makeReduce() throws(PickleError) {
        let arguments = try pop()
        let callable = try pop()
        try requireObject(callable, "something to call")
        try requireTuple(arguments)
        try push(.reduce, object: [callable, arguments])
    }

    mutating func makeNewObject(keywords hasKeywords: Bool) throws(PickleError) {
        let keywords = hasKeywords ? try pop() : 0
        let arguments = try pop()
        let type = try pop()
        try requireObject(type, "a class")
        try requireTuple(arguments)
        guard hasKeywords else {
            try push(.newObject, object: [type, arguments])
            return
        }
        guard kind(of: keywords) == .dict || kind(of: keywords).isObject else {
            throw failure(.malformed, "expected a dict of keyword arguments, found \(name(of: keywords))")
        }
        try push(.newObjectWithKeywords, object: [type, arguments, keywords])
    }

    mutating func makeInstance(from base: Int) throws(PickleError) {
        guard stack.count > base else { throw underflow() }
        try requireObject(stack[base], "a class")
        let block = takeBlock(from: base)
        links.append(0)
        try push(.instance, block)
    }

    private mutating func requireObject(_ node: UInt32, _ expected: String) throws(PickleError) {
        guard kind(of: node).isObject else {
            throw failure(.malformed, "expected \(expected), found \(name(of: node))")
        }
    }

    private mutating func requireTuple(_ node: UInt32) throws(PickleError) {
        guard kind(of: node) == .tuple || kind(of: node).isObject else {
            throw failure(.malformed, "expected a tuple of arguments, found \(name(of: node))")
        }
    }

    mutating func build() throws(PickleError) {
        let base = try height(2) + 1
        let target = stack[base - 1]
        let state = stack[base]
        if target < Self.noNode {
            let record = GraphRecord(bits: records[Int(target)])
            if record.kind.isObject {
                addOperation(.build, to: target, record, from: base)
                return
            }
        }
        // A value of a built-in type has no state: Python takes only what changes nothing.
        guard isNothing(state) else {
            throw failure(.malformed, "expected an object to set the state of, found \(name(of: target))")
        }
        stack.removeLast()
    }

    /// Whether a state is None, or a pair of None and an empty dict.
    private mutating func isNothing(_ state: UInt32) -> Bool {
        if state == PickleGraph.Node.none.rawValue { return true }
        guard kind(of: state) == .tuple else { return false }
        let block = GraphRecord(bits: records[Int(state)]).payload
        guard links[block] == 2, links[block + 1] == PickleGraph.Node.none.rawValue else { return false }
        let slots = links[block + 2]
        return kind(of: slots) == .dict && GraphRecord(bits: records[Int(slots)]).payload == 0
    }

    mutating func makeReadOnly() throws(PickleError) {
        let node = try top()
        switch kind(of: node) {
        case .bytes: return  // is read-only as it is
        case .byteArray, .buffer, .readOnlyBuffer, .reduce, .newObject, .newObjectWithKeywords, .instance,
            .persistentID, .extension:
            try push(.readOnlyBuffer, object: [try pop()])
        default:
            throw failure(.malformed, "expected a buffer, found \(name(of: node))")
        }
    }
}
