/// Which object of the graph is being decoded, and where in the result its value goes.
struct DecodingPlace {
    typealias Node = PickleGraph.Node

    let session: DecodingSession
    var node: Node
    var depth: Int
    /// The coding path, where the session's steps do not tell it: in nested containers, which live side by side, and in
    /// decoders that somebody kept.
    var fixedPath: [any CodingKey]?

    var graph: PickleGraph { session.graph }
    var kind: PickleGraph.Kind { session.graph.kind(of: node) }

    var codingPath: [any CodingKey] {
        fixedPath ?? session.steps.prefix(depth).compactMap(\.key)
    }

    /// The place of a value inside this one.
    func child(_ node: Node, _ step: CodingStep) -> DecodingPlace {
        guard let fixedPath else {
            session.record(step, at: depth)
            return DecodingPlace(session: session, node: node, depth: depth + 1)
        }
        let path = fixedPath + [step.key].compactMap(\.self)
        return DecodingPlace(session: session, node: node, depth: depth + 1, fixedPath: path)
    }

    /// Another object of the graph that says something about the same value.
    func at(_ node: Node) -> DecodingPlace {
        var place = self
        place.node = node
        return place
    }

    func checkDepth() throws {
        guard depth < session.options.maximumDepth else {
            let limit = session.options.maximumDepth
            throw corrupted("values are nested deeper than \(limit); raise maximumDepth if the stack allows it")
        }
    }
}
