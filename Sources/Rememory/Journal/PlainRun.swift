// Runs of plain pairs: what most dicts consist of goes to the index without passing over the stack.
//
//     28 | 8c 01 61 94  4b 01 | 8c 01 62 94  4b 02 | 75        up to SETITEMS, each key a short `str`, and each value
//        |    key       value |    key       value |           that, a number, `True`, `False` or `None`
//
// Each word that is loaded says what stands there and how long it is, and so where the next one is. What comes next is
// anybody's guess, so the lengths of numbers are told without a branch that a processor could guess wrong.

/// A walk through a run, some pairs at a time.
struct PlainRun {
    /// How many pairs it gives at a time. They store at most twice as many in the memo.
    private static let room = 32

    private let bytes: SegmentBytes
    private let limit: Int
    private let mayMemoize: Bool
    /// Where the next pair begins, or the instruction behind SETITEMS.
    private(set) var offset: Int
    /// How many instructions there are up to there, those before the run included.
    private(set) var instructions: UInt32
    /// Whether SETITEMS was there.
    private(set) var isComplete = false

    /// - Parameters:
    ///   - limit: Where the content or its frame ends.
    ///   - instructions: How many there are before the run.
    init(_ bytes: SegmentBytes, from offset: Int, to limit: Int, behind instructions: UInt32, mayMemoize: Bool) {
        self.bytes = bytes
        self.limit = limit
        self.offset = offset
        self.instructions = instructions
        self.mayMemoize = mayMemoize
    }

    /// Gives all pairs, and what they store in the memo.
    ///
    /// - Returns: whether that is all up to SETITEMS; if not, what was given counts for nothing.
    mutating func walk(
        _ body: (UnsafeBufferPointer<DictIndex.Pair>, UnsafeBufferPointer<ContentScanner.MemoSlot>) -> Void
    ) -> Bool {
        unsafe withUnsafeTemporaryAllocation(of: DictIndex.Pair.self, capacity: PlainRun.room) { pairs in
            unsafe withUnsafeTemporaryAllocation(of: ContentScanner.MemoSlot.self, capacity: 2 * PlainRun.room) {
                slots in
                while !isComplete {
                    guard let (found, stored) = unsafe next(pairs, slots) else { return false }
                    unsafe body(
                        UnsafeBufferPointer(rebasing: pairs[..<found]), UnsafeBufferPointer(rebasing: slots[..<stored]))
                }
                return true
            }
        }
    }

    /// About how many pairs there are from the first ones on, if the rest are as long: what they need is allocated at
    /// once, but no more than that of some thousands, for the rest may be something else.
    static func estimate(from pairs: UnsafeBufferPointer<DictIndex.Pair>, to limit: Int) -> Int {
        let length = unsafe Int(pairs[pairs.count - 1].value.upper - pairs[0].key.lower)
        return unsafe min((limit - Int(pairs[0].key.lower)) * pairs.count / max(length, 1), 1 << 16)
    }

    /// How many pairs there are now, and how much they store; `nil` where something else stands.
    @inline(__always)
    private mutating func next(
        _ pairs: UnsafeMutableBufferPointer<DictIndex.Pair>,
        _ slots: UnsafeMutableBufferPointer<ContentScanner.MemoSlot>
    ) -> (pairs: Int, slots: Int)? {
        var (found, stored) = (0, 0)
        let lastWord = bytes.count &- 8
        guard offset <= lastWord else { return nil }
        var word = bytes.word(at: offset)
        while found < PlainRun.room {
            guard UInt8(truncatingIfNeeded: word) == Opcode.shortBinUnicode else { return nil }
            let before = instructions
            var end = offset &+ 2 &+ Int(word >> 8 & 0xff)
            guard end < lastWord else { return nil }
            word = bytes.word(at: end)
            if UInt8(truncatingIfNeeded: word) == Opcode.memoize, mayMemoize {
                unsafe slots.initializeElement(at: stored, to: .init(start: place(offset), storedAt: place(end)))
                stored &+= 1
                instructions &+= 1
                end &+= 1
                word >>= 8  // which holds the next instruction and its length still
            }
            let value = end
            end &+= PlainRun.length(of: word)
            guard end > value, end < lastWord else { return nil }
            word = bytes.word(at: end)
            if UInt8(truncatingIfNeeded: word) == Opcode.memoize, mayMemoize {
                unsafe slots.initializeElement(at: stored, to: .init(start: place(value), storedAt: place(end)))
                stored &+= 1
                instructions &+= 1
                end &+= 1
                word = bytes.word(at: end)
            }
            guard end < limit else { return nil }
            isComplete = UInt8(truncatingIfNeeded: word) == Opcode.setItems
            instructions &+= isComplete ? 3 : 2
            let pair = DictIndex.Pair(
                key: Extent(lower: place(offset), upper: place(value)), keyAt: place(offset),
                value: Extent(lower: place(value), upper: place(end)), cost: instructions &- before)
            unsafe pairs.initializeElement(at: found, to: pair)
            found &+= 1
            offset = isComplete ? end &+ 1 : end
            if isComplete { break }
        }
        return (found, stored)
    }

    @inline(__always)
    private func place(_ offset: Int) -> UInt32 { UInt32(truncatingIfNeeded: offset) }

    /// How long an instruction is that pushes a short `str`, a number, `True`, `False` or `None`; 0 for any other.
    ///
    /// - Parameter word: The instruction, and what stands behind it.
    @inline(__always)
    private static func length(of word: UInt64) -> Int {
        let opcode = UInt8(truncatingIfNeeded: word)
        let number = opcode &- Opcode.binFloat
        // The lengths of the instructions 47, 4a, 4b, 4d and 4e.
        if number < 8 { return Int(0x1302_5009 >> (4 &* UInt32(number)) & 0xf) }
        switch opcode {
        case Opcode.shortBinUnicode: return 2 &+ Int(word >> 8 & 0xff)
        case Opcode.newTrue, Opcode.newFalse: return 1
        default: return 0
        }
    }
}

extension Array {
    /// Makes room for so many more elements, or for twice as many as there was room for, if that is more.
    mutating func makeRoom(for more: Int) {
        if count + more > capacity { reserveCapacity(Swift.max(count + more, 2 * capacity)) }
    }
}
