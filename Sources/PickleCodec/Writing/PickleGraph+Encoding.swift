/// The arrays of a graph, lent for the time of writing.
@safe
struct RawStorage: ~Copyable {
    let records: UnsafePointer<UInt64>
    let links: UnsafePointer<UInt32>
    let input: UnsafePointer<UInt8>
    let extra: UnsafePointer<UInt8>
    let recordCount: Int
    let linkCount: Int
}

extension PickleGraph {
    /// Writes the graph as a pickle of protocol 4.
    ///
    /// A graph read from what CPython's pickler wrote with protocol 4 gives the same bytes again. One read from
    /// another protocol gives bytes from which Python builds the same objects, shared and cyclic references included.
    ///
    /// - Throws: ``PickleError`` with the code `limitExceeded` where tuples or calls contain themselves so often that the
    ///   pickle would grow out of proportion.
    /// - Complexity: O(n) in the size of the graph that the root reaches.
    public func encoded() throws(PickleError) -> [UInt8] {
        // The outermost container has the first record behind the constants, an outermost call or tuple the last one. From
        // there most of the graph is reached, and an array for the whole of it is worth making.
        let root = root.rawValue
        let isWhole = root == 3 || Int(root) == storage.records.count - 1 || storage.records.count < 256
        return try encoded(root: root, isWhole: isWhole)
    }

    /// Writes what one of many nodes reaches, in time linear in that.
    func encoded(at node: Node) throws(PickleError) -> [UInt8] {
        try encoded(root: node.rawValue, isWhole: false)
    }

    private func encoded(root: UInt32, isWhole: Bool) throws(PickleError) -> [UInt8] {
        let storage = storage
        let capacity = isWhole ? storage.input.count + storage.extra.count + storage.extra.count / 8 + 64 : 256
        return try storage.withRawStorage { raw throws(PickleError) in
            try raw.encoded(root: root, twins: storage.twins, capacity: capacity, isWhole: isWhole)
        }
    }
}

extension PickleGraph.Builder {
    /// Writes what a node reaches as a pickle of protocol 4: the bytes that the graph would give.
    ///
    /// - Throws: As ``PickleGraph/encoded()``.
    func encoded(root: PickleGraph.Node) throws(PickleError) -> [UInt8] {
        // Three bytes or less for most references, and four around the items of a container.
        let capacity = extra.count + 3 * links.count + 4 * records.count + 64
        let raw = unsafe RawStorage(
            records: records.base, links: links.base, input: extra.base, extra: extra.base,
            recordCount: records.count, linkCount: links.count)
        return try raw.encoded(root: root.rawValue, twins: twins, capacity: capacity, isWhole: true)
    }
}

extension RawStorage {
    /// - Parameters:
    ///   - capacity: A guess at the number of bytes.
    ///   - isWhole: Whether most of the graph will be reached.
    fileprivate func encoded(
        root: UInt32, twins: [UInt32: [UInt32]], capacity: Int, isWhole: Bool
    ) throws(PickleError) -> [UInt8] {
        // The pickle is written where it stays, unless it becomes larger than was guessed.
        var outgrown: [UInt8]?
        var failure: PickleError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { memory, count in
            var writer = PickleGraphWriter(
                self, twins: twins, output: unsafe FlatBuffer(lent: memory),
                memo: WriterMemo(recordCount: isWhole ? recordCount : nil))
            do throws(PickleError) {
                let output = try writer.write(root: root)
                count = output.count
                outgrown = output.bytes
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return outgrown ?? bytes
    }
}

extension PickleGraph.Storage {
    /// Lends the arrays to the writer.
    func withRawStorage<R, E>(_ body: (borrowing RawStorage) throws(E) -> R) throws(E) -> R {
        try unsafe input.withUnsafeBufferPointer { input throws(E) in
            try unsafe extra.withUnsafeBufferPointer { extra throws(E) in
                let nothing = unsafe UnsafePointer<UInt8>(bitPattern: 1).unsafelyUnwrapped
                return try unsafe body(
                    RawStorage(
                        records: records.base, links: links.base, input: input.baseAddress ?? nothing,
                        extra: extra.baseAddress ?? nothing, recordCount: records.count, linkCount: links.count))
            }
        }
    }
}
