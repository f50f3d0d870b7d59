extension ValueGraph {
    /// How an object is made and what happens to it then.
    struct Object {
        /// `module.qualified_name`; nil where something else than a global is called.
        var className: String?
        /// What is called, where that is an object of the graph.
        var callable: PickleGraph.Node
        var arguments: [PickleGraph.Node]
        /// The dict of keyword arguments.
        var keywords: PickleGraph.Node?
        var appended: [PickleGraph.Node] = []
        /// Key, value, key, value …
        var pairs: [PickleGraph.Node] = []
        var added: [PickleGraph.Node] = []
        var states: [PickleGraph.Node] = []
    }

    /// An instance taken apart; nil where the node is none, or its arguments are not in a tuple.
    ///
    /// The helpers by which protocols 0 and 1 make objects (`copyreg._reconstructor`, `copyreg.__newobj__`) are seen
    /// through.
    func object(_ node: PickleGraph.Node) -> Object? {
        guard var object = head(of: node) else { return nil }
        for (operation, nodes) in graph.operations(of: node) {
            switch operation {
            case .append: object.appended += nodes
            case .setItems: object.pairs += nodes
            case .addItems: object.added += nodes
            case .build: object.states += nodes
            }
        }
        return object
    }

    /// An instance as it was called for, without what happens to it then.
    func head(of node: PickleGraph.Node) -> Object? {
        let parts = Array(graph.children(of: node))
        guard let callable = parts.first else { return nil }
        var object: Object
        switch graph.kind(of: node) {
        case .instance:
            object = Object(
                className: globalName(of: callable), callable: callable, arguments: Array(parts.dropFirst()))
        case .reduce, .newObject, .newObjectWithKeywords:
            guard parts.count > 1, graph.kind(of: parts[1]) == .tuple else { return nil }
            object = Object(
                className: globalName(of: callable), callable: callable,
                arguments: Array(graph.children(of: parts[1])), keywords: parts.count > 2 ? parts[2] : nil)
        default: return nil
        }
        if let first = object.arguments.first, let name = globalName(of: first) {
            if object.className == "copyreg._reconstructor", object.arguments.count == 3 {
                let isPlain = globalName(of: object.arguments[1]) == "builtins.object"
                object.className = name
                object.callable = first
                object.arguments = isPlain ? [] : [object.arguments[2]]
            } else if object.className == "copyreg.__newobj__" {
                object.className = name
                object.callable = first
                object.arguments.removeFirst()
            }
        }
        return object
    }

    /// The entries of a dict with the last value for each key, in order: key, value, key, value …
    func distinctPairs(of dict: PickleGraph.Node) -> [PickleGraph.Node] {
        let children = graph.children(of: dict)
        if children.count <= 2 { return Array(children) }
        let entries = entries(of: dict, isDict: true, isForOnce: true)
        return (0..<entries.count).flatMap { [children[entries.key($0)], children[entries.value($0)]] }
    }

    /// The members of a set, given the node that lists them, each once.
    func distinctMembers(of content: PickleGraph.Node) -> [PickleGraph.Node] {
        let children = graph.children(of: content)
        if children.count <= 1 { return Array(children) }
        let entries = entries(of: content, isDict: false, isForOnce: true)
        return (0..<entries.count).map { children[entries.key($0)] }
    }
}
