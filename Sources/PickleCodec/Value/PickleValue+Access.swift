// Typed access: nil where the value is of another type.

extension PickleValue {
    /// The value of a `bool`.
    ///
    /// - Complexity: O(1).
    @inlinable public var bool: Bool? {
        if case .bool(let value) = storage { value } else { nil }
    }

    /// The value of an `int` that fits. A `bool` is none here, though Python's `isinstance` says so.
    ///
    /// - Complexity: O(1).
    @inlinable public var int: Int? {
        if case .int(let value) = storage { value } else { nil }
    }

    /// The value of an `int` of any size.
    ///
    /// - Complexity: O(1) where `Int` holds it, else linear in its bytes.
    public var integer: PickleInteger? {
        switch storage {
        case .int(let value): PickleInteger(value)
        case .node(let graph, let node): graph.graph.integer(of: node)
        default: nil
        }
    }

    /// The value of a `float`. An `int` is none; see ``number``.
    ///
    /// - Complexity: O(1).
    @inlinable public var double: Double? {
        if case .double(let value) = storage { value } else { nil }
    }

    /// The value of a `float`, or of an `int` as the nearest double: Python's `float(value)`.
    ///
    /// - Complexity: O(1) where `Int` holds it, else linear in its bytes.
    public var number: Double? {
        switch storage {
        case .double(let value): value
        case .int(let value): Double(value)
        default: integer?.double
        }
    }

    /// The text of a `str`, unless it holds lone surrogates, which a Swift string can't; see ``utf8``.
    ///
    /// - Complexity: O(1) for a string made in Swift, linear in the length for one of a pickle.
    public var string: String? {
        switch storage {
        case .shortText(let text): text.string
        case .string(let text): text
        case .node(let graph, let node): graph.graph.string(of: node)
        default: nil
        }
    }

    /// The UTF-8 of a `str`; lone surrogates are encoded as Python's `surrogatepass` does.
    ///
    /// - Complexity: linear in the length.
    public var utf8: [UInt8]? {
        switch storage {
        case .string(let text): return Array(text.utf8)
        case .shortText(let text): return Array(text.string.utf8)
        case .node(let graph, let node):
            return graph.graph.utf8(of: node).map(Array.init)
        default: return nil
        }
    }

    /// The content of a `bytes`, `bytearray` or Python 2 `str`.
    ///
    /// - Complexity: linear in the length.
    public var bytes: [UInt8]? {
        guard case .node(let graph, let node) = storage else { return nil }
        if let content = unsafe graph.graph.storage.shortBytes(of: node) {
            return withExtendedLifetime(graph) { unsafe Array(content) }
        }
        let shape = graph.shape(of: node)
        switch shape.kind {
        case .bytes, .byteArray: return Array(graph.content(ofBytes: shape))
        case .python2String: return Array(graph.bytes(of: node))
        default: return nil
        }
    }

    /// The items of a `list`, `tuple`, `set` or `frozenset`.
    ///
    /// ``elements`` gives the same without making an array.
    ///
    /// - Complexity: linear in the number of items.
    public var array: [PickleValue]? {
        switch kind {
        case .list, .tuple, .set, .frozenSet: Array(elements)
        default: nil
        }
    }

    /// Python's `len(value)`: items, members, pairs, bytes or code points. 0 where Python has no length.
    ///
    /// - Complexity: O(1) for lists and tuples, linear for strings; for dicts and sets of a pickle linear the first time.
    public var count: Int {
        switch storage {
        case .none, .bool, .int, .double: return 0
        case .string(let text): return text.unicodeScalars.count
        case .shortText(let text): return text.count
        case .container(let container): return container.count
        case .node(let graph, let node):
            let shape = graph.shape(of: node)
            switch shape.kind {
            case .string: return SurrogateUTF8.count(graph.bytes(of: node))
            case .bytes, .byteArray: return graph.content(ofBytes: shape).count
            case .python2String: return graph.bytes(of: node).count
            case .dict: return pairs.count
            default: return elements.count
            }
        }
    }
}

// MARK: - Objects

extension PickleValue {
    /// The class or function that a global names (`"builtins.print"`), or the class that an object was made by
    /// (`"datetime.datetime"`), as `module.qualified_name`.
    ///
    /// - Complexity: linear in the length of the name.
    public var className: String? {
        guard case .node(let graph, let node) = storage else { return nil }
        switch graph.graph.kind(of: node) {
        case .global: return graph.globalName(of: node)
        case .reduce, .newObject, .newObjectWithKeywords, .instance:
            guard let callable = graph.graph.children(of: node).first else { return nil }
            return graph.globalName(of: callable)
        default: return nil
        }
    }

    /// What an object's class was called with: the arguments of the call in the pickle.
    ///
    /// - Complexity: linear in their number.
    public var arguments: [PickleValue] {
        guard case .node(let graph, let node) = storage else { return [] }
        let parts = graph.graph.children(of: node)
        switch graph.graph.kind(of: node) {
        case .instance: return parts.dropFirst().map(graph.value(of:))
        case .reduce, .newObject, .newObjectWithKeywords:
            guard parts.count > 1 else { return [] }
            return graph.value(of: parts[1]).array ?? []
        default: return []
        }
    }

    /// The state that an object was given after it was made: mostly the dict of its attributes.
    ///
    /// - Complexity: linear in the number of things that were done to the object.
    public var state: PickleValue? {
        guard case .node(let graph, let node) = storage, graph.graph.kind(of: node).isObject else { return nil }
        var state: PickleValue?
        for (operation, nodes) in graph.graph.operations(of: node) where operation == .build {
            state = nodes.first.map(graph.value(of:))
        }
        return state
    }
}
