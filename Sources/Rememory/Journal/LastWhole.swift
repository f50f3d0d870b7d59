internal import CRememoryPlatform

/// A copy of the content as the last complete write left it, as far as this process knows, with the stamp that said so.
///
/// It follows changes byte by byte. Where another process has changed values in place, nothing tells which, and all would
/// have to be copied: that happens at once where the content is small, otherwise once in so many changes that a change
/// costs no more than the copy of a few thousand bytes. Meanwhile there is no copy.
struct LastWhole {
    private static let bytesPerChange = 4096

    /// What the stamp said when the copy was the content; `nil` if there is no such copy.
    private(set) var stamp: Stamp.Reading?
    private(set) var bytes: [UInt8] = []
    private var credit = 0

    /// - Complexity: linear in the content.
    mutating func take(_ content: SegmentBytes, upTo end: Int, as reading: Stamp.Reading) {
        bytes.removeAll(keepingCapacity: bytes.capacity / 2 <= end)
        content.append(0..<end, to: &bytes)
        stamp = reading
        credit = 0
    }

    /// Lets the byte at an offset, which will change, come from memory.
    @inline(__always)
    func anticipate(_ offset: Int) {
        unsafe bytes.span.withUnsafeBytes { if offset < $0.count { unsafe rm_prefetch($0.baseAddress! + offset) } }
    }

    /// - Parameter changed: Which bytes are new; `nil` if that is not known.
    @inline(__always)
    mutating func follow(
        _ content: SegmentBytes, changed: Range<Int>?, from old: Stamp.Reading, to new: Stamp.Reading
    ) {
        if stamp == old, let changed, new.generation == old.generation &+ 1, changed.lowerBound <= bytes.count {
            content.copy(changed, over: &bytes)
            stamp = new
        } else if stamp != new {
            fallBehind(content, new)
        }
    }

    /// Follows a new program that stands beside the old one, or before it: what lies between is the old one's, and a
    /// comment now.
    ///
    /// - Parameter program: Where it stands, STOP included.
    /// - Complexity: linear in the program.
    mutating func follow(
        _ content: SegmentBytes, movedTo program: Range<Int>, from old: Stamp.Reading?, to new: Stamp.Reading
    ) {
        guard let old, stamp == old, program.lowerBound <= bytes.count + 1 else {
            return take(content, upTo: program.upperBound, as: new)
        }
        content.copy(0..<Head.byteCount, over: &bytes)
        content.copy(program.lowerBound - 1..<program.upperBound, over: &bytes)
        if bytes.count > program.upperBound { bytes.removeSubrange(program.upperBound...) }
        stamp = new
    }

    @inline(never)
    private mutating func fallBehind(_ content: SegmentBytes, _ new: Stamp.Reading) {
        stamp = nil
        credit += LastWhole.bytesPerChange
        if credit > Int(new.end) { take(content, upTo: Int(new.end) + 1, as: new) }
    }

    /// Whether a content is this one.
    func isStill(_ content: SegmentBytes) -> Bool {
        guard bytes.count <= content.count else { return false }
        return unsafe bytes.withUnsafeBytes { unsafe content.equal(0..<bytes.count, $0) }
    }
}
