/// What one value writes into a ``FrameEncoder``.
///
/// It collects nodes; ``finish(_:)`` makes one node of them when the value is done. Frames are used again for the next
/// value, so that encoding many small values allocates nothing for each.
final class EncodingFrame {
    typealias Node = PickleGraph.Node

    /// What kind of container the value asked for.
    enum Shape {
        case nothing, single, list, dict
        /// More than one kind: an error, reported when the value is done.
        case conflict
    }

    let session: EncodingSession
    var depth = 0
    var fixedPath: [any CodingKey]?
    private(set) var shape = Shape.nothing
    // Only this class changes these, and no code of others runs meanwhile: a check of that would only cost time.
    @exclusivity(unchecked) private var uncheckedItems: FlatBuffer<Node> = FlatBuffer(capacity: 16, .passing)
    /// Nested containers, still open, and the places in `items` that wait for them.
    @exclusivity(unchecked) private var nested: [(index: Int, frame: EncodingFrame)] = []

    init(_ session: EncodingSession) { self.session = session }

    /// For a dict: number of the name, value, number of the name, value …
    var items: FlatBuffer<Node> {
        @inline(__always) _read { yield unsafe uncheckedItems }
        @inline(__always) _modify { yield unsafe &uncheckedItems }
    }

    var place: EncodingPlace { EncodingPlace(session: session, depth: depth, fixedPath: fixedPath) }
    var codingPath: [any CodingKey] { place.codingPath }

    func become(_ wanted: Shape) {
        if shape == .nothing { shape = wanted } else if shape != wanted { shape = .conflict }
    }

    /// A value has only one container for a single value.
    func becomeSingle() { shape = shape == .nothing ? .single : .conflict }

    /// Opens a container inside this one, which can be filled at any time until this one's value is done.
    func nest(_ key: any CodingKey) -> FrameEncoder {
        let frame = EncodingFrame(session)
        frame.depth = depth + 1
        frame.fixedPath = codingPath + [key]
        unsafe nested.append((items.count, frame))
        items.append(.none)
        return FrameEncoder(frame)
    }

    func reset() {
        items.removeLast(items.count)
        shape = .nothing
    }

    /// The node for all that the value has written.
    func finish<T>(_ value: T) throws -> Node {
        guard depth < session.options.maximumDepth else { throw place.tooDeep(value) }
        try collect(value)
        switch shape {
        case .single:
            guard items.count == 1 else {
                throw place.invalid(value, "wrote \(items.count) values into a single-value container: expected one")
            }
            return items[0]
        case .list: return session.listNode(items)
        case .dict, .nothing: return try session.dictNode(items, of: value, at: place)
        case .conflict:
            throw place.invalid(value, "asked for containers of different kinds: one value is one dict, list or scalar")
        }
    }

    /// Puts nested containers into their places and nodes in the place of names.
    func collect<T>(_ value: T) throws {
        if unsafe !nested.isEmpty {
            for (index, frame) in unsafe nested { items[index] = try frame.finish(value) }
            unsafe nested = []
        }
        guard shape == .dict, session.keys.resolve(&items) != nil else { return }
        throw place.invalid(value, "wrote one key twice, or two keys that are one after conversion")
    }
}
