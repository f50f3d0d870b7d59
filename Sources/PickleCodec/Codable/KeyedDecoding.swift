/// A dict, or what can be read like one. A single reference: the standard library copies it for each field.
struct KeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let frame: DecodingFrame

    var codingPath: [any CodingKey] { frame.codingPath }

    var allKeys: [Key] {
        keys.compactMap { key, _ in key.intValue.map(Key.init(intValue:)) ?? Key(stringValue: key.stringValue) }
    }

    func contains(_ key: Key) -> Bool { frame.find(key) != nil }

    private var keys: [(key: PickleCodingKey, position: Int)] { frame.shape?.keys ?? [] }

    private func node(for key: Key) throws -> PickleGraph.Node {
        if let node = frame.find(key) { return node }
        throw missing(key)
    }

    private func missing(_ key: Key) -> DecodingError {
        let found = keys.prefix(20).map { "'\($0.key.stringValue)'" }.joined(separator: ", ")
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

    // What most fields are, without asking for the type at run time.
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
        let node = try node(for: key)
        if let small = node.smallInteger { return small }
        return try frame.place.child(node, CodingStep(key.stringValue)).integer(for: type)
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        let node = try node(for: key)
        if let text = frame.session.shortText(node) { return text }
        return try frame.place.child(node, CodingStep(key.stringValue)).string(for: type)
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        guard let node = frame.find(key), node != .none else { return nil }
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

    private func isNil(_ key: Key) -> Bool { (frame.find(key) ?? PickleGraph.Node.none) == PickleGraph.Node.none }

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
        return try frame.nested(frame.find(key) ?? .none, key)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try frame.nested(frame.find(key) ?? .none, key) }
}
