import CRememoryPlatform
import Synchronization

/// The segment of one name in this process, shared by all its handles.
///
/// Everything here is guarded by the block's lock, the named semaphore, except where said otherwise.
@safe final class SegmentCore: @unchecked Sendable {
    let name: BlockName
    let lock: BlockLock
    /// The segment's file, as long as it has its name.
    let path: String
    let template: SegmentTemplate
    let options: RememoryOptions

    /// What the fast path works on.
    let state: UnsafeMutablePointer<rm_segment>
    private(set) var mapped: MappedSegment
    var watch: SegmentWatch?

    /// Another user's segment can't be given a second name where the system forbids that.
    var canGuard = true

    /// How many handles there are. Guarded by the registry.
    let handles = Atomic<Int>(0)
    /// Whether the block was removed, or all handles closed. Then the next to open the name starts anew.
    private let retired = Atomic<Bool>(false)

    private static let generations = Atomic<UInt64>(0)

    init(
        _ mapped: MappedSegment, _ name: BlockName, _ template: SegmentTemplate, _ lock: BlockLock,
        _ options: RememoryOptions
    ) {
        self.mapped = mapped
        self.name = name
        path = SharedMemoryPlace.segment(name)
        self.template = template
        self.lock = lock
        self.options = options
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: rm_segment())
        unsafe state.pointee.lock = lock.state
        unsafe state.pointee.patience = options.coherence == .automatic ? SegmentCore.looksBeforeSentinel : 0
        show(mapped)
    }

    deinit {
        unsafe state.deallocate()
    }

    var isRetired: Bool { retired.load(ordering: .acquiring) }

    func retire() { retired.store(true, ordering: .releasing) }

    /// Goes on with another segment.
    func adopt(_ other: MappedSegment) {
        mapped = other
        watch = nil
        show(other)
    }

    private func show(_ mapped: MappedSegment) {
        unsafe state.pointee.bytes = mapped.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe state.pointee.count = mapped.bytes.count
        unsafe state.pointee.generation = SegmentCore.generations.add(1, ordering: .relaxed).newValue
        unsafe state.pointee.seen = 0
    }

    /// The segment's size in bytes if nobody is busy with it.
    var sizeIfFree: Int? {
        guard lock.tryAcquire() else { return nil }
        defer { lock.release() }
        return unsafe state.pointee.count
    }

    /// Ends the use of the segment by this process; the guard link goes with the last process that has it open.
    func shut() {
        guard (try? lock.acquire(timeout: .milliseconds(50))) != nil else { return retire() }
        defer { lock.release() }
        if !isRetired {
            retire()
            dropGuard()
        }
        // Closed handles may be kept for long: mapping, descriptor and file lock are not. Unless this thread is in the
        // middle of an operation on them.
        if lock.isHeldOnce {
            adopt(.none)
        } else {
            mapped.letGo()
        }
    }
}
