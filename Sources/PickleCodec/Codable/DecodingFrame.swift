/// The `Decoder` that one value reads itself from. Used again for the next value, unless somebody still holds it.
final class DecodingFrame: Decoder {
    let session: DecodingSession
    private(set) var node = PickleGraph.Node.none
    private var depth = 0
    private var fixedPath: [any CodingKey]?
    /// The fields of the class that the value's type is registered for.
    private var fields: [String]?

    init(_ session: DecodingSession) { self.session = session }

    func enter(_ place: DecodingPlace, fields: [String]?) {
        node = place.node
        depth = place.depth
        fixedPath = place.fixedPath
        self.fields = fields
    }

    var place: DecodingPlace { DecodingPlace(session: session, node: node, depth: depth, fixedPath: fixedPath) }
    var codingPath: [any CodingKey] { place.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { session.options.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(try KeyedDecoding(frame: self, contents: place.keyed(fields: fields)))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try UnkeyedDecoding(frame: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    /// A decoder for a container inside this one. It lives on its own, and so does its coding path.
    func nested(_ node: PickleGraph.Node, _ key: any CodingKey) throws -> DecodingFrame {
        let frame = DecodingFrame(session)
        let nested = DecodingPlace(session: session, node: node, depth: depth + 1, fixedPath: codingPath + [key])
        try nested.checkDepth()
        frame.enter(nested, fields: nil)
        return frame
    }

    /// The value of a type at a node inside this one.
    @inline(__always)
    func value<T: Decodable>(_ type: T.Type, at node: PickleGraph.Node, _ step: @autoclosure () -> CodingStep) throws
        -> T
    {
        try session.value(type, at: place.child(node, step()), node: node)
    }
}

extension DecodingFrame: SingleValueDecodingContainer {
    func decodeNil() -> Bool { node == .none }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try value(type, at: node, .none) }

    // The standard library's own versions of these two refuse, and would win over the generic method.
    func decode(_ type: Int128.Type) throws -> Int128 { try place.integer(for: type) }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try place.integer(for: type) }
}
