extension PickleValue {
    /// The value as a graph.
    ///
    /// What was made in Swift becomes nodes: a string that is a key in several dicts becomes one object, as in
    /// Python's `json.loads`, other strings don't; a list, tuple, dict or set that the value holds several times, as
    /// a copy, becomes one object too.
    ///
    /// - Complexity: O(1) where the value comes from a pickle as it is, else linear.
    public var graph: PickleGraph {
        if case .node(let graph, let node) = storage { return graph.graph.rooted(at: node) }
        var assembly = GraphAssembly()
        let root = assembly.node(of: self)
        return assembly.builder.finish(root: root)
    }

    /// The same value as a node of a graph, unless it is a scalar.
    var frozen: PickleValue {
        guard case .container = storage else { return self }
        let graph = graph
        return PickleValue(storage: .node(ValueGraph(graph), graph.root))
    }

    /// A value that is a node in any case, scalars included.
    var located: (graph: ValueGraph, node: PickleGraph.Node) {
        if case .node(let graph, let node) = storage { return (graph, node) }
        let graph = graph
        return (ValueGraph(graph), graph.root)
    }
}

/// Puts values together in one graph, without recursion.
struct GraphAssembly: ~Copyable {
    private struct Frame {
        var container: Container
        var nextItem: Int
        var firstNode: Int
    }

    var builder = PickleGraph.Builder()
    private var known: [ObjectIdentifier: PickleGraph.Node] = [:]
    private var frames: [Frame] = []
    private var nodes: [PickleGraph.Node] = []
    private var keys = SharedKeys()

    /// The node of a value in the graph under construction.
    ///
    /// The value has to live until the graph is finished.
    mutating func node(of value: PickleValue) -> PickleGraph.Node {
        add(value, isKey: false)
        while var frame = frames.popLast() {
            if frame.nextItem < frame.container.items.count {
                let position = frame.nextItem
                frame.nextItem += 1
                let isDict = frame.container.shape == .dict
                let entry = isDict ? position / 2 : position
                frames.append(frame)
                guard frame.container.isRemoved.isEmpty || !frame.container.isRemoved[entry] else { continue }
                add(frame.container.items[position], isKey: isDict && position.isMultiple(of: 2))
            } else {
                let parts = Array(nodes[frame.firstNode...])
                nodes.removeSubrange(frame.firstNode...)
                let node =
                    switch frame.container.shape {
                    case .list: builder.list(parts)
                    case .tuple: builder.tuple(parts)
                    case .dict: builder.dict(keysAndValues: parts)
                    case .set: builder.set(parts)
                    case .frozenSet: builder.frozenSet(parts)
                    }
                known[ObjectIdentifier(frame.container)] = node
                nodes.append(node)
            }
        }
        return nodes.removeLast()
    }

    private mutating func add(_ value: PickleValue, isKey: Bool) {
        switch value.storage {
        case .none: nodes.append(builder.none)
        case .bool(let value): nodes.append(builder.bool(value))
        case .int(let value): nodes.append(builder.integer(value))
        case .double(let value): nodes.append(builder.float(value))
        case .string(let text):
            let node = isKey ? keys.node(of: text) { builder.string(text) } : builder.string(text)
            nodes.append(node)
        case .node(let graph, let node): nodes.append(builder.splice(graph.graph, node))
        case .container(let container):
            if let node = known[ObjectIdentifier(container)] {
                nodes.append(node)
            } else {
                frames.append(Frame(container: container, nextItem: 0, firstNode: nodes.count))
            }
        }
    }
}

/// Keys of dicts that were met, so that equal ones become one node.
struct SharedKeys {
    private var index = HashIndex()
    private var entries: [(text: [UInt8], node: PickleGraph.Node)] = []

    /// The node that the same UTF-8 had before, or else the one that `make` gives.
    mutating func node(
        of utf8: some Collection<UInt8>, make: () -> PickleGraph.Node
    ) -> PickleGraph.Node {
        var hasher = SignatureHasher()
        hasher.describe(string: utf8)
        let hash = hasher.value
        if let entry = index.find(hash, where: { entries[$0].text.elementsEqual(utf8) }) { return entries[entry].node }
        let node = make()
        index.append(hash)
        entries.append((Array(utf8), node))
        return node
    }

    /// The node that the same text had before, or else the one that `make` gives.
    mutating func node(of text: String, make: () -> PickleGraph.Node) -> PickleGraph.Node {
        node(of: text.utf8, make: make)
    }
}
