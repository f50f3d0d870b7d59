import CRememoryPlatform
import Synchronization

/// Locks that killed Swift processes have left taken, while nobody in this process wants them.
///
/// Whoever waits for such a lock takes over, if it is a Swift process. A Python only waits, for ever. So once a second the
/// acting thread looks at the locks of the open blocks: a few loads each, which is all unless one is taken, somebody waits
/// for it, and the Swift process that has it by its mark is dead.
extension Follower {
    static let freeingInterval: Int64 = 1_000_000_000

    func freeAbandonedLocks() {
        let cores = state.withLock { state in
            state.isActing = !state.isOver
            return state.isOver ? [] : state.entries.values.map(\.core)
        }
        for core in cores where core.lock.isWaitedForInVain { core.lock.free() }
    }
}

extension BlockLock {
    /// Whether somebody waits for a Swift process, dead or alive, that is not this one.
    fileprivate var isWaitedForInVain: Bool {
        unsafe semaphore.isTaken && rm_sem_waiters(semaphore.pointer) != 0 && holderMark.isSwift
            && holderMark.process != SystemCalls.processIdentifier
    }

    /// Gives back what a process had that is proven dead.
    fileprivate func free() {
        if case .abandoned = takeOver(scans: false).state { release() }
    }
}
