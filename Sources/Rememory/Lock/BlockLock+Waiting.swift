import CRememoryPlatform
import Logging

/// What happens when the lock is not simply free.
extension BlockLock {
    /// Waits so long before it looks whether the holder is dead, and again and again; a shorter timeout's end will do.
    private static let lookInterval: Int64 = 1_000_000_000
    /// Sleeps at most so long where it may turn out that nobody wants it any more.
    private static let questionInterval: Int64 = 20_000_000
    /// A look at all processes may take this part of the time.
    private static let scanShare: Int64 = 20
    /// A process may take the lock in front of sleepers for so long before it gives way.
    private static let bargingLimit: Int64 = 200_000
    /// Gives way for at most so long: sleepers need some ten microseconds to wake up.
    private static let yieldLimit: Int64 = 200_000

    /// - Parameter isWanted: Asked now and then; `false` ends the wait, with an error.
    @inline(never)
    func acquireSlowly(timeout: Duration?, while isWanted: (() -> Bool)? = nil) throws(RememoryError) {
        unsafe rm_lock_take_place(state)
        giveWay()
        if unsafe rm_lock_spin(state) { return }
        let started = SystemCalls.monotonicTime()
        let limit = timeout.map { $0.nanoseconds } ?? .max
        let stretch = isWanted == nil ? Int64.max : BlockLock.questionInterval
        var nextLook = BlockLock.lookInterval
        var nextScan = nextLook
        while true {
            let waited = SystemCalls.monotonicTime() - started
            if waited >= nextLook || waited >= limit {
                let scans = waited >= nextScan || waited >= limit
                let evidence = takeOver(scans: scans)
                if case .abandoned = evidence.state { return }
                if evidence.state == .free, tryAcquire() { return }
                if waited >= limit {
                    throw .lockTimeout(name, after: timeout ?? .zero, because: evidence.description)
                }
                let cost = SystemCalls.monotonicTime() - started - waited
                nextLook = waited + cost + BlockLock.lookInterval
                if scans { nextScan = waited + max(BlockLock.scanShare * cost, BlockLock.lookInterval) }
            }
            let pause = max(min(nextLook, limit) - (SystemCalls.monotonicTime() - started), 0)
            if unsafe rm_lock_wait(state, min(pause, stretch)) == 0 { return }
            if isWanted?() == false {
                throw .lockTimeout(name, after: .zero, because: "Nobody wants it any more")
            }
        }
    }

    /// Takes the lock if it comes free soon; whether it did. For those who have something else to do meanwhile.
    func acquire(withinNanoseconds limit: Int64) -> Bool {
        if tryAcquire() { return true }
        return unsafe rm_lock_wait(state, limit) == 0
    }

    /// Takes the lock from a holder that is proven dead, one of several processes that find out. The evidence says
    /// whether: its state is `abandoned` then.
    ///
    /// - Parameter scans: Whether all processes may be looked at.
    @inline(never)
    func takeOver(scans: Bool) -> LockEvidence {
        let look = semaphore.look()
        let search = HolderSearch(lock: self)
        let mark = holderMark
        var evidence = search.evidence(look, scans: scans)
        guard case .abandoned(let proof) = evidence.state else { return evidence }
        // The mark is ours from here on: whoever looks next finds a holder that lives.
        guard look != nil, mark == holderMark, unsafe rm_lock_seize(state, mark.mark) else {
            // Somebody else is looking and will take over, or nobody can since the semaphore has lost its name.
            evidence.state = .unknown
            return evidence
        }
        KillPoint.pass(.lockSeized)
        withExtendedLifetime(look) { recover(self, proof) }
        return evidence
    }

    /// Who has the lock, as far as that can be known.
    func evidence() -> LockEvidence {
        let look = semaphore.look()
        return HolderSearch(lock: self).evidence(look)
    }

    /// Posts, which wakes a sleeper if there is one, and remembers since when that has been going on. Reports what was
    /// posted too often: then somebody else may have been in with us.
    @inline(never)
    func releaseSlowly() {
        let surplus = unsafe state.pointee.surplus
        unsafe state.pointee.surplus = 0
        let hasWaiters = unsafe rm_sem_waiters(semaphore.pointer) != 0
        let woken = unsafe rm_lock_post(state)
        // A process that was killed while it waited is counted for ever, and never woken.
        if !hasWaiters {
            unsafe rm_store_relaxed_u64(&state.pointee.barging, 0)
        } else if woken != 0, unsafe rm_load_relaxed_u64(&state.pointee.barging) == 0 {
            unsafe rm_store_relaxed_u64(&state.pointee.barging, UInt64(SystemCalls.monotonicTime()))
        }
        guard surplus > 0 else { return }
        Logger(label: "rememory").warning(
            "the lock of a block was free several times over: somebody released it without having it",
            metadata: ["block": "\(name)", "surplus": "\(surplus)"]
        )
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
