extension DecodingPlace {
    /// What a keyed container sees here.
    enum Keyed {
        /// Keys and values, one after the other.
        case pairs(NodeList)
        /// The values of fields whose names the pickle does not say.
        case fields([String], [Node])
    }

    /// The keys and values of a dict, of a dict-like object, or of an object's attributes.
    ///
    /// - Parameter fields: The fields of the registered class that is expected here.
    func keyed(fields: [String]? = nil) throws -> Keyed {
        if kind == .dict { return .pairs(NodeList(graph.children(of: node))) }
        guard let object else { throw mismatch([String: Any].self, "a dict or an object with attributes") }
        if let fields, let values = try fieldValues(of: object, fields) { return .fields(fields, values) }
        switch object.type {
        case .complex where object.arguments.count == 2: return .fields(["real", "imag"], object.arguments)
        case .range where object.arguments.count == 3: return .fields(["start", "stop", "step"], object.arguments)
        case .fraction where object.arguments.count == 2:
            return .fields(["numerator", "denominator"], object.arguments)
        default: break
        }
        if let pairs = mapping(of: object) { return .pairs(NodeList(pairs)) }
        if let state = object.state { return .pairs(NodeList(try attributes(at(state)))) }
        if let inner = soleArgument, inner.kind == .dict { return .pairs(NodeList(graph.children(of: inner.node))) }
        if !object.isCall, object.arguments.isEmpty { return .pairs(NodeList([])) }
        throw mismatch([String: Any].self, "a dict or an object with attributes")
    }

    /// The keys and values of an object that is a dict; nil for others.
    func mapping(of object: PickledObject) -> [Node]? {
        switch object.type {
        case .orderedDict, .counter:
            // Counter({…}); Python 2 wrote OrderedDict([[key, value], …])
            guard let first = object.arguments.first else { return object.items }
            if graph.kind(of: first) == .dict { return graph.children(of: first) + object.items }
            guard graph.kind(of: first) == .list else { return nil }
            let pairs = graph.children(of: first).map { graph.children(of: $0) }
            return pairs.allSatisfy { $0.count == 2 } ? pairs.flatMap(Array.init) + object.items : nil
        case .defaultDict: return object.items
        default: return object.items.isEmpty ? nil : object.items
        }
    }

    /// An object's attributes, by its state: a dict, or for slots a tuple of a dict (or `None`) and a dict.
    private func attributes(_ state: DecodingPlace) throws -> [Node] {
        let parts = state.kind == .tuple ? Array(graph.children(of: state.node)) : [state.node]
        var pairs: [Node] = []
        for part in parts where part != .none {
            guard graph.kind(of: part) == .dict else {
                throw mismatch([String: Any].self, "an object whose state is a dict")
            }
            pairs += graph.children(of: part)
        }
        return pairs
    }

    private func fieldValues(of object: PickledObject, _ fields: [String]) throws -> [Node]? {
        var values = object.arguments
        if let state = object.state {
            guard graph.kind(of: state) == .list else { return nil }
            values = Array(graph.children(of: state))
        }
        guard values.count == fields.count else {
            throw corrupted(
                "expected the \(fields.count) registered fields of \(object.type.path), found \(values.count)")
        }
        return values
    }

    /// The elements of a list, tuple, set, or of an object that is one of those.
    func elements(for type: any Any.Type) throws -> NodeList {
        switch kind {
        case .list, .tuple, .set, .frozenSet: return NodeList(graph.children(of: node))
        default: break
        }
        guard let object else { throw mismatch(type, "a list, tuple or set") }
        switch object.type {
        case .range: return try range(object, for: type)
        case .complex, .fraction: return NodeList(object.arguments)
        case .set, .frozenSet, .list, .deque:
            guard let first = object.arguments.first else { return NodeList(object.elements) }
            switch graph.kind(of: first) {
            case .list, .tuple, .set, .frozenSet: return NodeList(graph.children(of: first) + object.elements)
            default: throw mismatch(type, "a list, tuple or set")
            }
        case .bytes, .byteArray: throw mismatch(type, "a list, tuple or set")
        default: break
        }
        if !object.elements.isEmpty { return NodeList(object.elements) }
        if let inner = soleArgument, inner.node != node { return try inner.elements(for: type) }
        // A named tuple: its class made anew from its values
        if !object.isCall, !object.arguments.isEmpty { return NodeList(object.arguments) }
        throw mismatch(type, "a list, tuple or set")
    }

    /// The numbers of a range. Counted before they are made: a range of any length is a few bytes of the pickle.
    private func range(_ object: PickledObject, for type: any Any.Type) throws -> NodeList {
        let numbers = object.arguments.compactMap { graph.int(of: $0) }
        guard numbers.count == 3, numbers[2] != 0 else { throw mismatch(type, "a range of numbers that fit in Int") }
        let (start, stop, step) = (numbers[0], numbers[1], numbers[2])
        let distance = step > 0 ? Int128(stop) - Int128(start) : Int128(start) - Int128(stop)
        let count = Int(clamping: distance <= 0 ? 0 : (distance - 1) / Int128(step.magnitude) + 1)
        try session.charge(count, at: self)
        return NodeList(
            try (0..<count).map { index in
                guard let node = Node(smallInteger: start + index * step) else {
                    throw corrupted("a range reaches beyond 2^30: only its start, stop and step can be read")
                }
                return node
            })
    }
}
