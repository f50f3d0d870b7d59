import CRememoryPlatform

/// The lock of a block in this process: the named semaphore, plus what makes it re-entrant.
///
/// There is one for each name, shared by every handle of that name, whatever its type. The semaphore itself keeps the
/// threads of this process apart as it does processes, so all that is added is who has it: a thread that takes it again
/// only counts. Uncontended it costs one wait, one post, and a few loads and stores on two cache lines.
///
/// Fairness: glibc's semaphores let a process that adds in a loop take the lock again before a woken sleeper gets to
/// run. Short operations sort themselves out (each post then makes a system call, and the lock is free meanwhile), long
/// ones do not. So a process that has been releasing in front of sleepers for a while gives way: see `BlockLock+Waiting`.
@safe final class BlockLock: @unchecked Sendable {
    let name: BlockName
    let semaphore: NamedSemaphore
    /// Tasks that wait for it.
    let queue = LockQueue()

    /// What the fast path works on.
    let state: UnsafeMutablePointer<rm_lock>

    /// Puts right what a dead holder left behind, before anything else is done with the block.
    let recover: @Sendable (BlockLock, LockEvidence.Proof) -> Void

    /// Itself, for as long as a thread has it without a scope to give it back in: if the last handle goes meanwhile,
    /// the next one must find that the thread has it. Only for the thread that has it.
    private var whileHeld: BlockLock?
    private var keptCount = 0

    init(
        _ name: BlockName, acceptsOtherOwners: Bool,
        recover: @escaping @Sendable (BlockLock, LockEvidence.Proof) -> Void
    ) throws(RememoryError) {
        self.name = name
        self.recover = recover
        semaphore = try NamedSemaphore(name, acceptsOtherOwners: acceptsOtherOwners)
        rm_count_forks()
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: rm_lock())
        unsafe state.pointee.semaphore = semaphore.pointer
        unsafe state.pointee.word = rm_sem_word(semaphore.pointer)
        unsafe state.pointee.places = semaphore.places
        unsafe rm_lock_take_place(state)
    }

    deinit {
        unsafe rm_lock_leave_place(state)
        unsafe state.deallocate()
    }

    /// Whether the calling thread has it.
    var isHeldByThisThread: Bool { unsafe rm_lock_is_mine(state) }

    /// Whether the calling thread, which has it, took it only once.
    var isHeldOnce: Bool { unsafe state.pointee.depth == 1 }

    /// Takes the lock, or counts up when this thread has it already.
    @inline(__always)
    func acquire(timeout: Duration?) throws(RememoryError) {
        if unsafe !rm_lock_enter(state) { try acquireSlowly(timeout: timeout) }
    }

    /// Takes the lock if that needs no waiting; whether it did.
    func tryAcquire() -> Bool {
        if unsafe rm_lock_enter(state) { return true }
        unsafe rm_lock_take_place(state)
        return unsafe rm_lock_try(state)
    }

    /// Takes the lock until `releaseKept()`, however many handles there are then.
    func acquireAndKeep(timeout: Duration?) throws(RememoryError) {
        try acquire(timeout: timeout)
        keptCount += 1
        whileHeld = self
    }

    /// Gives back what `acquireAndKeep` took. Only for the thread that has it.
    func releaseKept() {
        keptCount = max(keptCount - 1, 0)
        if keptCount == 0 { whileHeld = nil }
        release()
    }

    /// Gives it back, or counts down. Only for the thread that has it.
    @inline(__always)
    func release() {
        if unsafe !rm_lock_leave(state) { releaseSlowly() }
    }
}
