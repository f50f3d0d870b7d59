/// The `Encoder` that one value writes itself into. Used again for the next value, unless somebody still holds it, or a
/// container that it gave.
final class FrameEncoder: Encoder {
    let frame: EncodingFrame
    // No code of others runs while it is looked at or changed: checks for it would only cost time.
    @exclusivity(unchecked) private var kept = KeptContainer()
    /// Whether a container was given out that is not kept, so that nobody knows how long it is held.
    private var isGivenAway = false

    init(_ frame: EncodingFrame) { self.frame = frame }

    /// Whether nobody else holds a keyed container that was given out: it refers to the frame, not to this encoder.
    var isFree: Bool { unsafe !isGivenAway && kept.isFree }

    var codingPath: [any CodingKey] { frame.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { frame.session.options.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        frame.become(.dict)
        if unsafe kept.isKept(keyedBy: type) { return unsafe kept.container() }
        return newContainer(keyedBy: type)
    }

    // By itself: to make one, its type has to be looked up, which takes longer than all the rest.
    @inline(never)
    private func newContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        let container = KeyedEncodingContainer(KeyedEncoding<Key>(frame: frame))
        if unsafe !kept.keep(container, keyedBy: type) { isGivenAway = true }
        return container
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        frame.become(.list)
        return UnkeyedEncoding(frame: frame, holder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        frame.becomeSingle()
        return self
    }
}

extension FrameEncoder: SingleValueEncodingContainer {
    func encodeNil() throws { frame.items.append(.none) }

    func encode<T: Encodable>(_ value: T) throws {
        frame.items.append(try frame.session.node(for: value, in: frame, at: .none))
    }

    // The standard library's own versions of these two refuse, and would win over the generic method.
    func encode(_ value: Int128) throws { try encode(PickleInteger(value)) }
    func encode(_ value: UInt128) throws { try encode(PickleInteger(value)) }
}
