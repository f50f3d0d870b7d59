// From the buffers of the machine to the arrays of a graph.

extension PickleMachine {
    /// Takes out the gaps that moved blocks left, where they make the graph a large one.
    mutating func compact() {
        let size = cursor + extra.count + records.count * 8 + links.count * 4
        guard gaps > links.count / 8, size / 3 > cursor else { return }
        var packed = FlatBuffer<UInt32>(capacity: links.count)
        packed.append(0)
        for index in 3..<max(records.count, 3) {
            var record = GraphRecord(bits: records[index])
            guard !record.kind.isLeaf, record.payload != 0 else { continue }
            let block = record.payload
            let count =
                record.has(GraphRecord.roomy) && record.kind.isObject
                ? Int(links[block - 1])
                : record.kind.isObject ? objectWords(at: block) : 1 + Int(links[block])
            record.payload = packed.count
            record.bits &= ~GraphRecord.roomy
            records[index] = record.bits
            unsafe packed.append(from: links.base + block, count: count)
        }
        links = packed
        gaps = 0
    }

    private func objectWords(at block: Int) -> Int {
        var end = block + 2 + Int(links[block])
        for _ in 0..<links[end - 1] { end += 2 + Int(links[end + 1]) }
        return end - block
    }
}

extension PickleGraph {
    /// Reads a pickle of any protocol from 0 to 5, up to its STOP; what follows is ignored, as Python does.
    ///
    /// Nothing is imported and nothing is called: classes and calls become nodes.
    ///
    /// - Parameters:
    ///   - bytes: The pickle. The graph keeps it, or a copy of its used part if that is much shorter.
    ///   - options: How large the pickle may be.
    /// - Throws: ``PickleError`` with the place and the opcode.
    /// - Complexity: O(n) in the number of bytes, in time and memory, whatever they are.
    public init(decoding bytes: [UInt8], options: PickleReadingOptions = .init()) throws(PickleError) {
        self = try Self.decode(bytes, options: options).graph
    }

    /// Reads a pickle and also says how many bytes it takes, STOP included.
    package static func decode(
        _ bytes: [UInt8], options: PickleReadingOptions = .init()
    ) throws(PickleError) -> (graph: PickleGraph, byteCount: Int) {
        let result: Result<(PickleGraph, Int), PickleError> = unsafe bytes.withUnsafeBufferPointer { source in
            var machine = unsafe PickleMachine(source, options: options)
            do throws(PickleError) {
                let root = try machine.run()
                machine.compact()
                let used = machine.cursor
                let keepsInput = bytes.count - used <= 64 + used / 2
                let storage = Storage(
                    input: keepsInput ? bytes : Array(bytes[..<used]), extra: machine.extra.array(),
                    records: machine.records.taken(), links: machine.links.taken(),
                    twins: machine.twins)
                return .success((PickleGraph(storage: storage, root: Node(rawValue: root)), used))
            } catch {
                return .failure(error)
            }
        }
        let (graph, byteCount) = try result.get()
        return (graph, byteCount)
    }
}
