import CRememoryPlatform
import Synchronization

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

    /// Written by the thread that holds the semaphore; others may look at `owner` only, and only to compare it with
    /// their own token, which nobody else ever stores.
    struct State {
        var owner: UInt64 = 0
        var depth: Int = 0
        var forks: UInt64 = 0
        /// Since when this process releases in front of sleepers, on the monotonic clock; 0 if it does not.
        var barging: UInt64 = 0
    }

    let state: UnsafeMutablePointer<State>

    init(_ name: BlockName, acceptsOtherOwners: Bool) throws(RememoryError) {
        self.name = name
        semaphore = try NamedSemaphore(name, acceptsOtherOwners: acceptsOtherOwners)
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State())
        rm_count_forks()
        unsafe state.pointee.forks = rm_forks()
    }

    deinit { unsafe state.deallocate() }

    /// Whether the calling thread has it.
    @inline(__always)
    var isHeldByThisThread: Bool {
        unsafe rm_load_relaxed_u64(&state.pointee.owner) == rm_thread_token()
            && rm_forks() == rm_load_relaxed_u64(&state.pointee.forks)
    }

    /// Takes the lock, or counts up when this thread has it already.
    @inline(__always)
    func acquire(timeout: Duration?) throws(RememoryError) {
        if isHeldByThisThread {
            unsafe state.pointee.depth += 1
            return
        }
        if unsafe rm_load_relaxed_u64(&state.pointee.barging) != 0 || !rm_sem_try(semaphore.pointer) {
            try acquireSlowly(timeout: timeout)
        }
        becomeOwner()
    }

    /// Takes the lock if that needs no waiting; whether it did.
    func tryAcquire() -> Bool {
        if isHeldByThisThread {
            unsafe state.pointee.depth += 1
            return true
        }
        guard unsafe rm_sem_try(semaphore.pointer) else { return false }
        becomeOwner()
        return true
    }

    @inline(__always)
    private func becomeOwner() {
        if unsafe rm_sem_value(semaphore.pointer) != 0 { absorbSurplus() }
        unsafe rm_store_relaxed_u64(&state.pointee.forks, rm_forks())
        unsafe rm_store_relaxed_u64(&state.pointee.owner, rm_thread_token())
        unsafe state.pointee.depth = 1
    }

    /// Gives it back, or counts down. Only for the thread that has it.
    @inline(__always)
    func release() {
        unsafe state.pointee.depth -= 1
        if unsafe state.pointee.depth != 0 { return }
        unsafe rm_store_relaxed_u64(&state.pointee.owner, 0)
        if unsafe rm_sem_waiters(semaphore.pointer) != 0 {
            releaseInFrontOfSleepers()
        } else {
            unsafe rm_store_relaxed_u64(&state.pointee.barging, 0)
            unsafe rm_sem_post(semaphore.pointer)
        }
    }
}
