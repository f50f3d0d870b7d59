// Steps over the instructions of a pickle without running them:
//
//     bytes   80 04 | 8c 02 68 69 | 94 | 2e
//     steps   PROTO, operand 1..<2 · SHORT_BINUNICODE, operand 4..<6 · MEMOIZE, operand 7..<7 · STOP
//
// The operand of a counted instruction is its data, without the length before it.

/// Gives one instruction of a pickle after the other, checking every bound; frames are not looked into.
package struct PickleScanner {
    /// One instruction.
    package struct Instruction: Hashable, Sendable {
        /// What the instruction does.
        package let opcode: PickleOpcode
        /// Where its opcode stands.
        package let offset: Int
        /// Where its operand stands; for a counted operand the data alone, for lines without the last newline.
        package let operand: Range<Int>
        /// Where the next instruction begins.
        package let end: Int
    }

    /// Where the next instruction begins.
    package private(set) var offset: Int

    /// Creates a scanner that begins at an offset.
    package init(offset: Int = 0) {
        self.offset = offset
    }

    /// Steps over one instruction of a pickle.
    ///
    /// - Parameter bytes: The whole pickle, the same at each step or grown behind.
    /// - Returns: The instruction, STOP included; after STOP the next one that follows it.
    /// - Throws: ``PickleError`` where the bytes end or hold no opcode; the scanner then stays where it was.
    package mutating func next(in bytes: borrowing RawSpan) throws(PickleError) -> Instruction {
        let start = offset
        guard start >= 0, start < bytes.byteCount else {
            throw PickleError(.truncated, at: start, "expected an instruction, found the end of the pickle")
        }
        let byte = bytes.byte(at: start)
        guard let opcode = PickleOpcode(rawValue: byte) else {
            throw PickleError(.malformed, at: start, opcode: byte, "expected an opcode, found an unknown byte")
        }
        let operand: Range<Int>
        var end: Int
        switch opcode.operand {
        case .none:
            operand = start + 1..<start + 1
            end = start + 1
        case .fixed(let count):
            operand = try bytes.range(count: UInt64(count), from: start + 1, of: opcode, at: start)
            end = operand.upperBound
        case .counted1, .counted4, .counted8:
            let width = opcode.operand == .counted1 ? 1 : opcode.operand == .counted4 ? 4 : 8
            let length = try bytes.range(count: UInt64(width), from: start + 1, of: opcode, at: start)
            let count = bytes.littleEndian(in: length)
            operand = try bytes.range(count: count, from: length.upperBound, of: opcode, at: start)
            end = operand.upperBound
        case .line, .twoLines:
            end = try bytes.endOfLine(from: start + 1, of: opcode, at: start)
            if opcode.operand == .twoLines {
                end = try bytes.endOfLine(from: end, of: opcode, at: start)
            }
            operand = start + 1..<end - 1
        }
        offset = end
        return Instruction(opcode: opcode, offset: start, operand: operand, end: end)
    }
}

extension RawSpan {
    fileprivate func byte(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)  // checks its bounds
    }

    fileprivate func littleEndian(in range: Range<Int>) -> UInt64 {
        range.reversed().reduce(0) { $0 << 8 | UInt64(byte(at: $1)) }
    }

    fileprivate func range(
        count: UInt64, from start: Int, of opcode: PickleOpcode, at offset: Int
    ) throws(PickleError) -> Range<Int> {
        guard count <= UInt64(byteCount - start) else {
            throw PickleError(
                .truncated, at: offset, opcode: opcode.rawValue,
                "expected \(count) more bytes, found \(byteCount - start)")
        }
        return start..<start + Int(count)
    }

    fileprivate func endOfLine(from start: Int, of opcode: PickleOpcode, at offset: Int) throws(PickleError) -> Int {
        var end = start
        while end < byteCount {
            if byte(at: end) == 0x0a { return end + 1 }
            end += 1
        }
        throw PickleError(
            .truncated, at: offset, opcode: opcode.rawValue, "expected a newline, found the end of the pickle")
    }
}
