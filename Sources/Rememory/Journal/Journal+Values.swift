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
        if let value = try codec.alone(extent, in: bytes) { return value }
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

    /// The values of many entries, in their order: where they stand for as long as they are plain, and from the first on
    /// that is not by one graph of all of the content.
    ///
    /// - Parameter node: the place of an entry, given also by its number, among all nodes of the outermost container.
    /// - Returns: `nil` if a value's own code has used the block meanwhile: then nothing need be where it was.
    @inline(__always)
    func values<Entry, Value>(
        of entries: [Entry], at extent: (Entry) -> Extent, node: (Int, Entry) -> Int, by codec: ValueCodec<Value>,
        _ access: borrowing SegmentAccess
    ) throws -> [Value]? {
        var values: [Value] = []
        values.reserveCapacity(entries.count)
        let (bytes, reader) = (source(access), codec.reader)
        let within = access.operationsWithin
        for entry in entries {
            let value = try reader.value(Value.self, extent(entry), in: bytes)
            if ValueCodec<Value>.runsOwnCode, access.operationsWithin != within { return nil }
            guard let value else { break }
            values.append(value)
        }
        guard values.count < entries.count else { return values }
        return values + (try self.values(of: entries, from: values.count, node: node, by: codec, access))
    }

    /// The values of entries by a graph of all of the content, which is a copy: whatever their own code does meanwhile.
    ///
    /// - Parameter start: The number of the first.
    func values<Entry, Value>(
        of entries: [Entry], from start: Int = 0, node: (Int, Entry) -> Int, by codec: ValueCodec<Value>,
        _ access: borrowing SegmentAccess
    ) throws -> [Value] {
        let graph = try whole(access)
        let nodes = graph.children(of: graph.root)
        return try codec.decode(graph, at: (start..<entries.count).map { nodes[node($0, entries[$0])] })
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
        try settle(access)
        let entries = index.entries
        if entries.isEmpty { return [] }
        let (bytes, access) = (source(access), copy access)
        let within = access.operationsWithin
        let runsOwnCode = ValueCodec<Key>.runsOwnCode || ValueCodec<Value>.runsOwnCode
        let (keyReader, valueReader) = (keys.reader, values.reader)
        var pairs = try unsafe [(key: Key, value: Value)](unsafeUninitializedCapacity: entries.count) { places, count in
            for entry in entries {
                guard let key = try keyReader.value(Key.self, entry.pair.key, in: bytes) else { break }
                if runsOwnCode, access.operationsWithin != within { break }
                guard let value = try valueReader.value(Value.self, entry.pair.value, in: bytes) else { break }
                unsafe places.initializeElement(at: count, to: (key, value))
                count += 1
                if runsOwnCode, access.operationsWithin != within { break }
            }
        }
        if runsOwnCode, access.operationsWithin != within {
            // They are read once more, all by a copy: nothing need be where it was.
            try bringCurrent(access)
            try settle(access)
            return try self.pairs(of: index.entries, by: keys, values, access)
        }
        if pairs.count < entries.count {
            pairs += try self.pairs(of: Array(entries[pairs.count...]), by: keys, values, access)
        }
        return pairs
    }

    /// The keys and values of entries by a graph of all of the content, but for keys that are plain.
    private func pairs<Key, Value>(
        of entries: [DictIndex.Entry], by keys: ValueCodec<Key>, _ values: ValueCodec<Value>,
        _ access: borrowing SegmentAccess
    ) throws -> [(key: Key, value: Value)] {
        let graph = try whole(access)
        let nodes = graph.children(of: graph.root)
        let valueNodes = entries.map { nodes[2 * Int($0.valueOrdinal) + 1] }
        let found: [Key]
        if !ValueCodec<Key>.runsOwnCode, let plain = try self.keys(of: entries, by: keys, access) {
            found = plain
        } else {
            found = try self.values(of: entries, node: { 2 * Int($1.keyOrdinal) }, by: keys, access)
        }
        return Array(zip(found, try values.decode(graph, at: valueNodes)).lazy.map { (key: $0, value: $1) })
    }

    /// All keys, in their order.
    @inline(__always)
    func keys<Key>(by codec: ValueCodec<Key>, _ access: borrowing SegmentAccess) throws -> [Key] {
        try settle(access)
        if let keys = try keys(of: index.entries, by: codec, access) { return keys }
        try bringCurrent(access)
        try settle(access)
        return try values(of: index.entries, node: { 2 * Int($1.keyOrdinal) }, by: codec, access)
    }

    @inline(__always)
    private func keys<Key>(
        of entries: [DictIndex.Entry], by codec: ValueCodec<Key>, _ access: borrowing SegmentAccess
    ) throws -> [Key]? {
        try values(of: entries, at: { $0.pair.key }, node: { 2 * Int($1.keyOrdinal) }, by: codec, access)
    }

    /// All values, in the order of their keys.
    @inline(__always)
    func values<Value>(by codec: ValueCodec<Value>, _ access: borrowing SegmentAccess) throws -> [Value] {
        func node(_ number: Int, _ entry: DictIndex.Entry) -> Int { 2 * Int(entry.valueOrdinal) + 1 }
        try settle(access)
        if let values = try values(of: index.entries, at: { $0.pair.value }, node: node, by: codec, access) {
            return values
        }
        try bringCurrent(access)
        try settle(access)
        return try values(of: index.entries, node: node, by: codec, access)
    }
}

extension Journal where Index == ListIndex {
    /// All items.
    @inline(__always)
    func items<Element>(by codec: ValueCodec<Element>, _ access: borrowing SegmentAccess) throws -> [Element] {
        if let items = try values(of: index.items, at: { $0.extent }, node: { place, _ in place }, by: codec, access) {
            return items
        }
        try bringCurrent(access)
        return try values(of: index.items, node: { place, _ in place }, by: codec, access)
    }

    /// Some items.
    ///
    /// - Parameter positions: Gives theirs: once more if an item's own code has used the list meanwhile.
    func items<Element>(
        at positions: () throws -> [Int], by codec: ValueCodec<Element>, _ access: borrowing SegmentAccess
    ) throws -> [Element] {
        let extent = { (position: Int) in self.index.items[position].extent }
        if let items = try values(of: try positions(), at: extent, node: { $1 }, by: codec, access) { return items }
        try bringCurrent(access)
        return try values(of: try positions(), node: { $1 }, by: codec, access)
    }
}
