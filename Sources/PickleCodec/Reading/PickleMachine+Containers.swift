// Tuples, lists, dicts and sets: their children go from the stack to `links`.

extension PickleMachine {
    @inline(__always)
    mutating func makeTuple(from base: Int) throws(PickleError) {
        guard stack.count >= base else { throw underflow() }
        guard stack.count > base else {
            if emptyTuple == 0 { emptyTuple = try add(.tuple, 0) }
            stack.append(emptyTuple)
            return
        }
        var flags: UInt64 = 0
        for index in base..<stack.count where isUnhashable(stack[index]) { flags = GraphRecord.special }
        try push(.tuple, takeBlock(from: base), flags: flags)
    }

    mutating func makeList(from base: Int) throws(PickleError) {
        try push(.list, takeBlock(from: base))
    }

    mutating func makeDict(from base: Int) throws(PickleError) {
        guard (stack.count - base) % 2 == 0 else { throw oddNumber() }
        for index in stride(from: base, to: stack.count, by: 2) { try requireHashable(stack[index]) }
        try push(.dict, takeBlock(from: base))
    }

    mutating func makeFrozenSet(from base: Int) throws(PickleError) {
        for index in base..<stack.count { try requireHashable(stack[index]) }
        try push(.frozenSet, takeBlock(from: base))
    }

    /// Moves the nodes above `base` into a new block.
    @inline(__always)
    mutating func takeBlock(from base: Int) -> Int {
        let count = stack.count - base
        guard count > 0 else { return 0 }
        let block = links.count
        links.reserve(count + 1)
        links.appendReserved(UInt32(truncatingIfNeeded: count))
        unsafe links.append(from: stack.base + base, count: count)
        stack.removeLast(count)
        return block
    }

    /// The object below the operands of APPENDS and its like, or `nil` if there are no operands.
    @inline(__always)
    private mutating func target(below base: Int) throws(PickleError) -> UInt32? {
        guard base <= stack.count, base > fence else { throw underflow() }
        return base == stack.count ? nil : stack[base - 1]
    }

    @inline(__always)
    mutating func append(from base: Int) throws(PickleError) {
        guard let target = try target(below: base) else { return }
        let record = try container(target, "a list to append to")
        if record.kind == .list {
            extend(target, record, from: base)
        } else if record.kind.isObject {
            addOperation(.append, to: target, record, from: base)
        } else {
            throw wrongTarget(target, "a list to append to")
        }
    }

    @inline(__always)
    mutating func setItems(from base: Int) throws(PickleError) {
        guard let target = try target(below: base) else { return }
        guard (stack.count - base) % 2 == 0 else { throw oddNumber() }
        let record = try container(target, "a dict to set items of")
        if record.kind == .dict {
            var index = base
            while index < stack.count {
                try requireHashable(stack[index])
                index += 2
            }
            extend(target, record, from: base)
        } else if record.kind == .list {
            try setListItems(record, from: base)
        } else if record.kind.isObject {
            addOperation(.setItems, to: target, record, from: base)
        } else {
            throw wrongTarget(target, "a dict to set items of")
        }
    }

    mutating func addItems(from base: Int) throws(PickleError) {
        guard let target = try target(below: base) else { return }
        let record = try container(target, "a set to add items to")
        if record.kind == .set {
            for index in base..<stack.count { try requireHashable(stack[index]) }
            extend(target, record, from: base)
        } else if record.kind.isObject {
            addOperation(.addItems, to: target, record, from: base)
        } else {
            throw wrongTarget(target, "a set to add items to")
        }
    }

    @inline(__always)
    private mutating func container(_ node: UInt32, _ expected: String) throws(PickleError) -> GraphRecord {
        guard node < Self.noNode else { throw wrongTarget(node, expected) }
        return GraphRecord(bits: records[Int(node)])
    }

    // The errors of what is inlined everywhere are made out of line.

    @inline(never)
    private mutating func wrongTarget(_ node: UInt32, _ expected: String) -> PickleError {
        // A `bytearray` has items to set and to append in Python. No pickler makes use of them.
        let isByteArray = kind(of: node) == .byteArray
        return failure(isByteArray ? .unsupported : .malformed, "expected \(expected), found \(name(of: node))")
    }

    @inline(never)
    private mutating func oddNumber() -> PickleError {
        failure(.malformed, "expected pairs of key and value, found an odd number of objects")
    }

    @inline(never)
    private mutating func unhashable(_ node: UInt32) -> PickleError {
        failure(.malformed, "expected a key that can be hashed, found \(name(of: node))")
    }

    /// Sets items of a list by index, as CPython's `list.__setitem__` does.
    private mutating func setListItems(_ record: GraphRecord, from base: Int) throws(PickleError) {
        let block = record.payload
        let count = Int(links[block])
        for place in stride(from: base, to: stack.count, by: 2) {
            let key = PickleGraph.Node(rawValue: stack[place])
            guard var index = key.smallInteger ?? (key == .true ? 1 : key == .false ? 0 : nil) else {
                let kind = GraphRecord(bits: records[Int(key.rawValue)]).kind
                let code: PickleError.Code = kind.isObject ? .unsupported : .malformed
                throw failure(code, "expected an integer as the index of a list, found \(name(of: key.rawValue))")
            }
            if index < 0 { index += count }
            guard index >= 0, index < count else {
                throw failure(.malformed, "expected an index of a list of \(count), found \(key.smallInteger ?? index)")
            }
            links[block + 1 + index] = stack[place + 1]
        }
        stack.removeLast(stack.count - base)
    }

    /// Adds the nodes above `base` to the children of a list, dict or set.
    @inline(__always)
    private mutating func extend(_ node: UInt32, _ record: GraphRecord, from base: Int) {
        let block = record.payload
        if block == 0 {
            var record = record
            record.payload = takeBlock(from: base)
            records[Int(node)] = record.bits
        } else {
            extendAgain(node, record, from: base)
        }
    }

    @inline(never)
    private mutating func extendAgain(_ node: UInt32, _ record: GraphRecord, from base: Int) {
        let block = record.payload
        let old = Int(links[block])
        let added = stack.count - base
        if !record.has(GraphRecord.roomy), block + 1 + old == links.count {
            unsafe links.append(from: stack.base + base, count: added)
        } else {
            let place = room(for: added, behind: old + 1, of: node, record)
            for index in 0..<added { links[place + old + 1 + index] = stack[base + index] }
        }
        let place = GraphRecord(bits: records[Int(node)]).payload
        links[place] = UInt32(truncatingIfNeeded: old + added)
        stack.removeLast(added)
    }

    /// Gives a block that has room for `added` more words behind the `used` ones, moving it if it must.
    private mutating func room(for added: Int, behind used: Int, of node: UInt32, _ record: GraphRecord) -> Int {
        let block = record.payload
        if record.has(GraphRecord.roomy), used + added <= Int(links[block - 2]) {
            links[block - 1] = UInt32(truncatingIfNeeded: used + added)
            gaps -= added
            return block
        }
        let capacity = roomyCapacity(for: used + added)
        links.reserve(capacity + 2)
        links.appendReserved(UInt32(truncatingIfNeeded: capacity))
        links.appendReserved(UInt32(truncatingIfNeeded: used + added))
        let moved = links.count
        unsafe links.append(from: links.base + block, count: used)
        // Nothing is written to the rest: pages that are not touched take no memory, and no time.
        links.advance(by: capacity - used)
        gaps += used + (capacity - used - added) + (record.has(GraphRecord.roomy) ? 2 : 0)
        var record = GraphRecord(bits: record.bits | GraphRecord.roomy)
        record.payload = moved
        records[Int(node)] = record.bits
        return moved
    }

    /// How much room a block of `used` words gets that will go on growing: what it will take if the rest of the pickle
    /// is like what was read, as long as half of the memory that `links` got at first suffices for that.
    private mutating func roomyCapacity(for used: Int) -> Int {
        let expected = used * inputEnd / max(cursor, 1) / 8 * 9
        return max(used / 2 * 3 + 1, min(expected, (inputEnd / 2 - links.count) / 2 - 2))
    }

    /// Notes what is done to an object with the nodes above `base`.
    mutating func addOperation(
        _ operation: PickleGraph.Operation, to node: UInt32, _ record: GraphRecord, from base: Int
    ) {
        let added = stack.count - base
        var block = record.payload
        let counter = 1 + Int(links[block])
        let used = usedWords(of: node, record)
        if !record.has(GraphRecord.roomy), block + used == links.count {
            links.append(repeating: 0, count: added + 2)
            openObject = (node, links.count)
        } else {
            block = room(for: added + 2, behind: used, of: node, record)
        }
        links[block + used] = operation.rawValue
        links[block + used + 1] = UInt32(truncatingIfNeeded: added)
        for index in 0..<added { links[block + used + 2 + index] = stack[base + index] }
        links[block + counter] += 1
        stack.removeLast(added)
    }

    /// How many words an object's block takes, without walking over its operations again and again.
    private mutating func usedWords(of node: UInt32, _ record: GraphRecord) -> Int {
        let block = record.payload
        if record.has(GraphRecord.roomy) { return Int(links[block - 1]) }
        if openObject.record == node, openObject.end == links.count { return links.count - block }
        return links.objectWordCount(at: block)
    }
}

// MARK: - Hashing

extension PickleMachine {
    /// Whether Python surely refuses the node as a key.
    @inline(__always)
    mutating func isUnhashable(_ node: UInt32) -> Bool {
        guard node < Self.noNode else { return false }
        let record = GraphRecord(bits: records[Int(node)])
        switch record.kind {
        case .string, .integer, .bytes: return false
        case .list, .dict, .set, .byteArray: return true
        case .tuple: return record.has(GraphRecord.special)
        case .reduce: return makesUnhashable(record)
        default: return false
        }
    }

    @inline(__always)
    mutating func requireHashable(_ node: UInt32) throws(PickleError) {
        if isUnhashable(node) { throw unhashable(node) }
    }

    /// Whether the call is one of `builtins.list`, `dict`, `set` or `bytearray`.
    @inline(never)
    private mutating func makesUnhashable(_ record: GraphRecord) -> Bool {
        let callable = links[record.payload + 1]
        guard callable < Self.noNode else { return false }
        let global = GraphRecord(bits: records[Int(callable)])
        guard global.kind == .global else { return false }
        let module = links[global.payload + 1]
        let name = links[global.payload + 2]
        guard ["builtins", "__builtin__"].contains(where: { isText(module, $0) }) else { return false }
        return ["list", "dict", "set", "bytearray"].contains { isText(name, $0) }
    }

    /// Whether a string node has this ASCII text of less than 256 bytes.
    private mutating func isText(_ node: UInt32, _ text: StaticString) -> Bool {
        let record = GraphRecord(bits: records[Int(node)])
        guard record.kind == .string || record.kind == .python2String else { return false }
        let position = record.payload
        func byte(_ index: Int) -> UInt8 {
            unsafe record.has(GraphRecord.inExtra) ? extra[position + index] : input[position + index]
        }
        let isWide = byte(0) == PickleOpcode.binUnicode.rawValue || byte(0) == PickleOpcode.binString.rawValue
        let header = isWide ? 5 : 2
        guard byte(0) != PickleOpcode.binUnicode8.rawValue, byte(1) == UInt8(text.utf8CodeUnitCount) else {
            return false
        }
        if isWide && (byte(2) | byte(3) | byte(4)) != 0 { return false }
        for index in 0..<text.utf8CodeUnitCount where unsafe byte(header + index) != text.utf8Start[index] {
            return false
        }
        return true
    }
}
