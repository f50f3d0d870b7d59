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
        var assembly = GraphAssembly(.lasting)
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
