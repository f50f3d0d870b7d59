extension PickleGraph {
    /// Reads a pickle of any protocol from 0 to 5, up to its STOP; what follows is ignored, as Python does.
    ///
    /// Nothing is imported and nothing is called: classes and calls become nodes.
    ///
    /// - Parameters:
    ///   - bytes: The pickle. The graph keeps it, or a copy of its used part if that is much shorter.
    ///   - options: How large the pickle may be.
    /// - Throws: ``PickleError`` with the place and the opcode. Bytes behind STOP, values that are left on the stack, and
    ///   names, codes, ids and buffers that only another program knows are no errors.
    /// - Complexity: O(n) in the number of bytes, in time and memory, whatever they are.
    public init(decoding bytes: [UInt8], options: PickleReadingOptions = .init()) throws(PickleError) {
        self = try Self.decode(bytes, options: options).graph
    }

    /// Reads a pickle and also says how many bytes it takes, STOP included.
    ///
    /// - Parameter isPassing: Whether the graph is needed for a moment only.
    package static func decode(
        _ bytes: [UInt8], options: PickleReadingOptions = .init(), isPassing: Bool = false
    ) throws(PickleError) -> (graph: PickleGraph, byteCount: Int) {
        try unsafe bytes.withUnsafeBufferPointer { source throws(PickleError) in
            var machine = unsafe PickleMachine(source, options: options, isPassing ? .passing : .lasting)
            let root = try machine.run()
            machine.compact()
            let used = machine.cursor
            let keepsInput = bytes.count - used <= 64 + used / 2
            let storage = Storage(
                input: keepsInput ? bytes : Array(bytes[..<used]), extra: machine.extra.array(),
                records: machine.records.taken(), links: machine.links.taken(), twins: machine.twins)
            return (PickleGraph(storage: storage, root: Node(rawValue: root)), used)
        }
    }
}
