import CRememoryPlatform

/// A segment that holds one value of a fixed width: Int, Float, Bool.
///
/// Not generic, so that nothing on the way of a get is decided at run time but the width.
@usableFromInline
struct ScalarStore: Sendable {
    let segment: Segment
    let byteCount: Int
    /// What the opener takes it for, for messages.
    let format: String

    init(_ name: String, byteCount: Int, format: String, options: RememoryOptions) throws(RememoryError) {
        let name = try BlockName(name)
        segment = try Segment.open(name, creating: .zeros(byteCount), options: options)
        self.byteCount = byteCount
        self.format = format
        if let found = segment.core.sizeIfFree, !fits(found) {
            throw .width(name, expected: format, bytes: byteCount, found: found)
        }
    }

    /// macOS rounds segments up to pages; elsewhere another size is another type.
    @inline(__always)
    private func fits(_ count: Int) -> Bool {
        #if os(Linux)
            count == byteCount
        #else
            count >= byteCount
        #endif
    }

    /// Takes the lock, for some loads and stores; the value's bytes, `byteCount` of them. `leave()` must follow.
    @inline(__always)
    func enter() throws(RememoryError) -> UnsafeMutableRawPointer {
        try segment.enterBriefly(timeout: segment.options.timeout)
        if unsafe fits(segment.state.pointee.count) {
            return unsafe UnsafeMutableRawPointer(segment.state.pointee.bytes)
        }
        throw unfit()
    }

    @inline(__always)
    func leave() { segment.leaveBriefly() }

    /// Leaves, because another segment than this has the name.
    @inline(never)
    private func unfit() -> RememoryError {
        let found = unsafe segment.state.pointee.count
        leave()
        return .width(segment.name, expected: format, bytes: byteCount, found: found)
    }
}
