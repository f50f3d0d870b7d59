/// What one call of ``PickleEncoder/encode(_:)`` shares: the graph under construction, the names already met, and
/// how each type is encoded.
///
/// Values become nodes from the inside out, so containers can be filled in any order, as `Encoder` allows: the bytes,
/// with their memo numbers and frames, come from the finished graph.
final class EncodingSession {
    typealias Node = PickleGraph.Node

    let options: PickleEncoder
    /// Whether Python must be able to hash what is being encoded.
    var needsHashable = false
    // No code of others runs while one of these is being changed, so that checks for it would only cost time.
    @exclusivity(unchecked) private var encoders: [FrameEncoder] = []
    /// False from the end on: encoders hold the session, so it must not hold those that somebody kept and uses later.
    private var keepsEncoders = true
    @exclusivity(unchecked) private var uncheckedBuilder: PickleGraph.Builder
    @exclusivity(unchecked) private var uncheckedKeys: KeyTable = KeyTable()
    @exclusivity(unchecked) private var uncheckedSteps: [CodingStep] = []
    private var plans: [ObjectIdentifier: Plan] = [:]
    private var lastType: ObjectIdentifier?
    private var lastPlan = Plan.codable
    var utcNode: Node?

    /// How a type is encoded, decided once for each type.
    enum Plan {
        case native(any PickleNativeEncodable.Type)
        case codable
        case object(RegisteredClass)
    }

    init(_ options: PickleEncoder, _ use: MemoryUse) {
        self.options = options
        unsafe uncheckedBuilder = PickleGraph.Builder(use)
    }

    /// The graph under construction.
    var builder: PickleGraph.Builder {
        @inline(__always) _read { yield unsafe uncheckedBuilder }
        @inline(__always) _modify { yield unsafe &uncheckedBuilder }
    }

    /// The names of fields.
    var keys: KeyTable {
        @inline(__always) _read { yield unsafe uncheckedKeys }
        @inline(__always) _modify { yield unsafe &uncheckedKeys }
    }

    /// The keys on the way to the value that is being encoded.
    var steps: [CodingStep] {
        @inline(__always) _read { yield unsafe uncheckedSteps }
        @inline(__always) _modify { yield unsafe &uncheckedSteps }
    }

    /// Notes the key that leads on from a depth. There is room for as deep as values were met, not for as deep as
    /// allowed: most are shallow, and encoded one by one.
    @inline(__always)
    func record(_ step: CodingStep, at depth: Int) {
        guard depth &- 1 <= options.maximumDepth else { return }
        while steps.count <= depth { steps.append(.none) }
        steps[depth] = step
    }

    /// The node for a value inside the value that `frame` writes. Common scalars go straight to the graph.
    @inline(__always)
    func node<T: Encodable>(for value: T, in frame: EncodingFrame, at step: @autoclosure () -> CodingStep) throws
        -> Node
    {
        if let node = scalarNode(for: value) { return node }
        return try generalNode(for: value, at: frame.place.child(step()))
    }

    /// The node for a value at a place.
    @inline(__always)
    func node<T: Encodable>(for value: T, at place: EncodingPlace) throws -> Node {
        try scalarNode(for: value) ?? generalNode(for: value, at: place)
    }

    @inline(__always)
    func scalarNode<T: Encodable>(for value: T) -> Node? {
        if let value = exactly(value, Int.self) { return integerNode(value) }
        if let value = exactly(value, String.self) { return stringNode(value) }
        if let value = exactly(value, Double.self) { return floatNode(value) }
        if let value = exactly(value, Bool.self) { return value ? .true : .false }
        return nil
    }

    @inline(never)
    func generalNode<T: Encodable>(for value: T, at place: EncodingPlace) throws -> Node {
        switch plan(for: T.self) {
        case .native(let type): return try native(value, as: type, at: place)
        case .codable: return try codableNode(for: value, at: place)
        case .object(let registered): return try objectNode(for: value, of: registered, at: place)
        }
    }

    private func native<T, N: PickleNativeEncodable>(_ value: T, as type: N.Type, at place: EncodingPlace) throws
        -> Node
    {
        guard let value = exactly(value, type) else { throw place.invalid(value, "has no Python form") }
        return try value.pickleNode(at: place)
    }

    /// The node for a value that encodes itself.
    func codableNode<T: Encodable>(for value: T, at place: EncodingPlace) throws -> Node {
        try place.checkDepth(of: value)
        var encoder = takeEncoder(place)
        try value.encode(to: encoder)
        let node = try encoder.frame.finish(value)
        recycle(&encoder)
        return node
    }

    func plan<T: Encodable>(for type: T.Type) -> Plan {
        let id = ObjectIdentifier(type)
        if id == lastType { return lastPlan }
        let plan = plans[id] ?? newPlan(for: type)
        plans[id] = plan
        lastType = id
        lastPlan = plan
        return plan
    }

    private func newPlan<T: Encodable>(for type: T.Type) -> Plan {
        if let entry = options.classes.entries[ObjectIdentifier(type)] { return .object(RegisteredClass(entry)) }
        if let native = type as? any PickleNativeEncodable.Type { return .native(native) }
        return .codable
    }

    // MARK: Encoders

    func takeEncoder(_ place: EncodingPlace) -> FrameEncoder {
        let encoder = unsafe encoders.popLast() ?? FrameEncoder(EncodingFrame(self))
        encoder.frame.depth = place.depth
        encoder.frame.fixedPath = place.fixedPath
        return encoder
    }

    /// Keeps an encoder for the next value, unless somebody else still holds it.
    func recycle(_ encoder: inout FrameEncoder) {
        guard keepsEncoders, isKnownUniquelyReferenced(&encoder), encoder.isFree else { return }
        encoder.frame.reset()
        unsafe encoders.append(encoder)
    }

    /// Lets the encoders go, which hold the session in their turn.
    func end() {
        unsafe encoders = []
        keepsEncoders = false
    }
}
