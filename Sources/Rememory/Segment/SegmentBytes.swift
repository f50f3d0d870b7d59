import CRememoryPlatform

/// The bytes of a mapping (or of a private copy), read and written with every access checked against their count.
///
/// All loads and stores of the journal go through here. Valid only as long as what it was made from: inside
/// `Segment.withLock`, or while the owner of the copy lives.
@safe struct SegmentBytes {
    private let base: UnsafeMutableRawPointer
    let count: Int

    init(_ buffer: UnsafeMutableRawBufferPointer) {
        precondition(buffer.count > 0, "a mapping is never empty")
        unsafe base = buffer.baseAddress!
        count = buffer.count
    }

    @inline(__always)
    private func check(_ offset: Int, _ length: Int) {
        precondition(offset >= 0 && length >= 0 && offset <= count && length <= count - offset, "outside the segment")
    }

    @inline(__always)
    subscript(offset: Int) -> UInt8 {
        check(offset, 1)
        return unsafe base.load(fromByteOffset: offset, as: UInt8.self)
    }

    @inline(__always)
    func load<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T {
        check(offset, MemoryLayout<T>.size)
        return unsafe base.loadUnaligned(fromByteOffset: offset, as: T.self)
    }

    /// Eight bytes, for loops that know that there are so many.
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        precondition(UInt(bitPattern: offset) <= UInt(bitPattern: count &- 8), "outside the segment")
        return unsafe base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    func array(_ range: Range<Int>) -> [UInt8] {
        check(range.lowerBound, range.count)
        return unsafe Array(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    func append(_ range: Range<Int>, to array: inout [UInt8]) {
        check(range.lowerBound, range.count)
        unsafe array.append(contentsOf: UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Lets the byte at an offset come from memory.
    @inline(__always)
    func anticipate(_ offset: Int) {
        check(offset, 0)
        unsafe rm_prefetch(base + offset)
    }

    /// Replaces what a copy holds of a range, up to its end and beyond.
    @inline(__always)
    func copy(_ range: Range<Int>, over array: inout [UInt8]) {
        check(range.lowerBound, range.count)
        if range.upperBound <= array.count {
            unsafe array.withUnsafeMutableBytes { bytes in
                unsafe (bytes.baseAddress! + range.lowerBound).copyMemory(
                    from: base + range.lowerBound, byteCount: range.count)
            }
        } else {
            array.removeSubrange(range.lowerBound...)
            append(range, to: &array)
        }
    }

    /// The bytes up to the last that is not NUL.
    ///
    /// - Complexity: linear in the NULs at the end.
    var usedCount: Int {
        var used = count
        while used >= 8, load(UInt64.self, at: used - 8) == 0 { used -= 8 }
        while used > 0, self[used - 1] == 0 { used -= 1 }
        return used
    }

    /// Lends a range to `body`, which must not keep it.
    @inline(__always)
    func withBytes<R>(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        check(range.lowerBound, range.count)
        return try unsafe body(UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    @inline(__always)
    func equal(_ range: Range<Int>, _ other: UnsafeRawBufferPointer) -> Bool {
        guard range.count == other.count else { return false }
        check(range.lowerBound, range.count)
        return unsafe other.isEmpty || rm_equal(base + range.lowerBound, other.baseAddress!, other.count)
    }

    // MARK: Stores

    @inline(__always)
    func store<T: FixedWidthInteger & BitwiseCopyable>(_ value: T, at offset: Int) {
        check(offset, MemoryLayout<T>.size)
        unsafe base.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }

    func write(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        check(offset, bytes.count)
        guard !bytes.isEmpty else { return }
        unsafe bytes.withUnsafeBytes { unsafe (base + offset).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    }

    func clear(_ range: Range<Int>) {
        check(range.lowerBound, range.count)
        _ = unsafe (base + range.lowerBound).initializeMemory(as: UInt8.self, repeating: 0, count: range.count)
    }

    /// Stores bytes one behind the other.
    struct Writer {
        private let bytes: SegmentBytes
        private var offset: Int

        fileprivate init(_ bytes: SegmentBytes, _ offset: Int) {
            self.bytes = bytes
            self.offset = offset
        }

        @inline(__always)
        mutating func append(_ byte: UInt8) {
            bytes.store(byte, at: offset)
            offset += 1
        }

        /// Appends a range of other bytes, or of the same where that stands elsewhere.
        @inline(__always)
        mutating func append(_ range: Range<Int>, of source: SegmentBytes) {
            source.check(range.lowerBound, range.count)
            bytes.check(offset, range.count)
            unsafe (bytes.base + offset).copyMemory(from: source.base + range.lowerBound, byteCount: range.count)
            offset += range.count
        }
    }

    /// Begins to store at an offset.
    func writer(at offset: Int) -> Writer { Writer(self, offset) }

    // MARK: Commits: everything stored before is visible to whoever sees them

    @inline(__always)
    func commit(byte: UInt8, at offset: Int) {
        check(offset, 1)
        unsafe rm_store_release_u8((base + offset).assumingMemoryBound(to: UInt8.self), byte)
    }

    /// Eight bytes at any offset by one instruction, which a process that is killed has run or has not.
    @inline(__always)
    func patch(word: UInt64, at offset: Int) {
        check(offset, 8)
        unsafe rm_store_unaligned_u64(base + offset, word)
    }

    @inline(__always)
    func commit(word: UInt64, at offset: Int) {
        check(offset, 8)
        unsafe rm_store_release_u64((base + offset).assumingMemoryBound(to: UInt64.self), word)
    }

    /// Replaces the first 16 bytes in one step, if they are still `expected`.
    func exchangeHead(expected: (UInt64, UInt64), with new: (UInt64, UInt64)) -> Bool {
        check(0, 16)
        return unsafe rm_exchange_16(base, expected.0, expected.1, new.0, new.1)
    }
}

extension SegmentAccess {
    /// The bytes of the segment, bounds checked.
    var content: SegmentBytes {
        @inline(__always) get { unsafe SegmentBytes(bytes) }
    }
}

extension SegmentCopy {
    /// The bytes of the copy, bounds checked: for who keeps the copy in a property for as long as the bytes are used.
    var content: SegmentBytes {
        @inline(__always) get { unsafe SegmentBytes(SegmentAccess(to: self).bytes) }
    }

    /// Lends the bytes of a copy that nobody else need hold.
    func withContent<Result, Failure>(
        _ body: (SegmentBytes) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(content)
    }
}
