import PickleCodec

/// Walks over all nodes that a value has, each once, with the path to its first place.
///
/// The path is made only where it is asked for: a node remembers the one that it was reached from, not the whole way.
struct GraphWalk {
    private struct Origin {
        var parent: PickleGraph.Node?
        var step: Step
    }

    private enum Step {
        case root, item(Int), value(PickleGraph.Node), key, argument, attribute, part
    }

    private let graph: PickleGraph
    private var origins: [PickleGraph.Node: Origin] = [:]
    private var waiting: [PickleGraph.Node] = []
    private static let longestPath = 40

    init(_ graph: PickleGraph) {
        self.graph = graph
        enter(graph.root, from: nil, .root)
    }

    /// The next node, and its path.
    mutating func next() -> (node: PickleGraph.Node, path: () -> String)? {
        guard let node = waiting.popLast() else { return nil }
        let children = graph.children(of: node)
        switch graph.kind(of: node) {
        case .dict:
            for place in stride(from: children.count - 2, through: 0, by: -2) {
                enter(children[place + 1], from: node, .value(children[place]))
                enter(children[place], from: node, .key)
            }
        case .list, .tuple:
            for place in children.indices.reversed() { enter(children[place], from: node, .item(place)) }
        case .reduce, .newObject, .newObjectWithKeywords, .instance:
            for child in children.reversed() { enter(child, from: node, .argument) }
        default:
            for child in children.reversed() { enter(child, from: node, .part) }
        }
        for (operation, nodes) in graph.operations(of: node) {
            for place in nodes.indices.reversed() {
                switch operation {
                case .build: enter(nodes[place], from: node, .attribute)
                case .setItems where place % 2 == 1: enter(nodes[place], from: node, .value(nodes[place - 1]))
                case .append: enter(nodes[place], from: node, .item(place))
                default: enter(nodes[place], from: node, .part)
                }
            }
        }
        let walk = self
        return (node, { walk.path(to: node) })
    }

    private mutating func enter(_ node: PickleGraph.Node, from parent: PickleGraph.Node?, _ step: Step) {
        // Small integers and constants have no place of their own.
        guard graph.index(of: node) != nil, origins[node] == nil else { return }
        origins[node] = Origin(parent: parent, step: step)
        waiting.append(node)
    }

    /// As rememoryctl takes it: player1.items[0].
    private func path(to node: PickleGraph.Node) -> String {
        var parts: [String] = []
        var current = node
        while let origin = origins[current], let parent = origin.parent, parts.count < GraphWalk.longestPath {
            parts.append(part(origin.step))
            current = parent
        }
        if let origin = origins[current], origin.parent != nil { parts.append("…") }
        let path = parts.reversed().joined()
        return path.hasPrefix(".") ? String(path.dropFirst()) : path.isEmpty ? "(the value itself)" : path
    }

    private func part(_ step: Step) -> String {
        switch step {
        case .root: return ""
        case .item(let place): return "[\(place)]"
        case .value(let key):
            if let name = graph.string(of: key), !name.isEmpty,
                name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" })
            {
                return ".\(name)"
            }
            let json = (try? PickleValue(graph.rooted(at: key)).taggedJSON()).map {
                String(decoding: $0, as: UTF8.self)
            }
            return "[\(json.map { $0.count > 60 ? $0.prefix(60) + "…" : $0 } ?? "?")]"
        case .key: return "(key)"
        case .argument: return "(argument)"
        case .attribute: return ""
        case .part: return "(part)"
        }
    }
}
