/// How deep and how large a value is, unfolded.
struct Extent {
    private(set) var depth = 0
    private(set) var count = 1

    private enum Visit {
        case open
        case done(Extent)
    }

    private struct Frame {
        var node: PickleGraph.Node
        var firstChild: Int
        var nextChild: Int
        var extent: Extent
    }

    private mutating func add(_ child: Extent) {
        depth = max(depth, child.depth + 1)
        let (sum, isTooLarge) = count.addingReportingOverflow(child.count)
        count = isTooLarge ? .max : sum
    }

    private init() {}

    /// - Complexity: linear in what the root reaches; what is shared is looked into once.
    init(of root: PickleGraph.Node, in graph: PickleGraph) {
        var visits: [PickleGraph.Node: Visit] = [:]
        var children: [PickleGraph.Node] = []
        var frames: [Frame] = []
        func enter(_ node: PickleGraph.Node) {
            let first = children.count
            var extent = Extent()
            switch graph.kind(of: node) {
            case .none, .false, .true, .integer, .float, .string, .bytes, .byteArray, .python2String, .global: break
            default:
                extent.depth = 1
                children += graph.children(of: node)
                for (_, nodes) in graph.operations(of: node) { children += nodes }
            }
            visits[node] = .open
            frames.append(Frame(node: node, firstChild: first, nextChild: first, extent: extent))
        }
        enter(root)
        var result = Extent()
        while var frame = frames.popLast() {
            guard frame.nextChild < children.count else {
                children.removeSubrange(frame.firstChild...)
                visits[frame.node] = .done(frame.extent)
                if frames.isEmpty { result = frame.extent }
                if let parent = frames.indices.last { frames[parent].extent.add(frame.extent) }
                continue
            }
            let child = children[frame.nextChild]
            frame.nextChild += 1
            switch visits[child] {
            case .open: frame.extent.count = .max
            case .done(let extent): frame.extent.add(extent)
            case nil where child.smallInteger != nil: frame.extent.add(Extent())
            case nil:
                frames.append(frame)
                enter(child)
                continue
            }
            frames.append(frame)
        }
        self = result
    }
}
