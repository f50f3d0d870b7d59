import CRememoryPlatform
import Logging

/// What happens when the lock is not simply free.
extension BlockLock {
    /// Looks at the semaphore so often before going to sleep: a few microseconds, several operations of others.
    private static let spins = 200
    /// Sleeps at most so long at a stretch.
    private static let sleepLimit: Int64 = 1_000_000_000
    /// A process may take the lock in front of sleepers for so long before it gives way.
    private static let bargingLimit: Int64 = 200_000
    /// Gives way for at most so long: sleepers need some ten microseconds to wake up.
    private static let yieldLimit: Int64 = 200_000

    @inline(never)
    func acquireSlowly(timeout: Duration?) throws(RememoryError) {
        giveWay()
        for _ in 0..<BlockLock.spins {
            if unsafe rm_sem_value(semaphore.pointer) != 0, unsafe rm_sem_try(semaphore.pointer) { return }
            rm_spin_hint()
        }
        let started = SystemCalls.monotonicTime()
        let limit = timeout.map { $0.nanoseconds } ?? .max
        while true {
            let left = limit - (SystemCalls.monotonicTime() - started)
            if unsafe rm_sem_wait_for(semaphore.pointer, min(max(left, 0), BlockLock.sleepLimit)) == 0 { return }
            if left <= 0 {
                throw .lockTimeout(name, after: timeout ?? .zero, holders: LockHolders(of: semaphore).description)
            }
        }
    }

    /// A post too many, by whomever: one of us would not be alone. While we have the lock nobody may post, so what is
    /// there can only be a surplus.
    @inline(never)
    func absorbSurplus() {
        var surplus = 0
        while surplus < 1_000_000, unsafe rm_sem_try(semaphore.pointer) { surplus += 1 }
        guard surplus > 0 else { return }
        Logger(label: "rememory").warning(
            "the lock of a block was free several times over: somebody released it without having it",
            metadata: ["block": "\(name)", "surplus": "\(surplus)"]
        )
    }

    /// Posts, which wakes a sleeper, and remembers since when that has been going on.
    @inline(never)
    func releaseInFrontOfSleepers() {
        if unsafe rm_load_relaxed_u64(&state.pointee.barging) == 0 {
            unsafe rm_store_relaxed_u64(&state.pointee.barging, UInt64(SystemCalls.monotonicTime()))
        }
        unsafe rm_sem_post(semaphore.pointer)
    }

    /// Lets a sleeper go first if this process has been in its way for long enough.
    private func giveWay() {
        let since = unsafe Int64(rm_load_relaxed_u64(&state.pointee.barging))
        guard since != 0 else { return }
        let start = SystemCalls.monotonicTime()
        guard start - since >= BlockLock.bargingLimit else { return }
        while unsafe rm_sem_value(semaphore.pointer) != 0, unsafe rm_sem_waiters(semaphore.pointer) != 0,
            SystemCalls.monotonicTime() - start < BlockLock.yieldLimit
        {
            SystemCalls.sleep(nanoseconds: 10_000)
        }
        unsafe rm_store_relaxed_u64(&state.pointee.barging, 0)
    }
}

extension Duration {
    /// In nanoseconds; more than 292 years come out as 292 years.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? (seconds < 0 ? .min : .max) : whole &+ attoseconds / 1_000_000_000
    }
}
