// Prints graphs without recursion. A value becomes *pieces*, texts and nodes; nodes among them become pieces when
// their turn comes.
//
//     [1, (2,)]      pieces  '['  1  ', '  (2,)  ']'
//                    the tuple's  '('  2  ',)'

/// One piece of a printed value.
enum Piece {
    case text(StaticString)
    case bytes([UInt8])
    case node(PickleGraph.Node)
}

/// A way to print: Python's `repr`, JSON.
protocol ValueStyle {
    /// Prints a node at once, or gives the pieces that it is made of.
    mutating func print(_ node: PickleGraph.Node, to text: inout PythonText) throws(PickleError) -> [Piece]?

    /// Prints a node that stands within itself.
    mutating func printCycle(_ node: PickleGraph.Node, to text: inout PythonText) throws(PickleError)
}

struct ValuePrinter {
    private struct Frame {
        var node: PickleGraph.Node
        var pieces: [Piece]
        var next = 0
    }

    /// Prints `root`; stops, once that many bytes are there, and gives false.
    static func print(
        _ root: PickleGraph.Node, style: inout some ValueStyle, to text: inout PythonText, limit: Int
    ) throws(PickleError) -> Bool {
        var frames: [Frame] = []
        var open: Set<PickleGraph.Node> = []
        if let pieces = try style.print(root, to: &text) {
            frames.append(Frame(node: root, pieces: pieces))
            open.insert(root)
        }
        while let top = frames.indices.last {
            guard text.bytes.count <= limit else { return false }
            guard frames[top].next < frames[top].pieces.count else {
                open.remove(frames[top].node)
                frames.removeLast()
                continue
            }
            let piece = frames[top].pieces[frames[top].next]
            frames[top].next += 1
            switch piece {
            case .text(let part): text.append(part)
            case .bytes(let part): text.append(contentsOf: part)
            case .node(let node):
                if open.contains(node) {
                    try style.printCycle(node, to: &text)
                } else if let pieces = try style.print(node, to: &text) {
                    frames.append(Frame(node: node, pieces: pieces))
                    open.insert(node)
                }
            }
        }
        return text.bytes.count <= limit
    }
}
