// Strings that fit into themselves, put together from two words.
//
// A `String` of up to 15 bytes of ASCII holds them itself, followed by NULs, and its last byte says so and how many:
//
//     "player7"    70 6c 61 79 65 72 37 00  00 00 00 00 00 00 00 e7
//
// Most keys are such strings. To have the standard library make one from bytes takes several times as long as loading
// the two words does, and is most of what reading all of a dict takes. That they mean what is said here is looked at
// by a literal, which costs nothing where they do; where they don't, strings are made the ordinary way.

enum ShortText {
    private typealias Words = (UInt64, UInt64)

    private static let capacity = 15

    /// A string of these bytes; `nil` if they are no ASCII, or too many.
    @inline(__always)
    static func string(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard bytes.count <= capacity, isLayoutKnown else { return nil }
        let words = unsafe self.words(bytes)
        guard (words.0 | words.1) & 0x8080_8080_8080_8080 == 0 else { return nil }
        return unsafe unsafeBitCast(marked(words, bytes.count), to: String.self)
    }

    private static var isLayoutKnown: Bool {
        @inline(__always) get {
            guard MemoryLayout<String>.size == MemoryLayout<Words>.size else { return false }
            let words = unsafe unsafeBitCast("player700", to: Words.self)
            return words == (0x3037_7265_7961_6c70, 0xe900_0000_0000_0030)
        }
    }

    @inline(__always)
    private static func marked(_ words: Words, _ count: Int) -> Words {
        (words.0, words.1 | (0xe0 | UInt64(count)) << 56)
    }

    /// The bytes, then NULs. Loads overlap where they are not as long as words.
    @inline(__always)
    private static func words(_ bytes: UnsafeRawBufferPointer) -> Words {
        let count = bytes.count
        if count >= 8 {
            let last = unsafe bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            return unsafe (bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self), last >> (8 * UInt64(16 - count)))
        }
        if count >= 4 {
            let last = unsafe UInt64(bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            let first = unsafe UInt64(bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
            return (first | last << (8 * UInt64(count - 4)), 0)
        }
        guard count > 0 else { return (0, 0) }
        let middle = unsafe UInt64(bytes[count / 2]) << (8 * UInt64(count / 2))
        let last = unsafe UInt64(bytes[count - 1]) << (8 * UInt64(count - 1))
        return (unsafe UInt64(bytes[0]) | middle | last, 0)
    }
}
