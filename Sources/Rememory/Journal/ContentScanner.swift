// Finds the entries of a dict or list in the bytes of its pickle, without building any value.
//
// It runs the pickle's stack machine with *extents* in place of values: an item on the stack is the range of the
// instructions that push it. When SETITEMS reaches the outermost dict, the items above its mark are the keys and
// values, and their extents are what the index keeps:
//
//     80 04 95 … 7d 94 28 8c 01 61 94 4b 01 8c 01 62 94 4b 02 75 2e        {'a': 1, 'b': 2}
//                         └────────┘ └───┘ └────────┘ └───┘ │  └ STOP
//                            key     value    key     value └ SETITEMS takes four items down to the mark
//
// Swift appends to a pickle by turning STOP into `28` (MARK) and going on, so a scan can be resumed at the byte that
// was STOP when it ended: the stack then holds the outermost container alone, and the memo is what it was.

/// A run of instructions: from `lower` up to, not including, `upper`.
struct Extent: Equatable {
    var lower: UInt32
    var upper: UInt32

    var range: Range<Int> { Int(lower)..<Int(upper) }
    var count: Int { Int(upper) - Int(lower) }
}

/// Why a pickle can't be followed instruction by instruction.
enum ScanFailure: Error {
    /// No pickle that an unpickler would accept.
    case malformed(offset: Int, reason: String)
    /// A pickle, but not one of the plain shape that the scanner follows. It has to be decoded whole.
    case irregular
}

/// The two containers that have a journal.
enum ContainerKind: Sendable {
    case dict, list
}

struct ContentScanner {
    /// An item of the stack, and how many instructions had run before its first.
    private struct Item {
        var extent: Extent
        var instructions: UInt32
    }

    /// An entry of the memo: where the expression begins, and where it was stored.
    struct MemoSlot {
        var start: UInt32
        var storedAt: UInt32
    }

    private(set) var kind: ContainerKind?
    /// The memo by index for as long as indexes come in order, as MEMOIZE gives them.
    private(set) var memo: [MemoSlot] = []
    /// Entries stored by an explicit number.
    private(set) var numberedMemo: [UInt32: MemoSlot] = [:]
    /// Whether an entry may use what another one memoized, so that entries can't be moved one by one.
    private(set) var isEntangled = false
    /// Whether instructions stand between or in entries that must not be copied (FRAME, MEMOIZE).
    private(set) var needsNormalizing = false
    private(set) var instructions: UInt32 = 0
    /// Where the frame ends that the scan is in. Instructions end there too, and no frame begins inside another.
    private var frameEnd = Int.max
    /// For content that was cut off: its frames end where there is nothing any more.
    var ignoresFrames = false

    private var highestNumber = -1
    private var stack: [Item] = []
    private var marks: [Int] = []
    private var fetches: [(at: UInt32, start: UInt32)] = []

    init() {
        stack.reserveCapacity(64)
    }

    /// As it is after a scan of a program that builds a container and stores nothing.
    init(behind program: Extent, of kind: ContainerKind) {
        self.init()
        self.kind = kind
        stack.append(Item(extent: program, instructions: 0))
    }

    /// Whether entries may be copied one by one, and nothing else has to be known of them.
    var isPlain: Bool { !isEntangled && !needsNormalizing && highestNumber < 0 }

    /// The first memo number that nothing uses.
    var firstFreeMemoNumber: Int {
        max(memo.count, highestNumber + 1)
    }

    /// Runs from `offset` to STOP and reports what the outermost container receives.
    ///
    /// - Returns: the offset of STOP.
    /// - Complexity: linear in the bytes.
    mutating func scan<Index: ContentIndex>(
        _ bytes: SegmentBytes, from start: Int, to limit: Int, into index: inout Index
    ) throws(ScanFailure) -> Int {
        var offset = start
        while true {
            guard offset < limit else { throw .malformed(offset: offset, reason: "no STOP before the end") }
            if offset >= frameEnd {
                guard offset == frameEnd else {
                    throw .malformed(offset: offset, reason: "a frame that cuts an instruction in two")
                }
                frameEnd = .max
            }
            let opcode = bytes[offset]
            let at = UInt32(truncatingIfNeeded: offset)
            instructions &+= 1
            switch opcode {
            // The instructions that make up nearly all content come first.
            case Opcode.shortBinUnicode, Opcode.shortBinBytes, Opcode.long1, Opcode.shortBinString:
                let length = try operand8(bytes, offset, limit)
                offset = try push(from: offset, length: 2 + length, limit)
            case Opcode.memoize:
                guard var top = stack.last else {
                    throw .malformed(offset: offset, reason: "MEMOIZE on an empty stack")
                }
                guard numberedMemo.isEmpty else { throw .irregular }
                offset += 1
                top.extent.upper = UInt32(truncatingIfNeeded: offset)
                stack[stack.count - 1] = top
                memo.append(MemoSlot(start: top.extent.lower, storedAt: at))
                needsNormalizing = true
            case Opcode.binInt1, Opcode.extension1:
                offset = try push(from: offset, length: 2, limit)
            case Opcode.binInt2, Opcode.extension2:
                offset = try push(from: offset, length: 3, limit)
            case Opcode.binInt, Opcode.extension4:
                offset = try push(from: offset, length: 5, limit)
            case Opcode.binFloat:
                offset = try push(from: offset, length: 9, limit)
            case Opcode.none, Opcode.newTrue, Opcode.newFalse, Opcode.emptyTuple, Opcode.emptySet, Opcode.nextBuffer:
                offset = try push(from: offset, length: 1, limit)
            case Opcode.emptyDict, Opcode.emptyList:
                if stack.isEmpty, marks.isEmpty {
                    kind = opcode == Opcode.emptyDict ? .dict : .list
                    index.begin()
                }
                offset = try push(from: offset, length: 1, limit)
            case Opcode.binGet:
                let number = try operand8(bytes, offset, limit)
                try fetch(UInt32(number), at: at)
                offset = try push(from: offset, length: 2, limit)
            case Opcode.longBinGet:
                let number = try operand32(bytes, offset, limit)
                try fetch(number, at: at)
                offset = try push(from: offset, length: 5, limit)
            case Opcode.mark:
                offset += 1
                if let end = takePlainRun(bytes, from: offset, to: min(limit, frameEnd), into: &index) {
                    offset = end
                } else {
                    marks.append(stack.count)
                }
            case Opcode.setItems:
                let mark = try popMark(offset)
                offset += 1
                try setItems(from: mark, end: offset, bytes, &index)
            case Opcode.setItem:
                guard stack.count - (marks.last ?? 0) >= 3 else {
                    throw .malformed(offset: offset, reason: "SETITEM needs three items")
                }
                offset += 1
                try setItems(from: stack.count - 2, end: offset, bytes, &index)
            case Opcode.appends:
                let mark = try popMark(offset)
                offset += 1
                try appendItems(from: mark, end: offset, bytes, &index)
            case Opcode.append:
                guard stack.count - (marks.last ?? 0) >= 2 else {
                    throw .malformed(offset: offset, reason: "APPEND needs two items")
                }
                offset += 1
                try appendItems(from: stack.count - 1, end: offset, bytes, &index)
            case Opcode.stop:
                guard stack.count == 1, marks.isEmpty, kind != nil else { throw .irregular }
                guard frameEnd == .max || frameEnd == offset + 1 else {
                    throw .malformed(offset: offset, reason: "a frame that goes on behind STOP")
                }
                frameEnd = .max
                return offset
            default:
                offset = try scanRare(opcode, bytes, offset, limit)
            }
        }
    }

    // MARK: After a failure

    /// Where a pickle that was cut off can be closed, and how: what stands on the stack when a scan has failed.
    ///
    ///     80 04 95 … 7d 94 28 8c 01 61 94 4b 01 8c 01 62 94 4b          cut in the middle of a number
    ///                                         └ end; open items: 'a' 1, and a key without a value
    ///
    /// `nil` if the outermost container has not begun.
    var closing: (end: Int, openItems: Int)? {
        guard kind != nil, let container = stack.first else { return nil }
        let end = Int(container.extent.upper)
        guard marks.first == 1 else { return (end, 0) }
        // What stands before a further mark is being filled.
        var open = (marks.count > 1 ? marks[1] - 1 : stack.count) - 1
        if kind == .dict { open -= open & 1 }
        return open > 0 ? (Int(stack[open].extent.upper), open) : (end, 0)
    }

    // MARK: Instructions of values that are not plain

    private mutating func scanRare(
        _ opcode: UInt8, _ bytes: SegmentBytes, _ offset: Int, _ limit: Int
    ) throws(ScanFailure) -> Int {
        switch opcode {
        case Opcode.binUnicode, Opcode.binBytes, Opcode.long4, Opcode.binString:
            let length = Int(try operand32(bytes, offset, limit))
            return try push(from: offset, length: 5 + length, limit)
        case Opcode.binUnicode8, Opcode.binBytes8, Opcode.byteArray8:
            guard limit - offset >= 9 else { throw .malformed(offset: offset, reason: "cut off") }
            let length = bytes.load(UInt64.self, at: offset + 1)
            guard length <= UInt64(limit - offset - 9) else {
                throw .malformed(offset: offset, reason: "longer than the content")
            }
            return try push(from: offset, length: 9 + Int(length), limit)
        case Opcode.proto:
            guard try operand8(bytes, offset, limit) <= 5 else {
                throw .malformed(offset: offset, reason: "unknown protocol")
            }
            return offset + 2
        case Opcode.frame:
            guard limit - offset >= 9 else { throw .malformed(offset: offset, reason: "cut off") }
            if ignoresFrames { return offset + 9 }
            guard bytes.load(UInt64.self, at: offset + 1) <= UInt64(limit - offset - 9) else {
                throw .malformed(offset: offset, reason: "a frame that is longer than the content")
            }
            guard frameEnd == .max else { throw .malformed(offset: offset, reason: "a frame inside another") }
            frameEnd = offset + 9 + Int(bytes.load(UInt64.self, at: offset + 1))
            needsNormalizing = true
            return offset + 9
        case Opcode.binPut, Opcode.longBinPut:
            let number =
                opcode == Opcode.binPut
                ? UInt32(try operand8(bytes, offset, limit)) : try operand32(bytes, offset, limit)
            guard !stack.isEmpty, stack.count > (marks.last ?? 0) else {
                throw .malformed(offset: offset, reason: "PUT on an empty stack")
            }
            let end = offset + (opcode == Opcode.binPut ? 2 : 5)
            stack[stack.count - 1].extent.upper = UInt32(truncatingIfNeeded: end)
            highestNumber = max(highestNumber, Int(number))
            numberedMemo[number] = MemoSlot(
                start: stack[stack.count - 1].extent.lower, storedAt: UInt32(truncatingIfNeeded: offset))
            return end
        case Opcode.tuple1: return try reduce(1, offset)
        case Opcode.tuple2, Opcode.stackGlobal, Opcode.reduce, Opcode.newObject: return try reduce(2, offset)
        case Opcode.tuple3, Opcode.newObjectWithKeywords: return try reduce(3, offset)
        case Opcode.binPersistentID, Opcode.readonlyBuffer: return try reduce(1, offset)
        case Opcode.build:
            if stack.count >= 2 { try expectObject(at: stack.count - 2, bytes) }
            return try reduce(2, offset)
        case Opcode.tuple, Opcode.frozenSet, Opcode.list, Opcode.dict, Opcode.object:
            guard let mark = marks.popLast() else { throw .malformed(offset: offset, reason: "no mark") }
            guard mark > 0 else { throw .irregular }
            let first = mark < stack.count ? stack[mark] : nil
            // The mark itself stands one byte before its first item, or before this instruction: an extent must hold
            // it, so it is found by its own offset.
            guard let begin = markOffset(before: first?.extent.lower, bytes, offset) else { throw .irregular }
            stack.removeSubrange(mark...)
            stack.append(
                Item(
                    extent: Extent(lower: begin, upper: UInt32(offset + 1)),
                    instructions: (first?.instructions ?? instructions) &- 1))
            return offset + 1
        case Opcode.addItems:
            let mark = try popMark(offset)
            guard mark > 1 else { throw .irregular }
            try expectObject(at: mark - 1, bytes)
            stack.removeSubrange(mark...)
            stack[mark - 1].extent.upper = UInt32(offset + 1)
            return offset + 1
        case Opcode.pop:
            // No text may stand at offset 0: that is where keys are said to be that are none (see `definition`).
            guard stack.count > (marks.last ?? 0), stack.last?.extent.lower != 0 else { throw .irregular }
            stack.removeLast()
            if stack.isEmpty { kind = nil }
            return offset + 1
        default:
            // Text instructions of protocols 0 and 1, DUP, POP_MARK, INST: nothing that a dict or list of rememory
            // holds today. They are decoded whole.
            throw .irregular
        }
    }

    /// Where the mark stands that opened what an instruction at `offset` closes: only if it is the byte right before
    /// the first item, which is where every pickler puts it.
    private func markOffset(before first: UInt32?, _ bytes: SegmentBytes, _ offset: Int) -> UInt32? {
        let next = first.map { Int($0) } ?? offset
        guard next > 0, bytes[next - 1] == Opcode.mark else { return nil }
        return UInt32(next - 1)
    }

    // MARK: The stack

    @inline(__always)
    private mutating func push(from offset: Int, length: Int, _ limit: Int) throws(ScanFailure) -> Int {
        guard length <= limit - offset else { throw .malformed(offset: offset, reason: "longer than the content") }
        let end = offset + length
        stack.append(
            Item(
                extent: Extent(lower: UInt32(truncatingIfNeeded: offset), upper: UInt32(truncatingIfNeeded: end)),
                instructions: instructions &- 1))
        return end
    }

    /// Replaces the topmost `count` items by one that spans them and this one-byte instruction.
    private mutating func reduce(_ count: Int, _ offset: Int) throws(ScanFailure) -> Int {
        guard stack.count - (marks.last ?? 0) >= count else {
            throw .malformed(offset: offset, reason: "too few items")
        }
        guard stack.count > count else { throw .irregular }
        stack.removeLast(count - 1)
        stack[stack.count - 1].extent.upper = UInt32(offset + 1)
        return offset + 1
    }

    @inline(__always)
    private mutating func popMark(_ offset: Int) throws(ScanFailure) -> Int {
        guard let mark = marks.popLast() else { throw .malformed(offset: offset, reason: "no mark") }
        guard mark > (marks.last ?? 0) else { throw .irregular }
        return mark
    }

    @inline(__always)
    private mutating func fetch(_ number: UInt32, at: UInt32) throws(ScanFailure) {
        if let slot = numberedMemo.isEmpty ? nil : numberedMemo[number] {
            fetches.append((at, slot.start))
        } else if number < memo.count {
            isEntangled = true
        } else {
            throw .malformed(offset: Int(at), reason: "memo \(number) was never stored")
        }
    }

    @inline(__always)
    private mutating func setItems<Index: ContentIndex>(
        from mark: Int, end: Int, _ bytes: SegmentBytes, _ index: inout Index
    ) throws(ScanFailure) {
        guard (stack.count - mark) & 1 == 0 else { throw .malformed(offset: end - 1, reason: "a key without a value") }
        if mark == 1, marks.isEmpty {
            checkFetches(from: mark)
            var position = mark
            while position < stack.count {
                let key = stack[position]
                let next = position + 2 < stack.count ? stack[position + 2].instructions : instructions
                try index.set(
                    key: key.extent, keyAt: try definition(of: key.extent, bytes), value: stack[position + 1].extent,
                    cost: next &- key.instructions, in: bytes)
                position += 2
            }
        } else {
            try expectObject(at: mark - 1, bytes)
        }
        stack.removeSubrange(mark...)
        stack[mark - 1].extent.upper = UInt32(truncatingIfNeeded: end)
    }

    @inline(__always)
    private mutating func appendItems<Index: ContentIndex>(
        from mark: Int, end: Int, _ bytes: SegmentBytes, _ index: inout Index
    ) throws(ScanFailure) {
        if mark == 1, marks.isEmpty {
            guard kind == .list else { throw .irregular }
            checkFetches(from: mark)
            for position in mark..<stack.count {
                let next = position + 1 < stack.count ? stack[position + 1].instructions : instructions
                index.append(stack[position].extent, cost: next &- stack[position].instructions)
            }
        } else {
            try expectObject(at: mark - 1, bytes)
        }
        stack.removeSubrange(mark...)
        stack[mark - 1].extent.upper = UInt32(truncatingIfNeeded: end)
    }

    /// Makes sure that what is about to be changed is built right here. Where it is only referred to, it belongs to another
    /// entry too, or is the outermost container: what that holds can't be told from its extent.
    @inline(__always)
    private func expectObject(at position: Int, _ bytes: SegmentBytes) throws(ScanFailure) {
        let extent = stack[position].extent
        let opcode = bytes[Int(extent.lower)]
        guard opcode == Opcode.binGet || opcode == Opcode.longBinGet else { return }
        if bytes.isWhole(extent, upTo: Int(extent.lower) + (opcode == Opcode.binGet ? 2 : 5)) { throw .irregular }
    }

    /// Where the instruction stands that a key is read from: its own, or the one that a memo reference leads to. Of a
    /// key that only begins with a `str`, as `('a',)` and every object do: 0, where no `str` can stand.
    @inline(__always)
    private func definition(of key: Extent, _ bytes: SegmentBytes) throws(ScanFailure) -> UInt32 {
        let opcode = bytes[Int(key.lower)]
        guard opcode == Opcode.binGet || opcode == Opcode.longBinGet else {
            return bytes.stringPayload(at: Int(key.lower)) == nil || bytes.stringPayload(whole: key) != nil
                ? key.lower : 0
        }
        let number =
            opcode == Opcode.binGet
            ? UInt32(bytes[Int(key.lower) + 1]) : bytes.load(UInt32.self, at: Int(key.lower) + 1)
        guard let slot = slot(number) else { throw .irregular }
        let isReference = bytes.isWhole(key, upTo: Int(key.lower) + (opcode == Opcode.binGet ? 2 : 5))
        let stored = Extent(lower: slot.start, upper: slot.storedAt)
        return isReference && bytes.stringPayload(whole: stored) != nil ? slot.start : 0
    }

    func slot(_ number: UInt32) -> MemoSlot? {
        if let slot = numberedMemo[number] { return slot }
        return number < memo.count ? memo[Int(number)] : nil
    }

    /// Numbered memo entries are Swift's: an entry uses only its own. If one does not, entries belong together.
    private mutating func checkFetches(from mark: Int) {
        guard !fetches.isEmpty else { return }
        var index = mark
        for fetch in fetches {
            while index < stack.count, stack[index].extent.upper <= fetch.at { index += 1 }
            if index == stack.count || stack[index].extent.lower > fetch.start || stack[index].extent.lower > fetch.at {
                isEntangled = true
            }
        }
        fetches.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    private func operand8(_ bytes: SegmentBytes, _ offset: Int, _ limit: Int) throws(ScanFailure) -> Int {
        guard limit - offset >= 2 else { throw .malformed(offset: offset, reason: "cut off") }
        return Int(bytes[offset + 1])
    }

    @inline(__always)
    private func operand32(_ bytes: SegmentBytes, _ offset: Int, _ limit: Int) throws(ScanFailure) -> UInt32 {
        guard limit - offset >= 5 else { throw .malformed(offset: offset, reason: "cut off") }
        return bytes.load(UInt32.self, at: offset + 1)
    }
}

// MARK: Runs of plain pairs

extension ContentScanner {
    /// Takes a run of pairs for the outermost dict. Where anything else turns up before SETITEMS the run is taken back, and
    /// scanned as all the rest is.
    ///
    /// - Returns: the offset behind SETITEMS; `nil` if there is no run, and then nothing has changed.
    private mutating func takePlainRun<Index: ContentIndex>(
        _ bytes: SegmentBytes, from start: Int, to limit: Int, into index: inout Index
    ) -> Int? {
        guard kind == .dict, stack.count == 1, marks.isEmpty, fetches.isEmpty else { return nil }
        var run = PlainRun(
            bytes, from: start, to: limit, behind: instructions, mayMemoize: numberedMemo.isEmpty)
        let memoCount = memo.count
        var count = 0
        let isComplete = unsafe run.walk { pairs, slots in
            if count == 0 {
                let rest = unsafe PlainRun.estimate(from: pairs, to: limit)
                index.expect(pairs: rest)
                memo.makeRoom(for: rest * slots.count / pairs.count)
            }
            unsafe index.set(pairs: pairs)
            if !slots.isEmpty { unsafe memo.append(contentsOf: slots) }
            count += pairs.count
        }
        guard isComplete else {
            index.takeBack(pairs: count)
            memo.removeSubrange(memoCount...)
            return nil
        }
        if memo.count > memoCount { needsNormalizing = true }
        instructions = run.instructions
        stack[0].extent.upper = UInt32(truncatingIfNeeded: run.offset)
        return run.offset
    }
}
