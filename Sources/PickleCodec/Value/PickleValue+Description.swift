extension PickleValue: CustomStringConvertible, CustomDebugStringConvertible {
    /// Python's `repr(value)`; see ``repr(limit:)``.
    ///
    /// It is cut, with `…` at the end, where it would be more than 32 times as long as the pickle plus a million bytes:
    /// by sharing, a pickle of 100 bytes can stand for a text that fills any disk.
    ///
    /// - Complexity: linear in the size of the pickle.
    public var description: String {
        let size: Int
        switch storage {
        case .node(let graph, _): size = graph.graph.memoryByteCount
        default: size = 0
        }
        return repr(limit: 1_000_000 + 32 * size)
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Python's `repr(value)`.
    ///
    /// Exact for the built-in types, `bytes(…)` excepted that Python 2 wrote, and for `datetime`, `Decimal`, `Fraction`,
    /// `UUID`, `complex`, `range`, `slice`, `deque`, `Counter`, `OrderedDict` (as Python 3.12 prints it), `defaultdict`
    /// and paths. Members of sets stand in the order of the pickle. Objects of other classes, whose code would have to
    /// run, become `module.Class(arguments, attribute=value)`.
    /// Integers of more than 4,300 digits, which Python refuses to print, are hexadecimal.
    ///
    /// - Parameter limit: The most bytes of UTF-8; what is longer is cut and ends in `…`.
    /// - Complexity: linear in the size of the pickle and of the text; nothing is recursive.
    public func repr(limit: Int = .max) -> String {
        let (graph, node) = located
        var style = ReprStyle(graph: graph)
        var text = PythonText()
        if !ValuePrinter.print(node, style: &style, to: &text, limit: limit) {
            text.truncate(to: limit)
            text.append("…")
        }
        return text.string
    }
}
