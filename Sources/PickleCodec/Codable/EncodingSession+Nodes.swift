// The nodes that values become. The builder shares what Python shares: singletons and classes.

extension EncodingSession {
    @inline(__always)
    func integerNode(_ value: Int) -> Node { Node(smallInteger: value) ?? builder.integer(value) }

    func integerNode(_ value: PickleInteger) -> Node { builder.integer(value) }

    @inline(__always)
    func floatNode(_ value: Double) -> Node { builder.float(value) }

    @inline(__always)
    func stringNode(_ text: String) -> Node { builder.string(text) }

    /// The `str` of an attribute's name, one object wherever it occurs.
    func nameNode(_ name: String) -> Node {
        let number = keys.name(name, makeNode: stringNode)
        return keys.node(number)
    }

    /// A `list`; a `tuple` where Python must be able to hash it.
    func listNode(_ nodes: borrowing FlatBuffer<Node>) -> Node {
        builder.container(needsHashable ? .tuple : .list, nodes)
    }

    /// A `set`; a `frozenset` where Python must be able to hash it.
    func setNode(_ nodes: borrowing FlatBuffer<Node>) -> Node {
        builder.container(needsHashable ? .frozenSet : .set, nodes)
    }

    /// A `dict`, from keys and values one after the other.
    @inline(__always)
    func dictNode<T>(
        _ pairs: borrowing FlatBuffer<Node>, of value: T, at place: @autoclosure () -> EncodingPlace
    ) throws -> Node {
        guard !needsHashable else {
            throw place().invalid(value, "becomes a dict, which Python can't hash: no key and no element of a set")
        }
        return builder.container(.dict, pairs)
    }

    /// `callable(*arguments)`, the callable by its module and name.
    func callNode(_ module: String, _ name: String, _ arguments: [Node]) -> Node {
        let callable = builder.global(PythonName(module: module, name: name))
        return builder.reduce(callable, arguments)
    }

    /// An object of a class, made from `arguments` and given a state.
    func newObjectNode(_ module: String, _ name: String, _ arguments: [Node], state: Node?) -> Node {
        let type = builder.global(PythonName(module: module, name: name))
        return builder.newObject(type, arguments, operations: state.map { [(.build, [$0])] } ?? [])
    }

    /// `datetime.timezone.utc`, one object.
    func utc() -> Node {
        if let utcNode { return utcNode }
        let zero = callNode("datetime", "timedelta", [0, 0, 0].map(integerNode))
        let node = callNode("datetime", "timezone", [zero])
        utcNode = node
        return node
    }
}
