import PickleCodec

/// Swift values as fragments and back: directly for the types that one instruction builds, by Codable for the rest.
struct ValueCodec<Value: Codable & Sendable>: Sendable {
    private let shape: ValueShape
    private let encoder: PickleEncoder
    private let decoder: PickleDecoder
    /// For values of the simplest Codable types; none where the type or the options ask for more.
    private let flatEncoder: FlatEncoder?
    /// Reads values that are plain.
    let reader: PlainReader

    init(encoder: PickleEncoder, decoder: PickleDecoder) {
        shape =
            Value.self == Int.self
            ? .int
            : Value.self == Double.self
                ? .double
                : Value.self == Bool.self
                    ? .bool : Value.self == String.self ? .string : Value.self == PickleValue.self ? .dynamic : .codable
        self.encoder = encoder
        self.decoder = decoder
        flatEncoder =
            shape == .codable && encoder.leavesEncoding(to: Value.self) ? FlatEncoder(userInfo: encoder.userInfo) : nil
        let isFlat = shape == .codable && decoder.leavesDecoding(to: Value.self)
        reader = PlainReader(shape: shape, flatDecoder: isFlat ? FlatDecoder(userInfo: decoder.userInfo) : nil)
    }

    /// Whether code of the type's own runs when a value is coded: it may do anything, also with the block.
    static var runsOwnCode: Bool {
        @inline(__always) get {
            Value.self != Int.self && Value.self != Double.self && Value.self != Bool.self && Value.self != String.self
                && Value.self != PickleValue.self
        }
    }

    // MARK: To fragments

    /// Appends the instructions that build a value.
    ///
    /// - Parameter firstMemoNumber: where the numbers begin that the value may use for what it shares.
    @inline(__always)
    func append(_ value: Value, to program: inout [UInt8], firstMemoNumber: Int) throws {
        switch shape {
        case .int: PlainValue.append(unsafe unsafeBitCast(value, to: Int.self), to: &program)
        case .double: PlainValue.append(unsafe unsafeBitCast(value, to: Double.self), to: &program)
        case .bool: PlainValue.append(unsafe unsafeBitCast(value, to: Bool.self), to: &program)
        case .string: PlainValue.append(unsafe unsafeBitCast(value, to: String.self), to: &program)
        case .dynamic, .codable:
            if let flatEncoder, try flatEncoder.append(value, to: &program) { return }
            program.append(contentsOf: try Fragment.make(of: pickle(value), firstMemoNumber: firstMemoNumber))
        }
    }

    private func pickle(_ value: Value) throws -> [UInt8] {
        if shape == .dynamic { return try unsafe unsafeBitCast(value, to: PickleValue.self).pickled() }
        return try encoder.encode(value)
    }

    /// The form of a value that is used as a key.
    @inline(__always)
    func withForm<R>(of key: Value, _ body: (UnsafeRawBufferPointer, _ isString: Bool) throws -> R) throws -> R {
        if shape == .string {
            var text = unsafe unsafeBitCast(key, to: String.self)
            return try text.withUTF8 { try unsafe body(UnsafeRawBufferPointer($0), true) }
        }
        let form = try self.form(of: key)
        return try unsafe form.bytes.withUnsafeBytes { try unsafe body($0, form.isString) }
    }

    func form(of key: Value) throws -> KeyForm {
        switch shape {
        case .string: return KeyForm(bytes: Array(unsafe unsafeBitCast(key, to: String.self).utf8), isString: true)
        case .int: return KeySpelling.form(of: unsafe unsafeBitCast(key, to: Int.self))
        default:
            let graph = try PickleGraph(decoding: pickle(key))
            do throws(KeySpelling.Failure) {
                // A bytearray is a call to the graph, as an object of any class is.
                if PickleValue(graph).kind == .byteArray { throw .unhashable }
                return try KeySpelling.form(of: graph.root, in: graph)
            } catch {
                throw EncodingError.invalidValue(key, .init(codingPath: [], debugDescription: "\(error)"))
            }
        }
    }

    // MARK: From fragments

    /// The value of an extent, if it is plain: see ``PlainReader``.
    @inline(__always)
    func plain(_ extent: Extent, in bytes: SegmentBytes) throws -> Value? {
        try reader.value(Value.self, extent, in: bytes)
    }

    /// The same of a value that is read by itself: also if its type's own code had begun when it turned out that fields are
    /// not enough. What that did to the block is nothing to what is left to do.
    @inline(__always)
    func alone(_ extent: Extent, in bytes: SegmentBytes) throws -> Value? {
        guard shape == .codable else { return try plain(extent, in: bytes) }
        var refused: [UInt8]?
        if let value = try reader.flatDecoder?.decode(Value.self, extent, bytes, refused: &refused) { return value }
        return try refused.map { try decoder.decode(Value.self, from: $0) }
    }

    func decode(_ graph: PickleGraph, at node: PickleGraph.Node) throws -> Value {
        if shape == .dynamic {
            return unsafe unsafeBitCast(PickleValue(graph.rooted(at: node)), to: Value.self)
        }
        return try decoder.decode(Value.self, from: graph, at: node)
    }

    func decode(_ graph: PickleGraph, at nodes: some Sequence<PickleGraph.Node>) throws -> [Value] {
        if shape == .dynamic {
            return nodes.map { unsafe unsafeBitCast(PickleValue(graph.rooted(at: $0)), to: Value.self) }
        }
        return try decoder.decode(Value.self, from: graph, at: nodes)
    }
}

/// What a value is encoded as and decoded from.
enum ValueShape { case int, double, bool, string, dynamic, codable }

/// Reads values that are one instruction, or, for a Codable type, a dict of such fields.
///
/// It is not generic itself: where many values of a type are read that is known at run time only, that a generic reader
/// has to be looked up for each would take as long as reading it.
struct PlainReader: Sendable {
    fileprivate let shape: ValueShape
    fileprivate let flatDecoder: FlatDecoder?

    /// The value of an extent, if it is plain.
    ///
    /// - Parameter type: The type that the reader was made for.
    @inline(__always)
    func value<Value: Decodable>(_ type: Value.Type, _ extent: Extent, in bytes: SegmentBytes) throws -> Value? {
        switch shape {
        case .int:
            guard let value = PlainValue.integer(bytes, extent) else { return nil }
            return unsafe unsafeBitCast(value, to: Value.self)
        case .double:
            guard let value = PlainValue.double(bytes, extent) else { return nil }
            return unsafe unsafeBitCast(value, to: Value.self)
        case .bool:
            guard let value = PlainValue.bool(bytes, extent) else { return nil }
            return unsafe unsafeBitCast(value, to: Value.self)
        case .string:
            guard let value = PlainValue.string(bytes, extent) else { return nil }
            return unsafe unsafeBitCast(value, to: Value.self)
        case .codable:
            var refused: [UInt8]?
            return try flatDecoder?.decode(type, extent, bytes, refused: &refused)
        case .dynamic: return nil
        }
    }
}
