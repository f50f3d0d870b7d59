/// Encodes many values of one type inside one container: what is the same for all is found out once.
///
/// Each element is named by ``enter(_:)`` and then written by ``node(for:)``. All of them write themselves into one
/// encoder, as long as nobody else holds it.
struct ElementEncoding<Element: Encodable> {
    private let parent: EncodingPlace
    private var place: EncodingPlace
    private let isCodable: Bool
    private let isTooDeep: Bool
    private var encoder: FrameEncoder

    init(_ type: Element.Type, in parent: EncodingPlace) {
        self.parent = parent
        place = parent.child(.none)
        let session = parent.session
        if case .codable = session.plan(for: type) { isCodable = true } else { isCodable = false }
        isTooDeep = place.depth >= session.options.maximumDepth
        encoder = session.takeEncoder(place)
    }

    /// Notes the key of the element that comes next.
    @inline(__always)
    mutating func enter(_ step: CodingStep) {
        if place.fixedPath == nil {
            parent.session.record(step, at: parent.depth)
        } else {
            place = parent.child(step)
            encoder.frame.fixedPath = place.fixedPath
        }
    }

    /// Gives the encoder back, for the next container.
    mutating func end() { place.session.recycle(&encoder) }

    /// The node that an element becomes.
    @inline(__always)
    mutating func node(for value: Element) throws -> PickleGraph.Node {
        if let node = place.session.scalarNode(for: value) { return node }
        guard isCodable else { return try place.session.generalNode(for: value, at: place) }
        if isTooDeep { try place.checkDepth(of: value) }
        if !isKnownUniquelyReferenced(&encoder) || !encoder.isFree { encoder = place.session.takeEncoder(place) }
        encoder.frame.reset()
        try value.encode(to: encoder)
        return try encoder.frame.finish(value)
    }
}
