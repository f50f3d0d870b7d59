/// A dict, or what can be read like one.
struct KeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let frame: DecodingFrame
    private let shape: KeyShape
    private let nodes: NodeList
    /// 2 where keys and values alternate, 1 where there are values only.
    private let stride: Int

    init(frame: DecodingFrame, contents: DecodingPlace.Keyed) throws {
        self.frame = frame
        switch contents {
        case .pairs(let pairs):
            shape = try frame.session.shapes.shape(of: pairs, at: frame.place)
            nodes = pairs
            stride = 2
        case .fields(let names, let values):
            shape = KeyShape(fields: names)
            nodes = NodeList(values)
            stride = 1
        }
        try frame.session.charge(nodes.count, at: frame.place)
    }

    var codingPath: [any CodingKey] { frame.codingPath }

    var allKeys: [Key] {
        shape.keys.compactMap { key, _ in key.intValue.map(Key.init(intValue:)) ?? Key(stringValue: key.stringValue) }
    }

    func contains(_ key: Key) -> Bool { shape.position(of: key) != nil }

    @inline(__always)
    private func find(_ key: Key) -> PickleGraph.Node? {
        shape.position(of: key).map { nodes[$0 * stride + stride - 1] }
    }

    private func node(for key: Key) throws -> PickleGraph.Node {
        if let node = find(key) { return node }
        throw missing(key)
    }

    private func missing(_ key: Key) -> DecodingError {
        let found = shape.keys.prefix(20).map { "'\($0.key.stringValue)'" }.joined(separator: ", ")
        let context = DecodingError.Context(
            codingPath: codingPath,
            debugDescription:
                "Expected a key '\(key.stringValue)', found only \(found.isEmpty ? "an empty dict" : found).")
        return .keyNotFound(key, context)
    }

    func decodeNil(forKey key: Key) throws -> Bool { try node(for: key) == .none }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        try frame.value(type, at: node(for: key), CodingStep(key.stringValue))
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        guard let node = find(key), node != .none else { return nil }
        return try frame.value(type, at: node, CodingStep(key.stringValue))
    }

    // The standard library's own versions of these refuse, and would win over the generic methods.
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try integer(type, key) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try integer(type, key) }
    func decodeIfPresent(_ type: Int128.Type, forKey key: Key) throws -> Int128? {
        try isNil(key) ? nil : integer(type, key)
    }
    func decodeIfPresent(_ type: UInt128.Type, forKey key: Key) throws -> UInt128? {
        try isNil(key) ? nil : integer(type, key)
    }

    private func isNil(_ key: Key) -> Bool { (find(key) ?? PickleGraph.Node.none) == PickleGraph.Node.none }

    private func integer<T: FixedWidthInteger>(_ type: T.Type, _ key: Key) throws -> T {
        try frame.place.child(node(for: key), CodingStep(key.stringValue)).integer(for: type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try frame.nested(node(for: key), key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try frame.nested(node(for: key), key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        let key = PickleCodingKey.super
        return try frame.nested(shape.position(of: key).map { nodes[$0 * stride + stride - 1] } ?? .none, key)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try frame.nested(find(key) ?? .none, key) }
}
