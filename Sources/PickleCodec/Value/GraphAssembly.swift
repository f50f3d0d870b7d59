/// Puts values together in one graph, without recursion.
struct GraphAssembly: ~Copyable {
    private struct Frame {
        var container: Container
        var nextItem: Int
        var firstNode: Int
    }

    var builder: PickleGraph.Builder
    private var known: [ObjectIdentifier: PickleGraph.Node] = [:]
    private var frames: [Frame] = []
    private var nodes: [PickleGraph.Node] = []
    private var keys = SharedKeys()

    init(_ use: MemoryUse) { builder = PickleGraph.Builder(use) }

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
        case .string(let text): add(text, isKey: isKey)
        case .shortText(let text): add(text.string, isKey: isKey)
        case .node(let graph, let node): nodes.append(builder.splice(graph.graph, node))
        case .container(let container):
            if let node = known[ObjectIdentifier(container)] {
                nodes.append(node)
            } else {
                frames.append(Frame(container: container, nextItem: 0, firstNode: nodes.count))
            }
        }
    }

    private mutating func add(_ text: String, isKey: Bool) {
        nodes.append(isKey ? keys.node(of: text) { builder.string(text) } : builder.string(text))
    }
}
