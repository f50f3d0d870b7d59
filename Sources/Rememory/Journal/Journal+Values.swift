import PickleCodec

extension Journal {
    /// The value that an extent builds.
    ///
    /// - Parameter node: its place among all nodes of the outermost container, in program order.
    @inline(__always)
    func value<Value>(
        _ extent: Extent, node: @autoclosure () -> Int?, by codec: ValueCodec<Value>, _ access: borrowing SegmentAccess
    ) throws -> Value {
        let bytes = source(access)
        if let value = codec.plain(extent, in: bytes) { return value }
        if scanner.isEntangled {
            guard let pickle = try entangledPickle(of: extent, bytes) else {
                let graph = try whole(access)
                guard let node = node() else { throw ScanFailure.irregular }
                return try codec.decode(graph, at: graph.children(of: graph.root)[node])
            }
            let graph = try Content.decode(pickle, name)
            return try codec.decode(graph, at: graph.root)
        }
        let graph = try Content.decode(Fragment.pickle(of: extent, in: bytes), name)
        return try codec.decode(graph, at: graph.root)
    }

    /// The values of many entries, in their order: from one graph of all of the content, where graphs are needed.
    ///
    /// - Parameter node: called once for each entry, in order.
    @inline(__always)
    func values<Entry, Value>(
        of entries: [Entry], at extent: (Entry) -> Extent, node: (Entry) -> Int, by codec: ValueCodec<Value>,
        _ access: borrowing SegmentAccess
    ) throws -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(entries.count)
        guard codec.needsGraph else {
            for entry in entries {
                let node = node(entry)
                values.append(try value(extent(entry), node: node, by: codec, access))
            }
            return values
        }
        let graph = try whole(access)
        let nodes = graph.children(of: graph.root)
        for entry in entries { values.append(try codec.decode(graph, at: nodes[node(entry)])) }
        return values
    }

    /// A pickle of what an extent alone builds, or `nil` where it refers to more of other entries than texts.
    func pickle(of extent: Extent, _ access: borrowing SegmentAccess) throws(RememoryError) -> [UInt8]? {
        let bytes = source(access)
        guard scanner.isEntangled else { return Fragment.pickle(of: extent, in: bytes) }
        return try entangledPickle(of: extent, bytes)
    }

    private func entangledPickle(of extent: Extent, _ bytes: SegmentBytes) throws(RememoryError) -> [UInt8]? {
        do {
            return try Fragment.pickle(of: extent, in: bytes, memo: scanner)
        } catch {
            throw .corruptContent(name, "the instructions of a pickle", "\(error)")
        }
    }
}
