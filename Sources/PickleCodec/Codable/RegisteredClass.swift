/// A Python class that a Swift type stands for, while values are being encoded.
final class RegisteredClass {
    let entry: PickleClasses.Entry
    /// The members of an enumeration that were met: each is one object in Python.
    var members: [AnyHashable: PickleGraph.Node] = [:]

    init(_ entry: PickleClasses.Entry) { self.entry = entry }
}

extension EncodingSession {
    /// The node for a value whose type stands for a Python class: the instructions that build an object of that class.
    func objectNode<T: Encodable>(for value: T, of registered: RegisteredClass, at place: EncodingPlace) throws -> Node
    {
        let entry = registered.entry
        if entry.form == .enumeration { return try memberNode(for: value, of: registered, at: place) }
        try place.checkDepth(of: value)
        let outer = needsHashable
        needsHashable = false
        defer { needsHashable = outer }
        var encoder = takeEncoder(place)
        let frame = encoder.frame
        try value.encode(to: encoder)
        try frame.collect(value)
        let node: Node
        switch entry.form {
        case .attributes, .slots:
            guard frame.shape == .dict || frame.shape == .nothing else {
                throw place.invalid(value, "is registered as \(entry.path) and wrote no keyed container: expected one")
            }
            let attributes = frame.items.count == 0 ? nil : builder.container(.dict, frame.items)
            let state = entry.form == .slots ? attributes.map { builder.tuple([.none, $0]) } : attributes
            node = newObjectNode(entry.module, entry.name, [], state: state)
        case .frozenSlots(let fields):
            node = newObjectNode(
                entry.module, entry.name, [], state: builder.list(try values(of: fields, in: frame, value, place)))
        case .namedTuple(let fields):
            let values = frame.shape == .list ? frame.items.array() : try values(of: fields, in: frame, value, place)
            node = newObjectNode(entry.module, entry.name, values, state: nil)
        case .enumeration:
            node = .none
        }
        recycle(&encoder)
        return node
    }

    private func memberNode<T: Encodable>(
        for value: T, of registered: RegisteredClass, at place: EncodingPlace
    ) throws -> Node {
        let identity = (value as? any RawRepresentable)?.rawValue as? AnyHashable ?? value as? AnyHashable
        if let identity, let member = registered.members[identity] { return member }
        let entry = registered.entry
        let raw = try hashable { try codableNode(for: value, at: place) }
        let node = callNode(entry.module, entry.name, [raw])
        if let identity { registered.members[identity] = node }
        return node
    }

    /// The values that a frame holds for the fields of a class, in the order of the fields; `None` for one left out.
    private func values<T>(
        of fields: [String], in frame: EncodingFrame, _ value: T, _ place: EncodingPlace
    ) throws -> [Node] {
        var found: [Node: Node] = [:]
        for index in stride(from: 0, to: frame.items.count - 1, by: 2) where frame.shape == .dict {
            found[frame.items[index]] = frame.items[index + 1]
        }
        let names = fields.map(nameNode)
        let values = names.map { found.removeValue(forKey: $0) ?? .none }
        guard found.isEmpty, frame.shape == .dict else {
            throw place.invalid(value, "wrote keys that are not among the registered fields \(fields)")
        }
        return values
    }
}
