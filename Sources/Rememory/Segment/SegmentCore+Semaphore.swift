import Logging

/// Staying on the semaphore that has the name.
///
/// Removing `sem.*` by hand is the usual cure for a lock that a killed process has left taken. Those who have the old
/// semaphore go on with it, those who come later make a new one, and two semaphores guard one segment: half of the
/// additions are lost. So the semaphore has a guard link as the segment has one, and with the lock held its name stands
/// for one of these:
///
///     our semaphore                  go on
///     nothing                        removed by hand: put ours back by its guard link
///     another, which nobody has      made meanwhile by a process that is gone: put ours back over it
///     another, which is in use       later processes have that one: take it as well, go over to it, give ours back
///
/// Every Swift process does the same, so they end up with one. The order, ours first, is the same for all. Python
/// processes can't be moved: those who had the old semaphore when another one has come into use must be restarted.
/// (A lock that was left taken stays taken when its name comes back. Its holder's death is proven, or not, by
/// `HolderSearch`; that somebody removed the name proves nothing.)
extension SegmentCore {
    var lockGuardPath: String { SharedMemoryPlace.semaphoreGuard(name) }

    /// Whether the semaphore's name stands for ours, and if wished whether that has a guard.
    func hasLockName(guarded: Bool) -> Bool {
        guard let facts = try? SystemCalls.factsIfAny(lockPath) else { return false }
        return facts.identity == lock.semaphore.identity && (facts.linkCount > 1 || !guarded)
    }

    /// Lets the semaphore's name stand for our lock, or goes over to the one that it stands for.
    ///
    /// - Parameter timeout: How long to wait for another lock.
    func keepLock(timeout: Duration?) throws {
        for _ in 0..<SegmentCore.attempts where try keepLockOnce(timeout: timeout) { return }
    }

    private func keepLockOnce(timeout: Duration?) throws -> Bool {
        let ours = lock.semaphore.identity
        let current = try SystemCalls.factsIfAny(lockPath)?.identity
        let isGuarded = try SystemCalls.factsIfAny(lockGuardPath)?.identity == ours
        if current == ours { return try isGuarded || linkLockGuard() }
        do throws(SystemFailure) {
            if current == nil, isGuarded {
                try SystemCalls.link(lockGuardPath, lockPath)
                report("the lock of a block was removed; put it back")
                return true
            }
            if isGuarded, !isInUse(lockPath) {
                try SystemCalls.removeIfAny(incomingLockPath)
                try SystemCalls.link(lockGuardPath, incomingLockPath)
                try SystemCalls.rename(incomingLockPath, lockPath)
                report("the lock of a block was removed, and another made that nobody uses; put the first back")
                return true
            }
        } catch {
            // Somebody was faster; look again.
            guard error.isTaken || error.isMissing else { throw error }
            return false
        }
        let next = try SegmentRegistry.shared.namedLock(name, acceptsOtherOwners: options.acceptsOtherOwners)
        try next.acquire(timeout: timeout)
        adopt(next)
        report("the lock of a block was removed, and another is in use by now; went over to that")
        return false
    }

    private var incomingLockPath: String { SharedMemoryPlace.incomingSemaphore(name) }

    /// Gives the semaphore, which has its name, the guard; `false` if it has lost the name meanwhile.
    private func linkLockGuard() throws(SystemFailure) -> Bool {
        guard canGuard else { return true }
        do throws(SystemFailure) {
            try SystemCalls.removeIfAny(incomingLockPath)
            try SystemCalls.link(lockPath, incomingLockPath)
            guard try SystemCalls.facts(incomingLockPath).identity == lock.semaphore.identity else { return false }
            try SystemCalls.rename(incomingLockPath, lockGuardPath)
        } catch {
            // Another process, which has the other semaphore, is doing the same.
            if error.isMissing || error.isTaken { return false }
            guard error.reason == .notPermitted else { throw error }
            canGuard = false
        }
        return true
    }

    private static let looksForUsers = 50

    private func isInUse(_ path: String) -> Bool {
        guard let file = try? FileDescriptor.open(path) else { return true }
        // A child that another thread of ours is just starting has our descriptors until it runs its program.
        for _ in 0..<SegmentCore.looksForUsers {
            if !file.isOpenElsewhere { return false }
            SystemCalls.sleep(nanoseconds: 1_000_000)
        }
        return true
    }

    private func report(_ message: Logger.Message) {
        Logger(label: "rememory").warning(message, metadata: ["block": "\(name)"])
    }
}
