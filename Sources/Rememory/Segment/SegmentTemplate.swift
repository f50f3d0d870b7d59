/// What a segment looks like when it is made, and how a reader knows that its maker is done.
struct SegmentTemplate: Sendable {
    /// How long making takes after the segment is visible. Swift shows segments complete; Python shows them at size 0,
    /// then full of NULs, and writes the first value up to 12 ms later.
    enum Settling: Sendable {
        /// NULs only: its maker has not written the first value yet. Dict and List. A new `{}` or `[]` is left alone
        /// as well: its maker may still have to write the NULs behind it.
        case untilWritten
        /// NULs may be the first value. Those younger than 50 ms are left alone for the rest of that time: their maker
        /// might still write it, over ours.
        case untilOld
        /// It may be either.
        case unknown
    }

    /// A block of which only the name is known, and which is never created.
    static let unknown = SegmentTemplate(size: 1, initialBytes: [], settling: .unknown)

    /// Bytes, at least 1.
    var size: Int
    /// The first value. NULs follow.
    var initialBytes: [UInt8]
    var settling: Settling

    /// A segment whose first value is all NULs: Int, Float, Bool, String, Block.
    static func zeros(_ size: Int) -> SegmentTemplate {
        SegmentTemplate(size: size, initialBytes: [], settling: .untilOld)
    }

    /// A segment that holds a pickle from the start: Dict, List.
    ///
    /// A capacity that the first value outgrows makes the segment that Python's growth would make of it.
    static func container(capacity: Int, initialBytes: [UInt8]) -> SegmentTemplate {
        let size = capacity < initialBytes.count ? max(initialBytes.count, 2 * capacity) : capacity
        return SegmentTemplate(size: size, initialBytes: initialBytes, settling: .untilWritten)
    }

    /// Contents that a newcomer has before anybody has used it: NULs, or `{}` or `[]` in protocol 4 or 5.
    func isPristine(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let used = unsafe bytes.usedCount
        if used == 0 { return true }
        let content = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<used])
        if unsafe !initialBytes.isEmpty && content.elementsEqual(initialBytes) { return true }
        guard settling != .untilOld, used == 5 else { return false }
        return unsafe content[0] == 0x80 && (content[1] == 4 || content[1] == 5)
            && (content[2] == UInt8(ascii: "}") || content[2] == UInt8(ascii: "]"))
            && content[3] == 0x94 && content[4] == UInt8(ascii: ".")
    }
}

extension UnsafeRawBufferPointer {
    /// How many bytes there are before the NULs at the end.
    var usedCount: Int {
        var end = count
        while end >= 8, unsafe loadUnaligned(fromByteOffset: end - 8, as: UInt64.self) == 0 { end -= 8 }
        while end > 0, unsafe self[end - 1] == 0 { end -= 1 }
        return end
    }
}
