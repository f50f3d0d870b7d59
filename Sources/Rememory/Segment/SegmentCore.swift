import CRememoryPlatform
import Synchronization

/// The segment of one name in this process, shared by all its handles.
///
/// Everything here is guarded by the block's lock, the named semaphore, except where said otherwise.
@safe final class SegmentCore: @unchecked Sendable {
    let name: BlockName
    /// The lock that guards it: the same one until somebody removes its name.
    var lock: BlockLock { unsafe currentLock.load(ordering: .acquiring)._withUnsafeGuaranteedRef { $0 } }
    // No mutex: a forked child would find it locked if a thread that it doesn't have was just reading.
    private let currentLock: Atomic<Unmanaged<BlockLock>>
    /// All that it had, for as long as there may be threads that wait for one. For the thread that has the lock.
    private var locks: [BlockLock]
    /// The segment's file, as long as it has its name.
    let path: String
    /// The semaphore's, likewise.
    let lockPath: String
    let template: SegmentTemplate
    let options: RememoryOptions

    /// What the fast path works on.
    let state: UnsafeMutablePointer<rm_segment>
    private(set) var mapped: MappedSegment
    var watch: SegmentWatch?
    /// The sentinel's eye on the semaphore.
    var lockWatch: SegmentWatch?

    /// Whether segment and semaphore may still be without their guards, which the follower sees to: the first operation
    /// behind an attach doesn't wait for that.
    var awaitsGuards = false

    /// Another user's segment can't be given a second name where the system forbids that.
    var canGuard: Bool {
        get { guardable.load(ordering: .relaxed) }
        set { guardable.store(newValue, ordering: .relaxed) }
    }
    private let guardable = Atomic<Bool>(true)

    /// The segment that is mapped, for those who don't have the lock.
    private let shownDevice: Atomic<UInt64>
    private let shownInode: Atomic<UInt64>
    /// In which process of those that came of each other by fork it is followed; 0 before it is.
    private let followedIn = Atomic<UInt64>(0)

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
        shownDevice = Atomic(mapped.identity.device)
        shownInode = Atomic(mapped.identity.inode)
        path = SharedMemoryPlace.segment(name)
        lockPath = SharedMemoryPlace.semaphore(name)
        self.template = template
        locks = [lock]
        unsafe currentLock = Atomic(Unmanaged.passUnretained(lock))
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

    /// Goes on with another lock; this thread has both, and has the other one afterwards. Threads that wait for the one
    /// find that out when they have it, so it stays.
    func adopt(_ other: BlockLock) {
        let former = lock
        locks.append(other)
        unsafe currentLock.store(Unmanaged.passUnretained(other), ordering: .releasing)
        lockWatch = nil
        unsafe state.pointee.seen = 0
        unsafe rm_segment_change_lock(state, other.state)
        former.release()
    }

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
        shownDevice.store(mapped.identity.device, ordering: .releasing)
        shownInode.store(mapped.identity.inode, ordering: .releasing)
    }

    // MARK: For the follower, without the lock

    /// Half of it may be of another segment for a moment: then it is that of none, and looked at again.
    private var shown: FileFacts.Identity {
        FileFacts.Identity(
            device: shownDevice.load(ordering: .acquiring), inode: shownInode.load(ordering: .acquiring))
    }

    /// What to watch: each file with the names that it should have.
    var watchedFiles: [(file: FileFacts.Identity, paths: [String])] {
        [(shown, [path, guardPath]), (lock.semaphore.identity, [lockPath, lockGuardPath])]
    }

    /// Whether the names stand for what they should. An operation, or another process, may be changing that.
    var isInOrder: Bool { !isRetired && hasName(of: shown, guarded: canGuard) && hasLockName(guarded: false) }

    /// Sees to it that the follower of this process knows it. A forked child has another one.
    @inline(__always)
    func beFollowed() {
        if followedIn.load(ordering: .relaxed) != rm_forks() + 1 { beFollowedAnew() }
    }

    /// Makes what a forked child has inherited its own. With the lock held.
    @inline(__always)
    func belongToThisProcess() {
        if followedIn.load(ordering: .relaxed) != rm_forks() + 1 {
            mapped.belongToThisProcess()
            beFollowedAnew()
        }
    }

    @inline(never)
    private func beFollowedAnew() {
        if followedIn.exchange(rm_forks() + 1, ordering: .relaxed) != rm_forks() + 1 { Follower.current.follow(self) }
    }

    /// It is not open any more.
    func stopBeingFollowed() {
        if followedIn.exchange(0, ordering: .relaxed) == rm_forks() + 1 { Follower.current.leave(self) }
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
