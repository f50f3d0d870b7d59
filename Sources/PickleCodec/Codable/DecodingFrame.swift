/// The value that a ``FrameDecoder`` shows, and what its containers see of it.
@safe final class DecodingFrame {
    let session: DecodingSession
    private(set) var node = PickleGraph.Node.none
    /// What a keyed container of this value sees: the keys, and the nodes of the values. Until one is opened, what the
    /// value before saw: most often it fits again.
    private(set) var shape: KeyShape? {
        didSet { unsafe uncountedShape = shape.map { unsafe Unmanaged.passUnretained($0) } }
    }
    /// The same, for the look at each key: counting a reference would be most of its cost. ``shape`` holds it, and
    /// changes only while a container is being opened.
    private var uncountedShape: Unmanaged<KeyShape>?
    private var isOpen = false
    // No code of others runs while these are looked at or exchanged, so that checks for it would only cost time.
    @exclusivity(unchecked) private var uncheckedNodes = NodeList([])
    /// 2 where keys and values alternate, 1 where there are values only.
    private var stride = 2
    private var depth = 0
    private var fixedPath: [any CodingKey]?
    /// The fields of the class that the value's type is registered for.
    private var fields: [String]?

    init(_ session: DecodingSession) { self.session = session }

    /// The values that a keyed container of this value sees, with or without their keys.
    private var nodes: NodeList {
        @inline(__always) _read { yield unsafe uncheckedNodes }
        @inline(__always) _modify { yield unsafe &uncheckedNodes }
    }

    func enter(_ place: DecodingPlace, fields: [String]?) {
        node = place.node
        depth = place.depth
        fixedPath = place.fixedPath
        self.fields = fields
        isOpen = false
    }

    /// Goes on to another value inside the same container, at the same depth.
    @inline(__always)
    func enterSibling(_ node: PickleGraph.Node) {
        self.node = node
        isOpen = false
    }

    /// Keeps the coding path, which the session soon forgets: for who holds this frame when its value is done.
    func fixPath() { fixedPath = codingPath }

    /// Opens the value for a keyed container: as a dict with the keys of the one before it, or else as whatever it is.
    @inline(__always)
    func open() throws {
        if isOpen { return }
        guard session.graph.storage.kind(of: node) == .dict, let uncountedShape = unsafe uncountedShape else {
            return try openNewShape()
        }
        nodes.show(session.graph.children(of: node))
        guard unsafe uncountedShape._withUnsafeGuaranteedRef({ $0.fits(nodes) }) else { return try openNewShape() }
        stride = 2
        isOpen = true
        try session.charge(nodes.count, at: place)
    }

    @inline(never)
    private func openNewShape() throws {
        let place = place
        switch try place.keyed(fields: fields) {
        case .pairs(let pairs):
            shape = try session.shapes.shape(of: pairs, at: place)
            nodes = pairs
            stride = 2
        case .fields(let names, let values):
            shape = KeyShape(fields: names)
            nodes = NodeList(values)
            stride = 1
        }
        isOpen = true
        try session.charge(nodes.count, at: place)
    }

    /// The node of a coding key's value.
    @inline(__always)
    func find(_ key: some CodingKey) -> PickleGraph.Node? {
        let text = key.stringValue
        let found = unsafe uncountedShape?._withUnsafeGuaranteedRef { $0.position(of: text) } ?? nil
        // Counted here: the key's own code runs, which might open another container.
        guard let position = found ?? shape?.integerPosition(of: key) else { return nil }
        return nodes[position &* stride &+ stride &- 1]
    }

    var place: DecodingPlace { DecodingPlace(session: session, node: node, depth: depth, fixedPath: fixedPath) }
    var codingPath: [any CodingKey] { place.codingPath }

    /// A decoder for a container inside this one. It lives on its own, and so does its coding path.
    func nested(_ node: PickleGraph.Node, _ key: any CodingKey) throws -> FrameDecoder {
        let frame = DecodingFrame(session)
        let nested = DecodingPlace(session: session, node: node, depth: depth + 1, fixedPath: codingPath + [key])
        try nested.checkDepth()
        frame.enter(nested, fields: nil)
        return FrameDecoder(frame)
    }

    /// The value of a type at a node inside this one.
    @inline(__always)
    func value<T: Decodable>(_ type: T.Type, at node: PickleGraph.Node, _ step: @autoclosure () -> CodingStep) throws
        -> T
    {
        try session.value(type, at: place.child(node, step()), node: node)
    }
}
