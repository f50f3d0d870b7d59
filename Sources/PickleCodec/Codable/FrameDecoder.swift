/// The `Decoder` that one value reads itself from. Used again for the next value, unless somebody still holds it, or a
/// container that it gave: what outlives `init(from:)` keeps its frame, and goes on to see the same value.
final class FrameDecoder: Decoder {
    let frame: DecodingFrame
    // No code of others runs while it is looked at or changed: checks for it would only cost time.
    @exclusivity(unchecked) private var kept = KeptContainer()
    /// Whether a container was given out that is not kept, so that nobody knows how long it is held.
    private var isGivenAway = false

    init(_ frame: DecodingFrame) { self.frame = frame }

    /// Whether nobody else holds a keyed container that was given out: it refers to the frame, not to this decoder.
    var isFree: Bool { unsafe !isGivenAway && kept.isFree }

    var codingPath: [any CodingKey] { frame.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { frame.session.options.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        try frame.open()
        if unsafe kept.isKept(keyedBy: type) { return unsafe kept.container() }
        return newContainer(keyedBy: type)
    }

    // By itself: to make one, its type has to be looked up, which takes longer than all the rest.
    @inline(never)
    private func newContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        let container = KeyedDecodingContainer(KeyedDecoding<Key>(frame: frame))
        if unsafe !kept.keep(container, keyedBy: type) { isGivenAway = true }
        return container
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try UnkeyedDecoding(frame: frame, holder: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }
}

extension FrameDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { frame.node == .none }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try frame.value(type, at: frame.node, .none) }

    // The standard library's own versions of these two refuse, and would win over the generic method.
    func decode(_ type: Int128.Type) throws -> Int128 { try frame.place.integer(for: type) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try frame.place.integer(for: type) }
}
