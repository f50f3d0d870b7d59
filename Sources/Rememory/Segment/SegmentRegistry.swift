import CRememoryPlatform
import Synchronization

/// The segments that are open in this process: one for each name.
final class SegmentRegistry: Sendable {
    static let shared = SegmentRegistry()

    private let cores = ThreadMutex<[BlockName: SegmentCore]>.ofProcess([:])
    private let locks = ThreadMutex<[BlockName: WeakLock]>.ofProcess([:])

    private struct WeakLock {
        weak var lock: BlockLock?
    }

    /// The segment of that name, open already or opened now, with one more handle counted.
    func core(
        _ name: BlockName,
        _ template: SegmentTemplate,
        _ options: RememoryOptions
    ) throws(RememoryError) -> SegmentCore {
        if let open = join(name, opened: nil) { return open }
        _ = SegmentRegistry.preparation
        let lock = try lock(name, acceptsOtherOwners: options.acceptsOtherOwners)
        return enter(try SegmentCore.open(name, template, lock, options))
    }

    /// The segment of that name if there is one, whatever it is taken for, with one more handle counted.
    func coreIfAny(_ name: BlockName, _ options: RememoryOptions) throws(RememoryError) -> SegmentCore? {
        if let open = join(name, opened: nil) { return open }
        _ = SegmentRegistry.preparation
        guard (try? SystemCalls.factsIfAny(SharedMemoryPlace.segment(name))) != nil else { return nil }
        let lock = try lock(name, acceptsOtherOwners: options.acceptsOtherOwners)
        return try SegmentCore.openIfAny(name, .unknown, lock, options).map { enter($0) }
    }

    private func enter(_ opened: SegmentCore) -> SegmentCore {
        // Another thread may have been faster; then its segment is the one, and ours goes.
        let core = join(opened.name, opened: opened) ?? opened
        core.beFollowed()
        return core
    }

    /// Once a process: guards outlive neither their process, when it ends in good order, nor the next one's start.
    private static let preparation: Void = {
        SegmentCore.removeStaleGuards()
        rm_count_forks()
        let process = SystemCalls.processIdentifier
        registeredProcess.store(process, ordering: .relaxed)
        SystemCalls.atExit {
            guard SegmentRegistry.registeredProcess.load(ordering: .relaxed) == SystemCalls.processIdentifier else {
                return
            }
            Follower.current.end()
            let cores = SegmentRegistry.shared.cores.withLockIfAvailable { Array($0.values) } ?? []
            for core in cores { core.dropGuardAtExit() }
        }
    }()

    /// A forked child that exits leaves its parent's guards alone.
    private static let registeredProcess = Atomic<Int32>(0)

    private func join(_ name: BlockName, opened: SegmentCore?) -> SegmentCore? {
        cores.withLock { cores in
            if let core = cores[name], !core.isRetired {
                core.handles.add(1, ordering: .relaxed)
                return core
            }
            opened?.handles.add(1, ordering: .relaxed)
            if let opened { cores[name] = opened }
            return opened
        }
    }

    /// One handle less; the last one shuts the segment.
    func leave(_ core: SegmentCore) {
        let isLast = cores.withLock { cores in
            let left = core.handles.subtract(1, ordering: .relaxed).newValue
            if left == 0, cores[core.name] === core { cores[core.name] = nil }
            return left == 0
        }
        guard isLast else { return }
        core.stopBeingFollowed()
        core.shut()
    }

    /// The lock of that name in this process.
    func lock(_ name: BlockName, acceptsOtherOwners: Bool) throws(RememoryError) -> BlockLock {
        if let core = cores.withLock({ $0[name] }), !core.isRetired { return core.lock }
        return try namedLock(name, acceptsOtherOwners: acceptsOtherOwners)
    }

    /// The lock that the name of the semaphore stands for now.
    func namedLock(_ name: BlockName, acceptsOtherOwners: Bool) throws(RememoryError) -> BlockLock {
        // Somebody may have removed the semaphore's name: then others lock by another one.
        if let lock = locks.withLock({ $0[name]?.lock }),
            (try? SystemCalls.factsIfAny(SharedMemoryPlace.semaphore(name)))?.identity == lock.semaphore.identity
        {
            return lock
        }
        let made = try BlockLock(
            name, acceptsOtherOwners: acceptsOtherOwners, recover: SegmentRecovery.run)
        return locks.withLock { locks in
            if let lock = locks[name]?.lock, lock.semaphore.identity == made.semaphore.identity { return lock }
            locks = locks.filter { $0.value.lock != nil }
            locks[name] = WeakLock(lock: made)
            return made
        }
    }
}
