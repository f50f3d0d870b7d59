// Types that JSON has not, as objects with one key:
//
//     (1, 2)             {"$tuple": [1, 2]}            {1: 'a'}          {"$dict": [[1, "a"]]}
//     {1, 2}             {"$set": [1, 2]}              {'$tuple': 0}     {"$dict": [["$tuple", 0]]}
//     frozenset({1})     {"$frozenset": [1]}           b'ab'             {"$bytes": "YWI="}
//     bytearray(b'ab')   {"$bytearray": "YWI="}        anything else     {"$pickle": "gASV…"}
//
// Reading goes over the plain graph of the text, a tree but for shared keys, and builds the graph that it stands for.

/// Turns the graph of a tagged JSON text into the graph of the value.
struct JSONTags: ~Copyable {
    private struct Frame {
        var node: PickleGraph.Node
        var tag: String?
        var children: [PickleGraph.Node]
        var next = 0
        var firstNode: Int
    }

    private let source: PickleGraph
    private let entries: ValueGraph
    private var builder = PickleGraph.Builder()
    private var strings: [PickleGraph.Node: PickleGraph.Node] = [:]
    private var frames: [Frame] = []
    private var nodes: [PickleGraph.Node] = []

    static func graph(resolving source: PickleGraph) throws(PickleError) -> PickleGraph {
        var tags = JSONTags(source: source)
        try tags.enter(source.root)
        while var frame = tags.frames.popLast() {
            if frame.next < frame.children.count {
                let child = frame.children[frame.next]
                frame.next += 1
                tags.frames.append(frame)
                try tags.enter(child)
            } else {
                try tags.leave(frame)
            }
        }
        return tags.builder.finish(root: tags.nodes[0])
    }

    private init(source: PickleGraph) {
        self.source = source
        entries = ValueGraph(source)
    }

    private mutating func enter(_ node: PickleGraph.Node) throws(PickleError) {
        switch source.kind(of: node) {
        case .list:
            frames.append(
                Frame(node: node, tag: nil, children: Array(source.children(of: node)), firstNode: nodes.count))
        case .dict:
            let pairs = entries.distinctPairs(of: node)
            if pairs.count == 2, let tag = source.string(of: pairs[0]), tag.hasPrefix("$") {
                if let leaf = try leaf(tag, pairs[1]) { return nodes.append(leaf) }
                let items = try children(tag, pairs[1])
                frames.append(Frame(node: node, tag: tag, children: items, firstNode: nodes.count))
            } else {
                frames.append(Frame(node: node, tag: nil, children: pairs, firstNode: nodes.count))
            }
        case .string:
            let copy = strings[node] ?? builder.splice(source, node)
            strings[node] = copy
            nodes.append(copy)
        default: nodes.append(builder.splice(source, node))
        }
    }

    private mutating func leave(_ frame: Frame) throws(PickleError) {
        let parts = nodes[frame.firstNode...]
        let node: PickleGraph.Node
        switch frame.tag {
        case "$tuple": node = builder.tuple(parts)
        case "$set": node = builder.set(parts)
        case "$frozenset": node = builder.frozenSet(parts)
        case "$dict": node = builder.dict(keysAndValues: parts)
        default:
            node =
                source.kind(of: frame.node) == .list ? builder.list(parts) : builder.dict(keysAndValues: parts)
        }
        nodes.removeSubrange(frame.firstNode...)
        nodes.append(node)
    }

    /// The node of a tag whose content is a string.
    private mutating func leaf(_ tag: String, _ content: PickleGraph.Node) throws(PickleError) -> PickleGraph.Node? {
        guard tag == "$bytes" || tag == "$bytearray" || tag == "$pickle" else { return nil }
        guard let text = source.utf8(of: content), let bytes = Base64.decode(text) else {
            throw Self.failure(tag, "a string in Base64")
        }
        switch tag {
        case "$bytes": return builder.bytes(bytes)
        case "$bytearray": return builder.byteArray(bytes)
        default:
            let graph = try PickleGraph(decoding: bytes)
            return builder.splice(graph, graph.root)
        }
    }

    /// The children of a tag whose content is an array; keys and values in turn for a dict.
    private func children(_ tag: String, _ content: PickleGraph.Node) throws(PickleError) -> [PickleGraph.Node] {
        guard ["$tuple", "$set", "$frozenset", "$dict"].contains(tag) else {
            throw PickleError(
                .malformed,
                "expected $tuple, $set, $frozenset, $dict, $bytes, $bytearray or $pickle, found the tag \(tag); "
                    + #"a dict with this one key is written {"$dict": [["\#(tag)", …]]}"#)
        }
        guard source.kind(of: content) == .list else { throw Self.failure(tag, "an array") }
        let items = source.children(of: content)
        guard tag == "$dict" else { return Array(items) }
        var children: [PickleGraph.Node] = []
        for item in items {
            let pair = source.children(of: item)
            guard source.kind(of: item) == .list, pair.count == 2 else {
                throw Self.failure(tag, "an array of pairs [key, value]")
            }
            children += pair
        }
        return children
    }

    private static func failure(_ tag: String, _ expected: String) -> PickleError {
        PickleError(.malformed, "expected \(expected) in the JSON tag \(tag), found something else")
    }
}
