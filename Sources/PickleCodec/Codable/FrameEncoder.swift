/// The `Encoder` that one value writes itself into. Used again for the next value, unless somebody still holds it, or a
/// container that it gave.
final class FrameEncoder: Encoder {
    let frame: EncodingFrame
    // No code of others runs while it is looked at or changed: checks for it would only cost time.
    @exclusivity(unchecked) private var kept = KeptContainer()

    init(_ frame: EncodingFrame) { self.frame = frame }

    /// Whether nobody else holds a container that was given out without a reference to this encoder.
    var isFree: Bool { unsafe kept.isFree }

    var codingPath: [any CodingKey] { frame.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { frame.session.options.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        frame.become(.dict)
        if let kept = unsafe kept.container(keyedBy: type, as: KeyedEncodingContainer<Key>.self) { return kept }
        let container = KeyedEncodingContainer(KeyedEncoding<Key>(frame: frame, holder: nil))
        if unsafe kept.keep(container, keyedBy: type) { return container }
        return KeyedEncodingContainer(KeyedEncoding(frame: frame, holder: self))
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
