extension PickleValue {
    /// What a value is in Python.
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// `None`.
        case none
        /// `True` or `False`.
        case bool
        /// An `int` of any size.
        case integer
        /// A `float`.
        case float
        /// A `str`. It may hold lone surrogates.
        case string
        /// A `bytes` object.
        case bytes
        /// A `bytearray`.
        case byteArray
        /// A `str` of Python 2: bytes in an encoding that the pickle does not say.
        case python2String
        /// A `tuple`.
        case tuple
        /// A `list`.
        case list
        /// A `dict`. Its subclasses are objects.
        case dict
        /// A `set`.
        case set
        /// A `frozenset`.
        case frozenSet
        /// A class or function, by name.
        case global
        /// Anything else: an instance of any other class, a persistent id, an out-of-band buffer.
        case object
    }

    /// What the value is in Python, however the pickle spells it.
    ///
    /// Protocols before 4 write sets, and those before 3 bytes, as calls; protocol 4 does so with bytearrays. They are
    /// sets, bytes and bytearrays here.
    ///
    /// - Complexity: O(1); for a call of protocol 2 or below that makes bytes, linear in their number.
    @inlinable public var kind: Kind {
        // This is asked of every value that is looked at: most answers need no call.
        switch storage {
        case .none: .none
        case .bool: .bool
        case .int: .integer
        case .double: .float
        case .string, .shortText: .string
        case .node, .container: kindOfObject
        }
    }

    @usableFromInline var kindOfObject: Kind {
        // Loads only, between which no reference has to be counted.
        if case .node(let graph, let node) = storage, let kind = graph.graph.storage.kind(of: node).valueKind {
            return kind
        }
        switch storage {
        case .none, .bool, .int, .double, .string, .shortText: return kind
        case .node(let graph, let node): return graph.shape(of: node).kind
        case .container(let container):
            switch container.shape {
            case .list: return .list
            case .tuple: return .tuple
            case .dict: return .dict
            case .set: return .set
            case .frozenSet: return .frozenSet
            }
        }
    }

    /// Whether the value is `None`.
    ///
    /// - Complexity: O(1).
    public var isNone: Bool {
        if case .none = storage { true } else { false }
    }
}

extension ValueGraph {
    /// What a node is in Python, and the node that holds its content: itself, or the argument of the call that makes it.
    struct Shape {
        var kind: PickleValue.Kind
        /// `None` for an empty bytes, bytearray or set that was made without an argument.
        var content: PickleGraph.Node
    }

    @inline(__always)
    func shape(of node: PickleGraph.Node) -> Shape {
        if let kind = graph.storage.kind(of: node).valueKind { return Shape(kind: kind, content: node) }
        return builtinCall(node) ?? Shape(kind: .object, content: node)
    }

    /// The shape of a call that makes a built-in object: `bytearray(b'…')`, `set([…])`, `encode('…', 'latin1')`.
    @inline(never)
    private func builtinCall(_ node: PickleGraph.Node) -> Shape? {
        guard let (name, arguments) = plainCall(node) else { return nil }
        let first = arguments.count > 0 ? arguments[0] : .none
        switch name {
        case "builtins.bytearray":
            if arguments.isEmpty || arguments.count == 1 && graph.kind(of: first) == .bytes {
                return Shape(kind: .byteArray, content: first)
            }
            // Protocols before 3 have no bytes to call it with. Python 2 calls it with a text and its encoding.
            let text = arguments.count == 1 ? plainCall(first).flatMap(latin1Text) : latin1Text(arguments)
            return text.map { Shape(kind: .byteArray, content: $0) }
        case "builtins.bytes":
            return arguments.isEmpty ? Shape(kind: .bytes, content: .none) : nil
        case "_codecs.encode":
            return latin1Text(arguments).map { Shape(kind: .bytes, content: $0) }
        case "builtins.set", "builtins.frozenset":
            guard arguments.isEmpty || arguments.count == 1 && graph.kind(of: first) == .list else { return nil }
            return Shape(kind: name == "builtins.set" ? .set : .frozenSet, content: first)
        default:
            return nil
        }
    }

    /// A call of something by name, after which nothing is done to what it gives.
    private func plainCall(_ node: PickleGraph.Node) -> (name: String, arguments: PickleGraph.Children)? {
        guard graph.kind(of: node) == .reduce, graph.operations(of: node).isEmpty else { return nil }
        let parts = graph.children(of: node)
        guard graph.kind(of: parts[1]) == .tuple, let name = globalName(of: parts[0]) else { return nil }
        return (name, graph.children(of: parts[1]))
    }

    private func latin1Text(_ name: String, _ arguments: PickleGraph.Children) -> PickleGraph.Node? {
        name == "_codecs.encode" ? latin1Text(arguments) : nil
    }

    /// The first of two arguments, a text and the name of Latin-1, if the text can be in that.
    private func latin1Text(_ arguments: PickleGraph.Children) -> PickleGraph.Node? {
        guard arguments.count == 2, graph.kind(of: arguments[0]) == .string, isLatin1Name(arguments[1]),
            canBeLatin1(arguments[0])
        else { return nil }
        return arguments[0]
    }

    private func isLatin1Name(_ node: PickleGraph.Node) -> Bool {
        guard let name = graph.string(of: node) else { return false }
        return name == "latin1" || name == "latin-1"
    }

    /// `module.qualified_name` of a global, by its name in Python 3.
    func globalName(of node: PickleGraph.Node) -> String? {
        guard let name = graph.globalName(of: node) else { return nil }
        return (graph.hasPython2Name(node) ? name.inPython3 : name).description
    }

    /// The content of a str (as UTF-8), bytes, bytearray or Python 2 str.
    func bytes(of node: PickleGraph.Node) -> ArraySlice<UInt8> {
        graph.utf8(of: node) ?? graph.bytes(of: node) ?? []
    }

    /// The content of what `shape(of:)` says is bytes or a bytearray.
    func content(ofBytes shape: Shape) -> ArraySlice<UInt8> {
        switch graph.kind(of: shape.content) {
        case .none: return []
        case .string:
            let text = bytes(of: shape.content)
            var latin1: [UInt8] = []
            var position = text.startIndex
            while position != text.endIndex {
                latin1.append(UInt8(truncatingIfNeeded: SurrogateUTF8.decode(text, at: &position)))
            }
            return latin1[...]
        default: return bytes(of: shape.content)
        }
    }
}

extension PickleGraph.Kind {
    /// What a node of this kind is in Python; nil for a call, which may make a built-in object.
    fileprivate var valueKind: PickleValue.Kind? {
        switch self {
        case .none: PickleValue.Kind.none
        case .false, .true: .bool
        case .integer: .integer
        case .float: .float
        case .string: .string
        case .bytes: .bytes
        case .byteArray: .byteArray
        case .python2String: .python2String
        case .tuple: .tuple
        case .list: .list
        case .dict: .dict
        case .set: .set
        case .frozenSet: .frozenSet
        case .global: .global
        case .extension, .persistentID, .buffer, .readOnlyBuffer, .newObject, .newObjectWithKeywords, .instance:
            .object
        case .reduce: nil
        }
    }
}
