// Prints graphs without recursion. A value becomes *pieces*, texts and nodes; nodes among them become pieces when
// their turn comes.
//
//     [1, (2,)]      pieces  '['  1  ', '  (2,)  ']'
//                    the tuple's  '('  2  ',)'
//
// A node can cost much and print little (a dict whose keys are all equal), and stand in many places. So what it becomes
// is kept when it is met for the second time: from then on it costs what it prints.

/// A way to print: Python's `repr`, JSON.
protocol ValueStyle {
    /// What printing throws: `Never` where everything can be printed.
    associatedtype Failure: Error

    /// Prints a node at once, or gives the pieces that it is made of.
    mutating func print(_ node: PickleGraph.Node, to text: inout PythonText) throws(Failure) -> [Piece]?

    /// Prints a node that stands within itself.
    mutating func printCycle(_ node: PickleGraph.Node, to text: inout PythonText) throws(Failure)
}

/// Prints a value in a style.
enum ValuePrinter {
    private struct Frame {
        var node: PickleGraph.Node
        var pieces: [Piece]
        var next = 0
    }

    /// What is known of a node that is made of others.
    private enum State {
        /// It is being printed, for the first time or again.
        case open, openAgain(Form)
        /// It was printed once, or more often.
        case printed, known(Form)
    }

    /// What a style makes of a node: text at once, then pieces.
    private struct Form {
        var text: [UInt8]
        var pieces: [Piece]
    }

    /// Prints `root`; stops, once that many bytes are there, and gives false.
    static func print<Style: ValueStyle>(
        _ root: PickleGraph.Node, style: inout Style, to text: inout PythonText, limit: Int
    ) throws(Style.Failure) -> Bool {
        var frames: [Frame] = []
        var states: [PickleGraph.Node: State] = [:]

        func open(_ node: PickleGraph.Node) throws(Style.Failure) {
            switch states[node] {
            case .open, .openAgain: try style.printCycle(node, to: &text)
            case .known(let form):
                text.append(contentsOf: form.text)
                frames.append(Frame(node: node, pieces: form.pieces))
                states[node] = .openAgain(form)
            case let state:
                let start = text.bytes.count
                guard let pieces = try style.print(node, to: &text) else { return }
                frames.append(Frame(node: node, pieces: pieces))
                states[node] =
                    state == nil ? .open : .openAgain(Form(text: Array(text.bytes[start...]), pieces: pieces))
            }
        }

        try open(root)
        while let top = frames.indices.last {
            guard text.bytes.count <= limit else { return false }
            guard frames[top].next < frames[top].pieces.count else {
                let node = frames.removeLast().node
                if case .openAgain(let form) = states[node] {
                    states[node] = .known(form)
                } else {
                    states[node] = .printed
                }
                continue
            }
            let piece = frames[top].pieces[frames[top].next]
            frames[top].next += 1
            switch piece {
            case .text(let part): text.append(part)
            case .bytes(let part): text.append(contentsOf: part)
            case .node(let node): try open(node)
            }
        }
        return text.bytes.count <= limit
    }
}
