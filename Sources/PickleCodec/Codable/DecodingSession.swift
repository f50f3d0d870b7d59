/// What one call of ``PickleDecoder/decode(_:from:)-(_,[UInt8])`` shares: the graph, the shapes of dicts already met,
/// and how each type is decoded.
final class DecodingSession {
    typealias Node = PickleGraph.Node

    let options: PickleDecoder
    let graph: PickleGraph
    /// The graph's objects as values, which share what was found out about them.
    private(set) lazy var values = ValueGraph(graph)
    var shapes = KeyShapeCache()
    var classes: [Node: PythonClass] = [:]
    // No code of others runs while one of these is being changed, so that checks for it would only cost time.
    @exclusivity(unchecked) private var decoders: [FrameDecoder] = []
    /// False from the end on: decoders hold the session, so it must not hold those that somebody kept and uses later.
    private var keepsDecoders = true
    @exclusivity(unchecked) private var uncheckedSteps: [CodingStep] = []
    @exclusivity(unchecked) private var remainingValues: Int
    private var plans: [ObjectIdentifier: Plan] = [:]
    private var lastType: ObjectIdentifier?
    private var lastPlan = Plan.codable

    /// How a type is decoded, decided once for each type.
    enum Plan {
        case native(any PickleNativeDecodable.Type)
        case codable
        case object(PickleClasses.Entry)
    }

    init(_ options: PickleDecoder, _ graph: PickleGraph) {
        self.options = options
        self.graph = graph
        let nodes = graph.storage.records.count + graph.storage.links.count
        let (limit, overflow) = options.maximumValueCount.addingReportingOverflow(nodes * 100)
        unsafe remainingValues = overflow ? .max : limit
    }

    /// The keys on the way to the value that is being decoded.
    var steps: [CodingStep] {
        @inline(__always) _read { yield unsafe uncheckedSteps }
        @inline(__always) _modify { yield unsafe &uncheckedSteps }
    }

    /// Notes the key that leads on from a depth. There is room for as deep as values were met, not for as deep as
    /// allowed: most are shallow, and decoded one by one.
    @inline(__always)
    func record(_ step: CodingStep, at depth: Int) {
        guard depth &- 1 <= options.maximumDepth else { return }
        while steps.count <= depth { steps.append(.none) }
        steps[depth] = step
    }

    /// The value of a type at a place. Common scalars come straight from the graph.
    @inline(__always)
    func value<T: Decodable>(_ type: T.Type, at place: @autoclosure () -> DecodingPlace, node: Node) throws -> T {
        if T.self == Int.self, let small = node.smallInteger { return cast(small, to: T.self) }
        return try generalValue(type, at: place())
    }

    @inline(never)
    func generalValue<T: Decodable>(_ type: T.Type, at place: DecodingPlace) throws -> T {
        switch plan(for: type) {
        case .native(let native): return try nativeValue(native, at: place)
        case .codable: return try codableValue(type, at: place)
        case .object(let entry): return try objectValue(type, of: entry, at: place)
        }
    }

    private func nativeValue<T, N: PickleNativeDecodable>(_ native: N.Type, at place: DecodingPlace) throws -> T {
        cast(try native.value(at: place), to: T.self)
    }

    /// The value of a type that decodes itself.
    func codableValue<T: Decodable>(_ type: T.Type, at place: DecodingPlace, fields: [String]? = nil) throws -> T {
        try place.checkDepth()
        var decoder = takeDecoder()
        decoder.frame.enter(place, fields: fields)
        let value = try T(from: decoder)
        recycle(&decoder)
        return value
    }

    func takeDecoder() -> FrameDecoder { unsafe decoders.popLast() ?? FrameDecoder(DecodingFrame(self)) }

    /// Keeps the decoder of a value that is done for the next one, unless somebody else still holds it.
    func recycle(_ decoder: inout FrameDecoder) {
        if !isKnownUniquelyReferenced(&decoder) || !decoder.isFree {
            decoder.frame.fixPath()
        } else if keepsDecoders {
            unsafe decoders.append(decoder)
        }
    }

    /// Lets the decoders go, which hold the session in their turn.
    func end() {
        unsafe decoders = []
        keepsDecoders = false
    }

    /// The text of a `str` of less than 256 bytes, as most are; nil for anything else.
    @inline(__always)
    func shortText(_ node: Node) -> String? {
        guard let text = unsafe graph.storage.shortText(of: node) else { return nil }
        return withExtendedLifetime(self) { unsafe ShortText.string(of: text) }
    }

    func plan<T: Decodable>(for type: T.Type) -> Plan {
        let id = ObjectIdentifier(type)
        if id == lastType { return lastPlan }
        let plan = plans[id] ?? newPlan(for: type)
        plans[id] = plan
        lastType = id
        lastPlan = plan
        return plan
    }

    private func newPlan<T: Decodable>(for type: T.Type) -> Plan {
        if let entry = options.classes.entries[ObjectIdentifier(type)] { return .object(entry) }
        if let native = type as? any PickleNativeDecodable.Type { return .native(native) }
        return .codable
    }

    /// Counts values that are about to be decoded.
    @inline(__always)
    func charge(_ count: Int, at place: @autoclosure () -> DecodingPlace) throws {
        unsafe remainingValues -= count
        if unsafe remainingValues < 0 { throw place().tooManyValues() }
    }
}
