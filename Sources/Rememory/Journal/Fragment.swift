import PickleCodec

// A *fragment* is the run of instructions that pushes one value: a pickle without PROTO, FRAME and STOP. An entry of a
// journal is two fragments, a list item is one. In a journal a fragment memoizes only what it uses again itself, by
// explicit numbers: MEMOIZE counts the entries before it, and a fragment must not care where it stands.
//
//     pickle     80 04 95 … 5d 94 28 8c 01 61 94 68 01 65 2e       ['a', 'a']
//     fragment               5d    28 8c 01 61 72 05 00 00 00 6a 05 00 00 00 65      (5: the first free number)

/// Turns pickles into fragments and fragments into pickles.
enum Fragment {
    /// The instructions of a protocol-4 pickle without its frame, with memo numbers from `firstMemoNumber` on for
    /// what is fetched again.
    ///
    /// - Complexity: linear in the bytes.
    static func make(of pickle: [UInt8], firstMemoNumber: Int) throws(PickleError) -> [UInt8] {
        var fetched: Set<Int> = []
        try forEachInstruction(of: pickle) { step in
            if let number = fetchedNumber(step, in: pickle) { fetched.insert(number) }
        }
        var fragment: [UInt8] = []
        fragment.reserveCapacity(pickle.count)
        var stored = 0
        try forEachInstruction(of: pickle) { step in
            switch step.opcode {
            case .proto, .frame, .stop: break
            case .memoize:
                if fetched.contains(stored) { appendPut(firstMemoNumber + stored, to: &fragment) }
                stored += 1
            case .binGet, .longBinGet:
                if let number = fetchedNumber(step, in: pickle) {
                    appendGet(firstMemoNumber + number, to: &fragment)
                }
            default:
                fragment.append(contentsOf: pickle[step.offset..<step.end])
            }
        }
        return fragment
    }

    /// A pickle of the value that a fragment pushes, where the fragment uses nothing outside itself.
    static func pickle(of extent: Extent, in bytes: SegmentBytes) -> [UInt8] {
        var pickle: [UInt8] = [0x80, 0x04]
        pickle.reserveCapacity(extent.count + 3)
        bytes.append(extent.range, to: &pickle)
        pickle.append(Opcode.stop)
        return pickle
    }

    /// A pickle of the value that an entangled fragment pushes: what it fetches from elsewhere is put in front, and
    /// numbers that MEMOIZE gave by counting are spelled out.
    ///
    ///     … 8c 05 score 94 …       elsewhere, number 3
    ///     7d 94 68 03 4b 07 73     the fragment, whose MEMOIZE is number 9
    ///     80 04 | 8c 05 score 72 03000000 30 | 7d 72 09000000 68 03 4b 07 73 | 2e
    ///
    /// - Returns: `nil` if it needs something from elsewhere that is no plain text: then the content has to be
    ///   decoded whole.
    static func pickle(
        of extent: Extent, in bytes: SegmentBytes, memo scanner: ContentScanner
    ) throws(PickleError) -> [UInt8]? {
        let source = bytes.array(extent.range)
        var front: [UInt8] = [0x80, 0x04]
        var body: [UInt8] = []
        body.reserveCapacity(source.count * 2)
        var provided: Set<Int> = []
        var isPossible = true
        var counted = scanner.memoCount(before: extent.lower)
        try forEachInstruction(of: source) { step in
            switch step.opcode {
            case .frame: break
            case .memoize:
                appendPut(counted, to: &body)
                counted += 1
            case .binGet, .longBinGet:
                guard let number = fetchedNumber(step, in: source),
                    let slot = scanner.slot(UInt32(number))
                else { return isPossible = false }
                if slot.start < extent.lower, provided.insert(number).inserted {
                    guard let text = bytes.stringPayload(at: Int(slot.start)), text.upperBound == Int(slot.storedAt)
                    else { return isPossible = false }
                    bytes.append(Int(slot.start)..<text.upperBound, to: &front)
                    appendPut(number, to: &front)
                    front.append(Opcode.pop)
                } else if slot.start >= extent.upper {
                    return isPossible = false
                }
                appendGet(number, to: &body)
            default:
                body.append(contentsOf: source[step.offset..<step.end])
            }
        }
        guard isPossible else { return nil }
        return front + body + [Opcode.stop]
    }

    /// The instructions of an extent as they may stand elsewhere: without frames, and without what only stores.
    static func appendPlain(_ extent: Extent, of bytes: SegmentBytes, to program: inout [UInt8]) throws(PickleError) {
        let source = bytes.array(extent.range)
        try forEachInstruction(of: source) { step in
            if step.opcode != .frame, step.opcode != .memoize {
                program.append(contentsOf: source[step.offset..<step.end])
            }
        }
    }

    /// The instructions of a pickle without its frames: for one that ends before they do.
    static func withoutFrames(_ pickle: [UInt8]) throws(PickleError) -> [UInt8] {
        var program: [UInt8] = []
        program.reserveCapacity(pickle.count)
        try forEachInstruction(of: pickle) { step in
            if step.opcode != .frame { program.append(contentsOf: pickle[step.offset..<step.end]) }
        }
        return program
    }

    // MARK: Steps

    private static func forEachInstruction(
        of bytes: [UInt8], _ body: (PickleScanner.Instruction) -> Void
    ) throws(PickleError) {
        var scanner = PickleScanner()
        while scanner.offset < bytes.count {
            body(try unsafe scanner.next(in: bytes.span.bytes))
        }
    }

    /// The memo number that an instruction fetches, if it does.
    private static func fetchedNumber(_ step: PickleScanner.Instruction, in bytes: [UInt8]) -> Int? {
        guard step.opcode == .binGet || step.opcode == .longBinGet else { return nil }
        return step.operand.reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    }

    private static func appendPut(_ number: Int, to program: inout [UInt8]) {
        program.append(Opcode.longBinPut)
        PlainValue.appendLittleEndian(UInt64(number), count: 4, to: &program)
    }

    private static func appendGet(_ number: Int, to program: inout [UInt8]) {
        program.append(Opcode.longBinGet)
        PlainValue.appendLittleEndian(UInt64(number), count: 4, to: &program)
    }
}

extension ContentScanner {
    /// How many memo entries were stored by instructions before an offset.
    ///
    /// - Complexity: logarithmic in the memo.
    func memoCount(before offset: UInt32) -> Int {
        var low = 0
        var high = memo.count
        while low < high {
            let middle = (low + high) / 2
            if memo[middle].storedAt < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
