// The instructions that push a leaf, as Python's pickler chooses them for protocol 4.

extension FlatBuffer<UInt8> {
    /// Appends the lowest bytes of a word, at most eight.
    @inline(__always)
    mutating func append(packed word: UInt64, count more: Int) {
        reserve(8)
        unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: word.littleEndian, as: UInt64.self)
        advance(by: more)
    }

    @inline(__always)
    mutating func append(_ opcode: PickleOpcode) { append(opcode.rawValue) }

    /// Appends the bytes of a fixed-width integer, little-endian.
    @inline(__always)
    mutating func append<T: FixedWidthInteger & BitwiseCopyable>(littleEndian value: T) {
        append(packed: UInt64(truncatingIfNeeded: value), count: MemoryLayout<T>.size)
    }

    /// Appends `4b`, `4d`, `4a` or `8a`, whichever is the first to hold the value.
    @inline(__always)
    mutating func appendInteger(_ value: Int) {
        if let small = Int32(exactly: value) {
            // Without a branch for each width: they come mixed.
            let operand = UInt32(bitPattern: small)
            let isShort = operand < 0x100
            let isLong = operand >= 0x1_0000
            let opcode = isLong ? PickleOpcode.binInt : isShort ? .binInt1 : .binInt2
            append(packed: UInt64(operand) << 8 | UInt64(opcode.rawValue), count: isLong ? 5 : isShort ? 2 : 3)
        } else {
            // The sign takes a bit, too.
            let bitCount = 65 - (value < 0 ? ~value : value).leadingZeroBitCount
            let byteCount = (bitCount + 7) / 8
            append(packed: UInt64(byteCount) << 8 | UInt64(PickleOpcode.long1.rawValue), count: 2)
            append(packed: UInt64(truncatingIfNeeded: value), count: byteCount)
        }
    }

    mutating func appendInteger(_ value: PickleInteger) {
        if let small = value.int {
            appendInteger(small)
        } else {
            appendLong(value.twosComplement)
        }
    }

    private mutating func appendLong(_ bytes: [UInt8]) {
        if bytes.count < 256 {
            append(.long1)
            append(UInt8(bytes.count))
        } else {
            append(.long4)
            append(littleEndian: UInt32(bytes.count))
        }
        append(bytes)
    }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        let copied: Void? = bytes.withContiguousStorageIfAvailable { source in
            if let start = source.baseAddress { unsafe append(from: start, count: source.count) }
        }
        if copied == nil {
            for byte in bytes { append(byte) }
        }
    }

    @inline(__always)
    mutating func appendFloat(_ value: Double) {
        append(.binFloat)
        append(littleEndian: value.bitPattern.byteSwapped)
    }

    /// Appends opcode and length of a `str`.
    @inline(__always)
    mutating func appendStringHeader(count: Int) {
        if count < 0x100 {
            append(
                packed: UInt64(truncatingIfNeeded: count) << 8 | UInt64(PickleOpcode.shortBinUnicode.rawValue), count: 2
            )
        } else {
            appendWideHeader(.binUnicode, .binUnicode8, count: count)
        }
    }

    /// Appends the whole instruction of a short `str`.
    @inline(__always)
    mutating func append(_ text: ShortText) {
        appendStringHeader(count: text.count)
        reserve(16)
        let target = unsafe UnsafeMutableRawPointer(base + count)
        unsafe target.storeBytes(of: text.words.0.littleEndian, as: UInt64.self)
        unsafe target.storeBytes(of: text.words.1.littleEndian, toByteOffset: 8, as: UInt64.self)
        advance(by: text.count)
    }

    /// Appends opcode and length of a `bytes`.
    @inline(__always)
    mutating func appendBytesHeader(count: Int) {
        if count < 0x100 {
            append(.shortBinBytes)
            append(UInt8(truncatingIfNeeded: count))
        } else {
            appendWideHeader(.binBytes, .binBytes8, count: count)
        }
    }

    /// Appends opcode and length of a `str` of Python 2.
    mutating func appendPython2StringHeader(count: Int) {
        if count < 0x100 {
            append(.shortBinString)
            append(UInt8(truncatingIfNeeded: count))
        } else {
            append(.binString)
            append(littleEndian: UInt32(truncatingIfNeeded: count))
        }
    }

    private mutating func appendWideHeader(_ opcode: PickleOpcode, _ wide: PickleOpcode, count: Int) {
        if let count = UInt32(exactly: count) {
            append(opcode)
            append(littleEndian: count)
        } else {
            append(wide)
            append(littleEndian: UInt64(count))
        }
    }
}
