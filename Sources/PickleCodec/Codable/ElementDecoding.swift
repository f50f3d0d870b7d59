/// Decodes many values of one type inside one container: what is the same for all is found out once.
///
/// Each element is named by ``enter(_:)`` and then taken by ``value(at:)``. All of them read themselves from one decoder,
/// which nobody else holds in between: where a value kept it, the next one gets another.
struct ElementDecoding<Element: Decodable> {
    private let parent: DecodingPlace
    private var place: DecodingPlace
    private let isCodable: Bool
    private let isTooDeep: Bool
    private var decoder: FrameDecoder

    init(_ type: Element.Type, in parent: DecodingPlace) {
        self.parent = parent
        place = parent.child(.none, .none)
        if case .codable = parent.session.plan(for: type) { isCodable = true } else { isCodable = false }
        isTooDeep = place.depth >= parent.session.options.maximumDepth
        decoder = parent.session.takeDecoder()
        decoder.frame.enter(place, fields: nil)
    }

    /// Notes the key of the element that comes next.
    @inline(__always)
    mutating func enter(_ step: CodingStep) {
        if place.fixedPath == nil {
            parent.session.record(step, at: parent.depth)
        } else {
            place = parent.child(.none, step)
            decoder.frame.enter(place, fields: nil)
        }
    }

    /// Gives the decoder back, for the next container.
    mutating func end() { place.session.recycle(&decoder) }

    /// The element that a node is.
    @inline(__always)
    mutating func value(at node: PickleGraph.Node) throws -> Element {
        if Element.self == Int.self, let small = node.smallInteger { return cast(small, to: Element.self) }
        guard isCodable else { return try place.session.generalValue(Element.self, at: place.at(node)) }
        if isTooDeep { try place.checkDepth() }
        decoder.frame.enterSibling(node)
        let value = try Element(from: decoder)
        if !isKnownUniquelyReferenced(&decoder) || !decoder.isFree { replaceDecoder() }
        return value
    }

    @inline(never)
    private mutating func replaceDecoder() {
        decoder.frame.fixPath()
        decoder = FrameDecoder(DecodingFrame(place.session))
        decoder.frame.enter(place, fields: nil)
    }
}
