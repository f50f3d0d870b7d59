/// A `list` under construction.
struct UnkeyedEncoding: UnkeyedEncodingContainer {
    let frame: EncodingFrame
    /// The encoder, which has to know that somebody holds this container.
    let holder: FrameEncoder

    var codingPath: [any CodingKey] { frame.codingPath }
    var count: Int { frame.items.count }

    private var nextKey: PickleCodingKey { PickleCodingKey(intValue: count) }

    mutating func encodeNil() throws { frame.items.append(.none) }

    mutating func encode<T: Encodable>(_ value: T) throws {
        frame.items.append(try frame.session.node(for: value, in: frame, at: CodingStep(count)))
    }

    // The standard library's own versions of these two refuse, and would win over the generic method.
    mutating func encode(_ value: Int128) throws { try encode(PickleInteger(value)) }
    mutating func encode(_ value: UInt128) throws { try encode(PickleInteger(value)) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        frame.nest(nextKey).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        frame.nest(nextKey).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder { frame.nest(nextKey) }
}
