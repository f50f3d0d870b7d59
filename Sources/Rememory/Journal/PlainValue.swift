import PickleCodec

/// Values that one instruction pushes: read and written without building anything.
enum PlainValue {
    @inline(__always)
    static func integer(_ bytes: SegmentBytes, _ extent: Extent) -> Int? {
        let at = Int(extent.lower)
        if let value = shortInteger(bytes, at, extent.count) { return value }
        switch bytes[at] {
        case Opcode.binInt1: return bytes.isWhole(extent, upTo: at + 2) ? Int(bytes[at + 1]) : nil
        case Opcode.binInt2: return bytes.isWhole(extent, upTo: at + 3) ? Int(bytes.load(UInt16.self, at: at + 1)) : nil
        case Opcode.binInt: return bytes.isWhole(extent, upTo: at + 5) ? Int(bytes.load(Int32.self, at: at + 1)) : nil
        case Opcode.long1:
            let length = Int(bytes[at + 1])
            guard length <= 8, bytes.isWhole(extent, upTo: at + 2 + length) else { return nil }
            guard length > 0 else { return 0 }
            var value = UInt64(0)
            for index in (0..<length).reversed() { value = value << 8 | UInt64(bytes[at + 2 + index]) }
            let shift = 64 - 8 * length
            return Int(truncatingIfNeeded: Int64(bitPattern: value << shift) >> shift)
        default: return nil
        }
    }

    /// The integer of BININT, BININT1 or BININT2, told apart without a branch: which of them comes next in a content is
    /// what a processor can't foretell.
    @inline(__always)
    private static func shortInteger(_ bytes: SegmentBytes, _ at: Int, _ count: Int) -> Int? {
        guard bytes.count - at >= 8 else { return nil }
        let word = bytes.load(UInt64.self, at: at)
        let opcode = UInt8(truncatingIfNeeded: word)
        // The lengths of the instructions 4a, 4b and 4d.
        let length = opcode &- Opcode.binInt < 4 ? (0x3025 >> (4 * Int(opcode &- Opcode.binInt))) & 0xf : 0
        guard count == length else { return nil }
        let shift = UInt64(72 &- 8 &* length)  // up to the top of the word, and back
        let bits = (word >> 8) << shift
        return opcode == Opcode.binInt ? Int(truncatingIfNeeded: Int64(bitPattern: bits) >> shift) : Int(bits >> shift)
    }

    @inline(__always)
    static func double(_ bytes: SegmentBytes, _ extent: Extent) -> Double? {
        let at = Int(extent.lower)
        guard bytes[at] == Opcode.binFloat, bytes.isWhole(extent, upTo: at + 9) else { return nil }
        return Double(bitPattern: UInt64(bigEndian: bytes.load(UInt64.self, at: at + 1)))
    }

    @inline(__always)
    static func bool(_ bytes: SegmentBytes, _ extent: Extent) -> Bool? {
        guard bytes.isWhole(extent, upTo: Int(extent.lower) + 1) else { return nil }
        switch bytes[Int(extent.lower)] {
        case Opcode.newTrue: return true
        case Opcode.newFalse: return false
        default: return nil
        }
    }

    /// The text, unless Python's holds a lone surrogate, which no Swift string can.
    @inline(__always)
    static func string(_ bytes: SegmentBytes, _ extent: Extent) -> String? {
        guard let text = bytes.stringPayload(whole: extent) else { return nil }
        return unsafe bytes.withBytes(text) { utf8 in
            if let short = unsafe ShortText(utf8) { return short.string }
            guard unsafe isASCII(utf8) else { return unsafe String(validating: utf8, as: UTF8.self) }
            return unsafe String(decoding: utf8, as: UTF8.self)
        }
    }

    @inline(__always)
    private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let count = bytes.count
        var offset = 0
        var seen: UInt64 = 0
        if count >= 8 {
            while count - offset > 8 {
                seen |= unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                offset += 8
            }
            seen |= unsafe bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        } else {
            while offset < count {
                seen |= UInt64(unsafe bytes[offset])
                offset += 1
            }
        }
        return seen & 0x8080_8080_8080_8080 == 0
    }

    // MARK: Writing

    /// Appends the smallest instruction for an integer, as Python chooses it.
    @inline(__always)
    static func append(_ value: Int, to array: inout [UInt8]) {
        switch value {
        case 0...255:
            array.append(Opcode.binInt1)
            array.append(UInt8(value))
        case 0...65535:
            array.append(Opcode.binInt2)
            array.append(UInt8(truncatingIfNeeded: value))
            array.append(UInt8(value >> 8))
        case Int(Int32.min)...Int(Int32.max):
            array.append(Opcode.binInt)
            appendLittleEndian(UInt64(truncatingIfNeeded: value), count: 4, to: &array)
        default:
            let significant = 64 - (value < 0 ? ~value : value).leadingZeroBitCount + 1
            let count = (significant + 7) / 8
            array.append(Opcode.long1)
            array.append(UInt8(count))
            appendLittleEndian(UInt64(bitPattern: Int64(value)), count: count, to: &array)
        }
    }

    static func append(_ value: Double, to array: inout [UInt8]) {
        array.append(Opcode.binFloat)
        appendLittleEndian(value.bitPattern.byteSwapped, count: 8, to: &array)
    }

    static func append(_ value: Bool, to array: inout [UInt8]) {
        array.append(value ? Opcode.newTrue : Opcode.newFalse)
    }

    /// Appends a `str` of UTF-8, as Python chooses its instruction.
    @inline(__always)
    static func append(text: UnsafeRawBufferPointer, to array: inout [UInt8]) {
        if text.count < 256 {
            array.append(Opcode.shortBinUnicode)
            array.append(UInt8(text.count))
        } else if text.count <= Int(UInt32.max) {
            array.append(Opcode.binUnicode)
            appendLittleEndian(UInt64(text.count), count: 4, to: &array)
        } else {
            array.append(Opcode.binUnicode8)
            appendLittleEndian(UInt64(text.count), count: 8, to: &array)
        }
        unsafe array.append(contentsOf: text)
    }

    static func append(_ text: String, to array: inout [UInt8]) {
        var text = text
        text.withUTF8 { unsafe append(text: UnsafeRawBufferPointer($0), to: &array) }
    }

    @inline(__always)
    static func appendLittleEndian(_ value: UInt64, count: Int, to array: inout [UInt8]) {
        for index in 0..<count { array.append(UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))) }
    }
}

extension SegmentBytes {
    /// Whether the instruction that ends at `end` is all of an extent, but for what stores its value in the memo.
    ///
    /// `4b 01 94` is 1 and stored, `4b 01 85` is the tuple of it.
    @inline(__always)
    func isWhole(_ extent: Extent, upTo end: Int) -> Bool {
        switch Int(extent.upper) - end {
        case 0: true
        case 1: self[end] == Opcode.memoize
        case 2: self[end] == Opcode.binPut
        case 5: self[end] == Opcode.longBinPut
        case 10: self[end] == Opcode.frame && self[end + 9] == Opcode.memoize  // behind 65,536 bytes and more
        default: false
        }
    }

    /// Where the UTF-8 of a `str` stands that is all of an extent.
    @inline(__always)
    func stringPayload(whole extent: Extent) -> Range<Int>? {
        guard let text = stringPayload(at: Int(extent.lower)), isWhole(extent, upTo: text.upperBound) else {
            return nil
        }
        return text
    }

    /// Where the UTF-8 of a `str` instruction stands, or `nil` where another instruction does.
    @inline(__always)
    func stringPayload(at offset: Int) -> Range<Int>? {
        switch self[offset] {
        case Opcode.shortBinUnicode:
            let start = offset + 2
            return start..<start + Int(self[offset + 1])
        case Opcode.binUnicode:
            let start = offset + 5
            return start..<start + Int(load(UInt32.self, at: offset + 1))
        case Opcode.binUnicode8:
            let start = offset + 9
            guard let length = Int(exactly: load(UInt64.self, at: offset + 1)), length <= count - start else {
                return nil
            }
            return start..<start + length
        default:
            return nil
        }
    }
}
