import CRememoryPlatform
import Synchronization

/// A handle's hold on a segment: what Dict, List and the scalars stand on.
///
/// All handles of one name in a process share one mapping, one guard link and one lock (``SegmentCore``); each has its
/// own `close()`. Released handles close themselves.
@safe final class Segment: @unchecked Sendable {
    let core: SegmentCore
    /// The core's, which lives as long.
    let state: UnsafeMutablePointer<rm_segment>
    let options: RememoryOptions
    private let closed = Atomic<Bool>(false)

    private init(_ core: SegmentCore, _ options: RememoryOptions) {
        self.core = core
        unsafe state = core.state
        self.options = options
    }

    deinit { close() }

    /// Opens the segment of that name, or creates it. Attaching writes nothing, and waits until its creator is done.
    static func open(
        _ name: BlockName,
        creating template: SegmentTemplate,
        options: RememoryOptions = RememoryOptions()
    ) throws(RememoryError) -> Segment {
        Segment(try SegmentRegistry.shared.core(name, template, options), options)
    }

    /// Opens the segment of that name, whatever its type is; `nil` if there is none.
    static func openIfAny(_ name: BlockName, options: RememoryOptions) throws(RememoryError) -> Segment? {
        try SegmentRegistry.shared.coreIfAny(name, options).map { Segment($0, options) }
    }

    var name: BlockName { core.name }

    /// Whether this handle was closed.
    var isClosed: Bool {
        @inline(__always) get { closed.load(ordering: .relaxed) }
    }

    /// Runs the body with the block's lock held and the segment that has the name mapped.
    ///
    /// Nested calls on one thread, also by another handle of the same name, just run.
    ///
    /// - Parameter timeout: How long to wait for the lock; the options' timeout if not given.
    @inline(__always)
    func withLock<Result>(
        timeout: Duration? = nil,
        _ body: (inout SegmentAccess) throws -> Result
    ) throws -> Result {
        try enter(timeout: timeout ?? options.timeout)
        defer { leave() }
        var access = SegmentAccess(segment: self)
        return try body(&access)
    }

    /// Takes the lock and sees to it that the segment is the one that has the name. `leave()` must follow.
    @inline(__always)
    func enter(timeout: Duration?) throws(RememoryError) {
        // Asked before the lock is taken, and not again: whoever has it then has to get as far as giving it back.
        if isClosed { throw .closed(name) }
        if unsafe !rm_segment_enter(state) { try enterSlowly(timeout) }
    }

    /// `enter` for an operation that runs nobody else's code. `leaveBriefly()` must follow.
    @inline(__always)
    func enterBriefly(timeout: Duration?) throws(RememoryError) {
        if unsafe isClosed || rm_segment_enter_briefly(state).word == nil { try enter(timeout: timeout) }
    }

    @inline(__always)
    func leaveBriefly() {
        if unsafe !rm_segment_leave_briefly(state) { core.lock.releaseSlowly() }
    }

    /// What the fast path was not enough for: somebody else has the lock, or this thread has it and the name has to be
    /// looked at.
    @inline(never)
    private func enterSlowly(_ timeout: Duration?) throws(RememoryError) {
        var lock = core.lock
        if !lock.isHeldByThisThread {
            while true {
                try lock.acquireSlowly(timeout: timeout)
                let current = core.lock
                if current === lock { break }
                // Another one guards the segment since we began to wait.
                lock.release()
                lock = current
            }
            _ = unsafe rm_segment_begin(state)
        }
        do throws(RememoryError) {
            if !core.isCurrentByName { try core.becomeCurrent() }
            core.belongToThisProcess()
        } catch {
            leave()
            throw error
        }
    }

    @inline(__always)
    func leave() {
        if unsafe !rm_segment_leave(state) { core.lock.releaseSlowly() }
    }

    /// Ends this handle; the last one of a name in a process drops the guard link and the mapping.
    func close() {
        guard !closed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        SegmentRegistry.shared.leave(core)
    }

    /// Removes the block on purpose: Swift processes that have it open don't bring it back.
    ///
    /// - Parameter semaphore: Whether the lock goes too. Only when nobody else uses the block: a process that opens it
    ///   afterwards gets another lock than those that have it open now.
    func unlink(semaphore: Bool = false) throws(RememoryError) {
        if isClosed { throw .closed(name) }
        try core.lock.acquire(timeout: options.timeout)
        defer { core.lock.release() }
        try core.remove(semaphore: semaphore)
    }
}

/// What can be done with a segment while its lock is held, or with a copy of one. Valid only inside `withLock`, or while
/// the copy lives.
@safe struct SegmentAccess {
    private let state: UnsafeMutablePointer<rm_segment>
    /// Not counted: `withLock`, which lends this, is the segment's own.
    private let segment: Unmanaged<Segment>?

    @inline(__always)
    fileprivate init(segment: Segment) {
        unsafe state = segment.state
        unsafe self.segment = Unmanaged.passUnretained(segment)
    }

    init(to copy: SegmentCopy) {
        unsafe state = copy.state
        unsafe segment = nil
    }

    /// The segment in this process; `nil` for a copy.
    var core: SegmentCore? { unsafe segment?.takeUnretainedValue().core }

    /// The whole segment. Asked for anew after everything that may have grown it.
    var bytes: UnsafeMutableRawBufferPointer {
        @inline(__always) get {
            unsafe UnsafeMutableRawBufferPointer(start: state.pointee.bytes, count: state.pointee.count)
        }
    }

    /// Changes when the bytes have become those of another segment: after growth by anybody, or another's taking over
    /// the name. What was remembered about the old one is worth nothing then.
    var identity: UInt64 {
        @inline(__always) get { unsafe state.pointee.generation }
    }

    /// Changes when an operation begins within this one: a value's own code may use the block that is just coding it, and
    /// then nothing need be what and where it was.
    var operationsWithin: UInt32 {
        @inline(__always) get { unsafe state.pointee.within }
    }

    /// Replaces the segment by a larger one that takes its name: at least twice as large, as Python does it. Copies
    /// can't grow.
    ///
    /// - Parameters:
    ///   - count: How many bytes are needed.
    ///   - fill: Writes the new content. The bytes it gets are NUL, and nobody else sees them yet.
    mutating func grow(toAtLeast count: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
        guard let segment = unsafe segment?.takeUnretainedValue() else {
            preconditionFailure("a copy of a segment has no name to grow under")
        }
        let size = unsafe bytes.count
        guard segment.options.growth == .replace else {
            throw RememoryError.valueTooLarge(
                segment.name,
                needed: count,
                room: size,
                remedy: "The block was opened with growth: .fail. Store less, or make the block anew with a larger size"
            )
        }
        try unsafe segment.core.grow(to: max(count, 2 * size), fill)
    }
}
