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
        if let value = try codec.plain(extent, in: bytes) { return value }
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

    /// The values of many entries, in their order. From the first on that is not plain they come from one graph of all
    /// of the content.
    ///
    /// - Parameter node: the place of an entry, given also by its number, among all nodes of the outermost container.
    @inline(__always)
    func values<Entry, Value>(
        of entries: [Entry], at extent: (Entry) -> Extent, node: (Int, Entry) -> Int, by codec: ValueCodec<Value>,
        _ access: borrowing SegmentAccess
    ) throws -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(entries.count)
        let bytes = source(access)
        for entry in entries {
            guard let value = try codec.plain(extent(entry), in: bytes) else { break }
            values.append(value)
        }
        guard values.count < entries.count else { return values }
        let graph = try whole(access)
        let nodes = graph.children(of: graph.root)
        let rest = (values.count..<entries.count).map { nodes[node($0, entries[$0])] }
        return values + (try codec.decode(graph, at: rest))
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

extension Journal where Index == DictIndex {
    /// All keys and values, in their order: in one walk for as long as they are plain.
    @inline(__always)
    func pairs<Key, Value>(
        by keys: ValueCodec<Key>, _ values: ValueCodec<Value>, _ access: borrowing SegmentAccess
    ) throws -> [(key: Key, value: Value)] {
        let entries = index.entries
        let bytes = source(access)
        var pairs = try unsafe [(key: Key, value: Value)](unsafeUninitializedCapacity: entries.count) { places, count in
            for entry in entries {
                guard let key = try keys.plain(entry.pair.key, in: bytes),
                    let value = try values.plain(entry.pair.value, in: bytes)
                else { break }
                unsafe places.initializeElement(at: count, to: (key, value))
                count += 1
            }
        }
        guard pairs.count < entries.count else { return pairs }
        let rest = Array(entries[pairs.count...])
        let restKeys = try self.keys(of: rest, by: keys, access)
        for (key, value) in zip(restKeys, try self.values(of: rest, by: values, access)) { pairs.append((key, value)) }
        return pairs
    }

    /// The keys of entries.
    @inline(__always)
    func keys<Key>(
        of entries: [DictIndex.Entry], by codec: ValueCodec<Key>, _ access: borrowing SegmentAccess
    ) throws -> [Key] {
        try values(of: entries, at: { $0.pair.key }, node: { 2 * Int($1.keyOrdinal) }, by: codec, access)
    }

    /// The values of entries.
    @inline(__always)
    func values<Value>(
        of entries: [DictIndex.Entry], by codec: ValueCodec<Value>, _ access: borrowing SegmentAccess
    ) throws -> [Value] {
        try values(of: entries, at: { $0.pair.value }, node: { 2 * Int($1.valueOrdinal) + 1 }, by: codec, access)
    }
}
