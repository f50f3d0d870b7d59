import CRememoryPlatform

/// A segment that holds one value of a fixed width: Int, Float, Bool.
///
/// Not generic, so that nothing on the way of a get is decided at run time but the width.
@usableFromInline
@safe struct ScalarStore: @unchecked Sendable {
    let segment: Segment
    /// The segment's, which lives as long.
    private let state: UnsafeMutablePointer<rm_segment>
    let byteCount: Int
    /// What the opener takes it for, for messages.
    let format: String

    init(_ name: String, byteCount: Int, format: String, options: RememoryOptions) throws(RememoryError) {
        let name = try BlockName(name)
        segment = try Segment.open(name, creating: .zeros(byteCount), options: options)
        unsafe state = segment.state
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
        return try unsafe fittingBase()
    }

    /// The same, for who has found it not to be simple.
    func enterWaiting() throws(RememoryError) -> UnsafeMutableRawPointer {
        try segment.enter(timeout: segment.options.timeout)
        return try unsafe fittingBase()
    }

    @inline(__always)
    private func fittingBase() throws(RememoryError) -> UnsafeMutableRawPointer {
        if fits { return unsafe base }
        throw unfit()
    }

    @inline(__always)
    func leave() { segment.leaveBriefly() }

    /// Takes the lock if nothing at all is in the way; then `leaveAtOnce` must follow, otherwise there is no word.
    @inline(__always)
    func enterAtOnce() -> rm_brief {
        segment.isClosed ? unsafe rm_brief() : unsafe rm_segment_enter_briefly(state)
    }

    /// Whether the segment has the value's width, and where that is. For who has the lock.
    var fits: Bool { @inline(__always) get { unsafe fits(state.pointee.count) } }
    var base: UnsafeMutableRawPointer {
        @inline(__always) get { unsafe UnsafeMutableRawPointer(state.pointee.bytes) }
    }

    /// Gives the lock back if nobody waits for it; otherwise `releaseSlowly()` must follow.
    @inline(__always)
    func leaveAtOnce(_ brief: rm_brief) -> Bool { unsafe rm_brief_leave(brief) }

    /// Gives the lock back when somebody waits for it.
    @inline(never)
    func releaseSlowly() { segment.core.lock.releaseSlowly() }

    /// Gives it back, whoever waits.
    @inline(never)
    func leave(_ brief: rm_brief) {
        if unsafe !leaveAtOnce(brief) { releaseSlowly() }
    }

    /// Leaves, because another segment than this has the name.
    @inline(never)
    private func unfit() -> RememoryError {
        let found = unsafe segment.state.pointee.count
        leave()
        return .width(segment.name, expected: format, bytes: byteCount, found: found)
    }
}
