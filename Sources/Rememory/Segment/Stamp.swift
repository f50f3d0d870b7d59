// Head and stamp: how a Swift process sees in a few loads whether it still knows what a segment holds.
//
// Swift's content begins with a comment, a bytes object that is dropped at once, and the program stands behind it:
//
//     offset  0   80 04 | 42 LL LL LL LL | …… L bytes of anything …… | 30 | 7d 28 … 75 2e | 00 …
//                 PROTO   BINBYTES, length  (its data)                 POP  program         free
//
// One aligned 8-byte store at offset 0 changes L and with it where the program starts. Python's content begins with
// `80 04 95` and eight bytes; Swift marks it, so that the next look is cheap, by turning that FRAME into
//
//     offset  0   80 04 | 43 06 tttttttttttt | 30 | 7d 94 28 …
//                 PROTO   SHORT_BINBYTES, tag  POP
//
// At the end of the segment stands the stamp, 48 bytes on an 8-byte boundary, and as the very last byte the fence:
//
//     magic · epoch · begun · committed · start, end · check                                      … F5
//
// A Python write begins at offset 0 and ends with NULs up to the last byte: it destroys head and stamp both. `epoch`
// is drawn anew with every program; within an epoch a program only grows, or has values replaced in place by equally
// long ones, and `committed` counts those changes. `begun` is raised before a change and differs from `committed` for
// as long as it lasts: a process that dies in the middle leaves a stamp that nobody trusts.
//
// The fence is neither NUL nor STOP. Python strips NULs from the end before it loads; the fence saves it 64 KiB of
// that, and what stands behind STOP is ignored.

/// Where the stamp of a segment stands, and its loads and stores.
struct Stamp {
    static let byteCount = 48
    static let fence: UInt8 = 0xf5
    private static let magic: UInt64 = 0x31_70_6d_61_74_73_6d_72  // "rmstamp1"

    /// What the stamp says, when it is whole.
    struct Reading: Equatable {
        var epoch: UInt64
        var generation: UInt64
        /// Where the instructions begin, and the offset of STOP.
        var start: UInt32
        var end: UInt32
    }

    private let bytes: SegmentBytes
    /// The offset of the stamp: the program must end before it.
    let base: Int

    /// The stamp of a segment, or `nil` if it is too small for one.
    @inline(__always)
    init?(of bytes: SegmentBytes) {
        let base = (bytes.count - 1 - Stamp.byteCount) & ~7
        guard base >= 32 else { return nil }
        self.bytes = bytes
        self.base = base
    }

    @inline(__always)
    func isStill(_ reading: Reading) -> Bool {
        bytes.load(UInt64.self, at: base + 8) == reading.epoch
            && bytes.load(UInt64.self, at: base + 16) == reading.generation
            && bytes.load(UInt64.self, at: base + 24) == reading.generation
            && bytes.load(UInt64.self, at: base) == Stamp.magic
    }

    /// What the stamp says, if it is whole, fits the head and nothing is under way.
    func read() -> Reading? {
        let begun = bytes.load(UInt64.self, at: base + 16)
        let reading = Reading(
            epoch: bytes.load(UInt64.self, at: base + 8),
            generation: bytes.load(UInt64.self, at: base + 24),
            start: bytes.load(UInt32.self, at: base + 32),
            end: bytes.load(UInt32.self, at: base + 36))
        guard bytes.load(UInt64.self, at: base) == Stamp.magic, begun == reading.generation,
            bytes[bytes.count - 1] == Stamp.fence, reading.start < reading.end, Int(reading.end) < base,
            bytes.load(UInt64.self, at: base + 40) == check(reading)
        else { return nil }
        return reading
    }

    // MARK: After a take-over

    /// Whose death made a stamp worthless.
    enum Distrust: UInt64 {
        /// A Swift process died, which changes content by single stores, or leaves behind what it writes over.
        case swiftHolder = 0xffff_ffff_ffff_fffe
        /// Python may have been writing: what the stamp says was whole, and may be so no more.
        case anyHolder = 0xffff_ffff_ffff_ffff
    }

    /// Makes a stamp, if there is one, one that nobody trusts, and that still says what the content was before. Once it
    /// says that Python may have been writing, it stays so.
    func distrust(_ reason: Distrust) {
        guard bytes.load(UInt64.self, at: base) == Stamp.magic, distrusted?.reason != .anyHolder else { return }
        bytes.commit(word: reason.rawValue, at: base + 16)
    }

    /// What a stamp said that a take-over made worthless; `nil` if it is not one.
    var distrusted: (reason: Distrust, epoch: UInt64, generation: UInt64)? {
        guard bytes.load(UInt64.self, at: base) == Stamp.magic,
            let reason = Distrust(rawValue: bytes.load(UInt64.self, at: base + 16))
        else { return nil }
        return (reason, bytes.load(UInt64.self, at: base + 8), bytes.load(UInt64.self, at: base + 24))
    }

    /// Removes it: the content has been looked at and is what it is.
    func erase() { bytes.store(UInt64(0), at: base) }

    // MARK: Changes

    /// Says that a change is under way.
    @inline(__always)
    func begin(after generation: UInt64) {
        bytes.commit(word: generation &+ 1, at: base + 16)
    }

    /// Ends a change within the epoch.
    @inline(__always)
    func commit(_ reading: Reading) {
        bytes.store(reading.end, at: base + 36)
        bytes.store(check(reading), at: base + 40)
        bytes.commit(word: reading.generation, at: base + 24)
    }

    /// Writes all of the stamp, the last field last.
    func write(_ reading: Reading) {
        bytes.store(Stamp.magic, at: base)
        bytes.store(reading.epoch, at: base + 8)
        bytes.store(reading.start, at: base + 32)
        bytes.store(reading.end, at: base + 36)
        bytes.store(check(reading), at: base + 40)
        bytes.store(Stamp.fence, at: bytes.count - 1)
        bytes.store(reading.generation, at: base + 16)
        bytes.commit(word: reading.generation, at: base + 24)
    }

    /// Ties the fields to each other and to the head, so that no mixture of two states looks whole.
    @inline(__always)
    private func check(_ reading: Reading) -> UInt64 {
        var sum = bytes.load(UInt64.self, at: 0) ^ 0x9e37_79b9_7f4a_7c15
        sum = (sum ^ bytes.load(UInt64.self, at: 8)) &* 0xff51_afd7_ed55_8ccd
        sum = (sum ^ sum >> 32 ^ reading.epoch) &* 0xc4ce_b9fe_1a85_ec53
        sum = (sum ^ sum >> 32 ^ reading.generation) &* 0xff51_afd7_ed55_8ccd
        sum = (sum ^ sum >> 32 ^ UInt64(reading.start) << 32 ^ UInt64(reading.end)) &* 0xc4ce_b9fe_1a85_ec53
        return sum ^ sum >> 29
    }
}

/// What stands at offset 0 of a segment.
struct Head: Equatable {
    var first: UInt64
    var second: UInt64

    /// The bytes of a Swift head up to the program: PROTO, BINBYTES with its length, and its last byte, POP.
    static let byteCount = 17

    @inline(__always)
    init(of bytes: SegmentBytes) {
        first = bytes.load(UInt64.self, at: 0)
        second = bytes.load(UInt64.self, at: 8)
    }

    init(first: UInt64, second: UInt64) {
        self.first = first
        self.second = second
    }

    /// Whether Swift wrote the content: nothing that Python pickles begins with a bytes object.
    var isSwift: Bool { first & 0xff_ffff == 0x42_0480 }

    /// Whether Python wrote the content and Swift marked it.
    var isMarked: Bool { first & 0xffff_00ff == 0x0643_0080 }

    /// Whether Python wrote the content in a frame, whose header is what a mark replaces.
    var isFramed: Bool { first & 0xff_00ff == 0x95_0080 }

    /// The first word of a head whose comment ends right before `start`, where the program begins.
    ///
    /// The last byte of the word is the first of the comment and stays what it is.
    func swiftWord(programAt start: Int) -> UInt64 {
        let length = UInt64(start - 8)  // from offset 7 up to POP
        return 0x42_0480 | length << 24 | first & 0xff00_0000_0000_0000
    }

    /// The head of Python's content with its frame header turned into a comment that holds `tag`.
    func marked(with tag: UInt64) -> Head {
        Head(
            first: first & 0xffff | 0x0643_0000 | (tag & 0xffff_ffff) << 32,
            second: tag >> 32 & 0xffff | 0x30_0000 | second & ~0xff_ffff)
    }
}
