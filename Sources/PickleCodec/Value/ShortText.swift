// Strings that fit into themselves, put together from two words.
//
// A `String` of up to 15 bytes of ASCII holds them itself, followed by NULs, and its last byte says so and how many:
//
//     "player7"    70 6c 61 79 65 72 37 00  00 00 00 00 00 00 00 e7
//
// Most keys are such strings. To have the standard library make one from bytes takes several times as long as loading
// the two words does, and is most of what taking all of a dict takes. That they mean what is said here is looked at
// by a literal, which costs nothing where they do; where they don't, strings are made the ordinary way.

/// A text of up to 15 bytes of ASCII, as the two words of its string: nothing to count references of when it is copied.
@usableFromInline package struct ShortText: BitwiseCopyable, Sendable, Equatable {
    @usableFromInline let first: UInt64
    /// The last byte holds `e0` and the count.
    @usableFromInline let second: UInt64

    /// `nil` if the bytes are no ASCII, or too many.
    @inlinable @inline(__always)
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= 15 else { return nil }
        let words = unsafe Self.words(bytes)
        guard (words.0 | words.1) & 0x8080_8080_8080_8080 == 0 else { return nil }
        first = words.0
        second = words.1 | (0xe0 | UInt64(bytes.count)) << 56
    }

    /// `nil` if the string does not hold its text itself.
    @inline(__always)
    init?(_ string: String) {
        guard Self.isLayoutKnown else { return nil }
        (first, second) = string.words.words
        guard second >> 60 == 0xe else { return nil }
    }

    /// The text as a string.
    @inlinable package var string: String {
        @inline(__always) get {
            guard Self.isLayoutKnown else { return ordinaryString }
            // Moved, not copied: nothing is to be counted.
            var words = (first, second)
            return unsafe withUnsafeMutablePointer(to: &words) {
                unsafe UnsafeMutableRawPointer($0).assumingMemoryBound(to: String.self).move()
            }
        }
    }

    /// A string of any length, which is made in this way where it is short.
    @inline(__always)
    static func string(of utf8: UnsafeBufferPointer<UInt8>) -> String {
        unsafe ShortText(UnsafeRawBufferPointer(utf8))?.string ?? String(decoding: utf8, as: UTF8.self)
    }

    /// How many bytes there are.
    var count: Int { Int(truncatingIfNeeded: second >> 56 & 0xf) }

    /// The bytes, then NULs.
    var words: (UInt64, UInt64) { (first, second & 0x00ff_ffff_ffff_ffff) }

    @usableFromInline var ordinaryString: String {
        var words = (words.0.littleEndian, words.1.littleEndian)
        return unsafe withUnsafeBytes(of: &words) { unsafe String(decoding: $0.prefix(count), as: UTF8.self) }
    }

    @inlinable static var isLayoutKnown: Bool {
        @inline(__always) get {
            guard MemoryLayout<String>.size == MemoryLayout<(UInt64, UInt64)>.size else { return false }
            let words = unsafe unsafeBitCast("player700", to: (UInt64, UInt64).self)
            return words == (0x3037_7265_7961_6c70, 0xe900_0000_0000_0030)
        }
    }

    /// At most 16 bytes, then NULs. Loads overlap where the bytes are not as many as words have.
    @inlinable @inline(__always)
    static func words(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        let count = bytes.count
        if count >= 8 {
            let first = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
            let last = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
            return (first, last >> (8 * UInt64(16 - count)))
        }
        if count >= 4 {
            let first = unsafe UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)))
            let last = unsafe UInt64(
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)))
            return (first | last << (8 * UInt64(count - 4)), 0)
        }
        guard count > 0 else { return (0, 0) }
        let middle = unsafe UInt64(bytes[count / 2]) << (8 * UInt64(count / 2))
        let last = unsafe UInt64(bytes[count - 1]) << (8 * UInt64(count - 1))
        return (unsafe UInt64(bytes[0]) | middle | last, 0)
    }
}
