import PickleCodec

/// One key's change, ready to be written.
struct DictChange {
    var form: KeyForm
    /// The instructions of the key, for a key that is new.
    var key: [UInt8]
    /// The instructions of the value; none removes the key.
    var value: [UInt8]?
    /// Whether the key loses its place first: it was removed and set again.
    var movesToEnd = false
}

extension Journal where Index == DictIndex {
    /// Makes the index answer for every key.
    @inline(__always)
    func settle(_ access: borrowing SegmentAccess) throws(RememoryError) {
        if !index.isSettled { try settleNow(access) }
    }

    private func settleNow(_ access: borrowing SegmentAccess) throws(RememoryError) {
        let (bytes, access) = (source(access), copy access)
        try index.settle(in: bytes) { pair, node throws(RememoryError) in try spell(pair, node: node, access) }
    }

    private func spell(
        _ pair: DictIndex.Pair, node: Int, _ access: borrowing SegmentAccess
    ) throws(RememoryError) -> KeyForm {
        let bytes = source(access)
        if let integer = PlainValue.integer(bytes, pair.key) { return KeySpelling.form(of: integer) }
        let graph: PickleGraph
        let key: PickleGraph.Node
        if let pickle = try pickle(of: pair.key, access) {
            graph = try Content.decode(pickle, name)
            key = graph.root
        } else {
            graph = try whole(access)
            key = graph.children(of: graph.root)[node]
        }
        do {
            return try KeySpelling.form(of: key, in: graph)
        } catch {
            throw .unsupported(name, "a key at byte \(pair.key.lower) of its content can't be compared: \(error)")
        }
    }

    /// The entry of a key.
    func find(_ form: UnsafeRawBufferPointer, isString: Bool, _ access: borrowing SegmentAccess) throws -> Int? {
        let hash = unsafe index.anticipate(form, isString: isString)
        guard let place = try unsafe place(of: form, isString: isString, hash: hash, access) else { return nil }
        return index.entry(at: place)
    }

    /// The place of a key in the index.
    ///
    /// - Parameter hash: What `anticipate` gave for it.
    @inline(__always)
    func place(
        of form: UnsafeRawBufferPointer, isString: Bool, hash: UInt32, _ access: borrowing SegmentAccess
    ) throws(RememoryError) -> Int? {
        try settle(access)
        let bytes = source(access)
        return unsafe index.place(of: form, isString: isString, hash: hash, in: bytes)
    }

    // MARK: Changing

    /// Writes changes with one commit.
    ///
    /// - Complexity: linear in the changes, amortized; linear in the content where keys are removed, and in canonical
    ///   layout.
    func apply(_ changes: [DictChange], _ access: inout SegmentAccess) throws {
        guard !changes.isEmpty else { return }
        try settle(access)
        if layout == .journal, changes.allSatisfy({ $0.value != nil && !$0.movesToEnd }) {
            if changes.count == 1, let value = changes[0].value,
                let entry = unsafe changes[0].form.bytes.withUnsafeBytes({
                    unsafe index.find($0, isString: changes[0].form.isString, in: source(access))
                }), try patch(index.entries[entry].pair.value, with: value, access)
            {
                return
            }
            var instructions = [Opcode.mark]
            for change in changes { instructions += change.key + (change.value ?? []) }
            instructions += [Opcode.setItems, Opcode.stop]
            if try appendTidying(instructions, &access) {
                try compactIfDue(&access)
                return
            }
        }
        try rewrite(changes, &access)
    }

    /// Sets one key, which is what dicts are used for most.
    ///
    /// - Parameters:
    ///   - hash: What `anticipate` gave for the key.
    ///   - key: Appends the instructions of the key, for one that is new or whose value is appended.
    @inline(__always)
    func set(
        _ form: UnsafeRawBufferPointer, isString: Bool, hash: UInt32, key: (inout [UInt8]) throws -> Void,
        value: [UInt8], _ access: inout SegmentAccess
    ) throws {
        if layout == .journal {
            let place = try unsafe place(of: form, isString: isString, hash: hash, access)
            if let place {
                if try patch(index.value(at: place), with: value, access) { return }
                index.anticipateEntry(at: place)
            }
            var instructions: [UInt8] = []
            // Room for the text of a key, and what goes around it.
            instructions.reserveCapacity(form.count + value.count + 16)
            instructions.append(Opcode.mark)
            try key(&instructions)
            instructions.append(contentsOf: value)
            instructions.append(Opcode.setItems)
            instructions.append(Opcode.stop)
            if try appendTidying(instructions, &access) {
                if let place { index.settle(at: place) }
                try compactIfDue(&access)
                return
            }
        }
        try settle(access)
        var change = DictChange(form: KeyForm(bytes: unsafe Array(form), isString: isString), key: [], value: value)
        try key(&change.key)
        try rewrite([change], &access)
    }

    /// Makes the changes all there is.
    func replaceAll(with changes: [DictChange], _ access: inout SegmentAccess) throws {
        var places: [KeyForm: Int] = [:]
        var pairs: [DictChange] = []
        for change in changes {
            if let place = places[change.form] {
                pairs[place].value = change.value
            } else {
                places[change.form] = pairs.count
                pairs.append(change)
            }
        }
        try replace(with: Journal.program(ofNew: pairs.flatMap { [$0.key, $0.value ?? []] }), &access)
    }

    /// Appends instructions, if need be after tidying up: where that can be done by copying, it is several times faster than
    /// to write and scan a program anew.
    private func appendTidying(_ instructions: [UInt8], _ access: inout SegmentAccess) throws -> Bool {
        if try append(instructions, access) { return true }
        guard index.weight.deadBytes >= instructions.count else { return false }
        return try rewriteKept(without: [], &access) && append(instructions, access)
    }

    private func compactIfDue(_ access: inout SegmentAccess) throws {
        try settle(access)
        if index.weight.wantsCompaction { try rewrite([], &access) }
    }

    /// Removes an entry, whatever its key: that of a NaN can't be found.
    ///
    /// - Complexity: linear in the content.
    func remove(entry: Int, _ access: inout SegmentAccess) throws {
        try rewrite([], removing: [entry], &access)
    }

    private func rewrite(
        _ changes: [DictChange], removing entries: Set<Int> = [], _ access: inout SegmentAccess
    ) throws {
        let bytes = source(access)
        var replaced: [Int: [UInt8]] = [:]
        var removed = entries
        var added: [DictChange] = []
        for change in changes {
            let entry = unsafe change.form.bytes.withUnsafeBytes {
                unsafe index.find($0, isString: change.form.isString, in: bytes)
            }
            if let entry {
                if change.value == nil || change.movesToEnd {
                    removed.insert(entry)
                } else {
                    replaced[entry] = change.value
                }
            }
            if change.value != nil, entry == nil || change.movesToEnd { added.append(change) }
        }
        if replaced.isEmpty, added.isEmpty, try rewriteKept(without: removed, &access) { return }
        var parts: [Part] = []
        parts.reserveCapacity(2 * (index.count + added.count))
        for (number, entry) in index.entries.enumerated() where !removed.contains(number) {
            parts.append(.kept(entry.pair.key, node: 2 * Int(entry.keyOrdinal)))
            if let value = replaced[number] {
                parts.append(.new(value))
            } else {
                parts.append(.kept(entry.pair.value, node: 2 * Int(entry.valueOrdinal) + 1))
            }
        }
        for change in added { parts += [.new(change.key), .new(change.value ?? [])] }
        try replace(with: program(of: parts, access), &access)
    }

    /// Tidies up without some of the entries: what stays is copied, and the index follows it.
    ///
    /// - Returns: whether that was possible.
    private func rewriteKept(without removed: Set<Int>, _ access: inout SegmentAccess) throws -> Bool {
        guard isPlainlyCopied else { return false }
        let bytes = access.content
        return try replaceAndReindex(count: index.programCount(without: removed), &access) { program, start in
            index.rewrite(without: removed, in: bytes, to: program, as: start)
        }
    }
}
