// The data of leaves: numbers, strings, bytes.

extension PickleGraph {
    /// The integer, if the node is one. `True` and `False` are not.
    ///
    /// - Complexity: O(n) in the number of bytes.
    public func integer(of node: Node) -> PickleInteger? {
        if let small = node.smallInteger { return PickleInteger(small) }
        guard kind(of: node) == .integer else { return nil }
        let leaf = leaf(of: node)
        return PickleInteger(twosComplement: leaf.source[leaf.data])
    }

    /// The integer, if the node is one and `Int` holds it.
    ///
    /// - Complexity: O(1).
    public func int(of node: Node) -> Int? {
        if let small = node.smallInteger { return small }
        guard kind(of: node) == .integer else { return nil }
        return storage.int(of: record(of: node))
    }

    /// The float, if the node is one.
    ///
    /// - Complexity: O(1).
    public func double(of node: Node) -> Double? {
        guard kind(of: node) == .float else { return nil }
        return storage.double(of: record(of: node))
    }

    /// The UTF-8 of a `str`, with three bytes for each lone surrogate, if the node is one.
    ///
    /// - Complexity: O(1), nothing is copied.
    public func utf8(of node: Node) -> ArraySlice<UInt8>? {
        kind(of: node) == .string ? slice(of: node) : nil
    }

    /// Whether a `str` holds lone surrogates, so that no Swift `String` equals it.
    ///
    /// - Complexity: O(1).
    public func hasSurrogates(_ node: Node) -> Bool {
        kind(of: node) == .string && record(of: node).has(GraphRecord.special)
    }

    /// The text of a `str`, if the node is one and holds no lone surrogates.
    ///
    /// - Complexity: O(n) in its length.
    public func string(of node: Node) -> String? {
        if let text = unsafe storage.shortText(of: node) {
            return withExtendedLifetime(storage) { unsafe ShortText.string(of: text) }
        }
        guard kind(of: node) == .string, !record(of: node).has(GraphRecord.special) else { return nil }
        return String(decoding: slice(of: node), as: UTF8.self)
    }

    /// The content of a `bytes`, `bytearray` or Python 2 `str`, if the node is one.
    ///
    /// - Complexity: O(1), nothing is copied.
    public func bytes(of node: Node) -> ArraySlice<UInt8>? {
        switch kind(of: node) {
        case .bytes, .byteArray, .python2String: slice(of: node)
        default: nil
        }
    }

    /// Module and qualified name of a global, as the pickle spells them, if they stand there as strings.
    ///
    /// Pickles of protocols below 3 use the names of Python 2; see ``PythonName``.
    ///
    /// - Complexity: O(n) in the length of the names.
    public func globalName(of node: Node) -> PythonName? {
        guard kind(of: node) == .global else { return nil }
        let parts = children(of: node).compactMap { part in
            (utf8(of: part) ?? bytes(of: part)).map { String(decoding: $0, as: UTF8.self) }
        }
        guard parts.count == 2 else { return nil }
        return PythonName(module: parts[0], name: parts[1])
    }

    /// Whether a global was written with protocol 0, 1 or 2, so that Python translates its name from Python 2.
    ///
    /// - Complexity: O(1).
    public func hasPython2Name(_ node: Node) -> Bool {
        kind(of: node) == .global && record(of: node).has(GraphRecord.special)
    }

    private func slice(of node: Node) -> ArraySlice<UInt8> {
        let leaf = leaf(of: node)
        return leaf.source[leaf.data]
    }

    /// Where a leaf's data stands: in which array, from which opcode, and which bytes.
    func leaf(of node: Node) -> (source: [UInt8], opcode: UInt8, data: Range<Int>) {
        let record = record(of: node)
        let source = record.has(GraphRecord.inExtra) ? storage.extra : storage.input
        let position = record.payload
        let data = PickleOpcode.data(of: source[position], at: position) { source[$0] }
        return (source, source[position], data)
    }
}

// The leaves that most pickles are full of. Nothing but loads between the record and the value: no slice, and so no
// reference to count.
extension PickleGraph.Storage {
    /// The UTF-8 of a `str` whose length takes one byte, which few pass, as long as the graph is held; nil for other
    /// nodes, and with lone surrogates.
    @inline(__always)
    func shortText(of node: PickleGraph.Node) -> UnsafeBufferPointer<UInt8>? {
        guard node.smallInteger == nil else { return nil }
        return unsafe shortText(of: GraphRecord(bits: records.checked(Int(node.rawValue))))
    }

    /// The same, of a record.
    @inline(__always)
    func shortText(of record: GraphRecord) -> UnsafeBufferPointer<UInt8>? {
        guard record.kind == .string, !record.has(GraphRecord.special) else { return nil }
        let instruction = unsafe instruction(of: record)
        guard unsafe instruction[0] == PickleOpcode.shortBinUnicode.rawValue else { return nil }
        return unsafe UnsafeBufferPointer(start: instruction + 2, count: Int(instruction[1]))
    }

    /// The content of a `bytes` whose length takes one byte, as long as the graph is held; nil for other nodes.
    @inline(__always)
    func shortBytes(of node: PickleGraph.Node) -> UnsafeBufferPointer<UInt8>? {
        guard node.smallInteger == nil else { return nil }
        let record = GraphRecord(bits: records.checked(Int(node.rawValue)))
        guard record.kind == .bytes else { return nil }
        let instruction = unsafe instruction(of: record)
        guard unsafe instruction[0] == PickleOpcode.shortBinBytes.rawValue else { return nil }
        return unsafe UnsafeBufferPointer(start: instruction + 2, count: Int(instruction[1]))
    }

    /// The value of an integer's record, if `Int` holds it.
    @inline(__always)
    func int(of record: GraphRecord) -> Int? {
        let instruction = unsafe instruction(of: record)
        if unsafe instruction[0] == PickleOpcode.binInt.rawValue {
            return unsafe Int(Int32(littleEndian: UnsafeRawPointer(instruction + 1).loadUnaligned(as: Int32.self)))
        }
        guard unsafe instruction[0] == PickleOpcode.long1.rawValue, unsafe 1...8 ~= instruction[1] else { return nil }
        // The last byte that the number has, with its sign, and the rest below it.
        var index = unsafe Int(instruction[1]) + 1
        var value = unsafe Int(Int8(bitPattern: instruction[index]))
        while index > 2 {
            index -= 1
            value = unsafe value << 8 | Int(instruction[index])
        }
        return value
    }

    /// The value of a float's record.
    @inline(__always)
    func double(of record: GraphRecord) -> Double {
        let instruction = unsafe UnsafeRawPointer(instruction(of: record))
        return unsafe Double(
            bitPattern: UInt64(bigEndian: instruction.loadUnaligned(fromByteOffset: 1, as: UInt64.self)))
    }

    /// The instruction that pushes a leaf, as long as the graph is held. The reader and the builder have checked that
    /// the instruction ends inside its array.
    @inline(__always)
    private func instruction(of record: GraphRecord) -> UnsafePointer<UInt8> {
        assert(record.kind.isLeaf)
        let isInExtra = record.has(GraphRecord.inExtra)
        let start = unsafe isInExtra ? extraStart : inputStart
        precondition(record.payload < (isInExtra ? extra.count : input.count))
        return unsafe start.unsafelyUnwrapped + record.payload
    }
}

extension PickleOpcode {
    /// Where the data of a leaf's instruction stands. The reader and the builder have checked its length.
    @inline(__always)
    static func data(of opcode: UInt8, at position: Int, byte: (Int) -> UInt8) -> Range<Int> {
        let width: Int
        switch opcode {
        case shortBinUnicode.rawValue, shortBinBytes.rawValue, long1.rawValue, shortBinString.rawValue: width = 1
        case binInt.rawValue: return position + 1..<position + 5
        case binFloat.rawValue: return position + 1..<position + 9
        case binUnicode8.rawValue, binBytes8.rawValue, byteArray8.rawValue: width = 8
        default: width = 4
        }
        var count = 0
        for index in 0..<width { count |= Int(byte(position + 1 + index)) << (8 * index) }
        return position + 1 + width..<position + 1 + width + count
    }
}
