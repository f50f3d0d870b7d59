/// A type with a Python form of its own, which does not go through `encode(to:)`.
protocol PickleNativeEncodable: Encodable {
    func pickleNode(at place: EncodingPlace) throws -> PickleGraph.Node
}

extension BinaryInteger {
    func integerNode(at place: EncodingPlace) -> PickleGraph.Node {
        Int(exactly: self).map(place.session.integerNode) ?? place.session.integerNode(PickleInteger(self))
    }
}

extension Int8: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { integerNode(at: place) }
}
extension Int16: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { integerNode(at: place) }
}
extension Int32: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { integerNode(at: place) }
}
extension Int64: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { integerNode(at: place) }
}
extension Int128: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { integerNode(at: place) }
}
extension UInt: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { integerNode(at: place) }
}
extension UInt8: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { integerNode(at: place) }
}
extension UInt16: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { integerNode(at: place) }
}
extension UInt32: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { integerNode(at: place) }
}
extension UInt64: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { integerNode(at: place) }
}
extension UInt128: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { integerNode(at: place) }
}

extension Float: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { place.session.floatNode(Double(self)) }
}

extension PickleInteger: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { place.session.integerNode(self) }
}

extension Optional: PickleNativeEncodable where Wrapped: Encodable {
    func pickleNode(at place: EncodingPlace) throws -> PickleGraph.Node {
        guard let self else { return .none }
        try place.checkDepth(of: self)
        return try place.session.node(for: self, at: place.child(.none))
    }
}

extension Duration: PickleNativeEncodable {
    func pickleNode(at place: EncodingPlace) throws -> PickleGraph.Node {
        guard let delta = TimeDelta(self) else {
            throw place.invalid(self, "is outside timedelta's range of a billion days")
        }
        let session = place.session
        let arguments = [delta.days, delta.seconds, delta.microseconds].map { session.integerNode($0) }
        return session.callNode("datetime", "timedelta", arguments)
    }
}
