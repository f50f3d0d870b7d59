/// A list, or what can be read like one.
struct UnkeyedDecoding: UnkeyedDecodingContainer {
    private let frame: DecodingFrame
    /// The decoder, which has to know that somebody holds this container.
    private let holder: FrameDecoder
    private let nodes: NodeList
    private(set) var currentIndex = 0

    init(frame: DecodingFrame, holder: FrameDecoder) throws {
        self.frame = frame
        self.holder = holder
        nodes = try frame.place.elements(for: [Any].self)
        try frame.session.charge(nodes.count, at: frame.place)
    }

    var codingPath: [any CodingKey] { frame.codingPath }
    var count: Int? { nodes.count }
    var isAtEnd: Bool { currentIndex >= nodes.count }

    private var key: PickleCodingKey { PickleCodingKey(intValue: currentIndex) }

    private func next(_ type: any Any.Type) throws -> PickleGraph.Node {
        guard !isAtEnd else {
            let context = DecodingError.Context(
                codingPath: codingPath + [key], debugDescription: "Expected another element, found only \(nodes.count)."
            )
            throw DecodingError.valueNotFound(type, context)
        }
        return nodes[currentIndex]
    }

    mutating func decodeNil() throws -> Bool {
        guard try next(Never.self) == .none else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let value = try frame.value(type, at: next(type), CodingStep(currentIndex))
        currentIndex += 1
        return value
    }

    mutating func decodeIfPresent<T: Decodable>(_ type: T.Type) throws -> T? {
        guard !isAtEnd else { return nil }
        return try decodeNil() ? nil : decode(type)
    }

    // The standard library's own versions of these refuse, and would win over the generic methods.
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try integer(type) }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try integer(type) }
    mutating func decodeIfPresent(_ type: Int128.Type) throws -> Int128? {
        try isAtEnd || decodeNil() ? nil : integer(type)
    }
    mutating func decodeIfPresent(_ type: UInt128.Type) throws -> UInt128? {
        try isAtEnd || decodeNil() ? nil : integer(type)
    }

    private mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
        let value = try frame.place.child(next(type), CodingStep(currentIndex)).integer(for: type)
        currentIndex += 1
        return value
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        let container = try frame.nested(next(type), key).container(keyedBy: type)
        currentIndex += 1
        return container
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let container = try frame.nested(next([Any].self), key).unkeyedContainer()
        currentIndex += 1
        return container
    }

    mutating func superDecoder() throws -> any Decoder {
        let decoder = try frame.nested(next((any Decoder).self), key)
        currentIndex += 1
        return decoder
    }
}
