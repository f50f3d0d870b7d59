import CRememoryPlatform
import Synchronization

/// Tasks that wait for a block's lock without a thread of Swift's pool.
///
/// A lock belongs to a thread, so somebody has to sleep on the semaphore: one thread for each lock that is waited for,
/// started with the first task in the queue and gone with the last. It takes the lock for one task after another, runs
/// what the task wants done, and gives it back in between. A task that is cancelled, or has waited for long enough,
/// leaves the queue at once; the thread notices with its next look.
final class LockQueue: Sendable {
    /// What a task waits with.
    struct Request: Sendable {
        /// When to give up, on the monotonic clock.
        let deadline: Int64
        let timeout: Duration
        /// Does what is to be done with the lock held. What comes back is called when it is free again.
        let perform: @Sendable () -> @Sendable () -> Void
        let fail: @Sendable (any Error) -> Void
    }

    private struct State {
        var requests: [UInt64: Request] = [:]
        /// The numbers of requests in the order in which they came: the next to be served, and the next to be given.
        var front: UInt64 = 0
        var back: UInt64 = 0
        /// The fork count of the process that has a thread for them, which a forked child has not.
        var servedBy: UInt64?

        mutating func take(_ number: UInt64) -> Request? { requests.removeValue(forKey: number) }

        mutating func takeFirst() -> Request? {
            while front < back {
                front += 1
                if let request = take(front - 1) { return request }
            }
            return nil
        }
    }

    private let state = Mutex(State())

    /// Whether anybody waits.
    var isEmpty: Bool { state.withLock { $0.requests.isEmpty } }

    /// A number to leave the queue with.
    func ticket() -> UInt64 {
        state.withLock { state in
            state.back += 1
            return state.back - 1
        }
    }

    /// Puts a request at the end. It is performed or fails, once.
    func add(_ request: Request, ticket: UInt64, of lock: BlockLock) {
        let needsThread = state.withLock { state in
            state.requests[ticket] = request
            state.front = min(state.front, ticket)
            defer { state.servedBy = rm_forks() }
            return state.servedBy != rm_forks()
        }
        guard needsThread else { return }
        do throws(SystemFailure) {
            try WorkerThread.start { self.serve(lock) }
        } catch {
            for request in endService() { request.fail(RememoryError.system(error, lock.name)) }
        }
    }

    /// Leaves the queue, unless it is too late for that.
    func cancel(ticket: UInt64) {
        state.withLock { $0.take(ticket) }?.fail(CancellationError())
    }

    // MARK: The thread

    private func serve(_ lock: BlockLock) {
        while isWanted {
            do throws(RememoryError) {
                try lock.acquireSlowly(timeout: nil) {
                    self.dismissOverdue(lock)
                    return self.state.withLock { !$0.requests.isEmpty }
                }
            } catch {
                // Without a time limit this one says only that nobody waits any more; somebody may have come since.
                if error.code != .lockTimeout { state.withLock { $0.takeFirst() }?.fail(error) }
                continue
            }
            let finish = state.withLock { $0.takeFirst() }?.perform()
            lock.release()
            finish?()
        }
    }

    /// Whether the thread is to go on; if not, it is no more.
    private var isWanted: Bool {
        state.withLock { state in
            if state.requests.isEmpty { state.servedBy = nil }
            return state.servedBy != nil
        }
    }

    private func dismissOverdue(_ lock: BlockLock) {
        let now = SystemCalls.monotonicTime()
        let overdue = state.withLock { state in
            state.requests.filter { $0.value.deadline <= now }.keys.compactMap { state.take($0) }
        }
        guard !overdue.isEmpty else { return }
        let holders = lock.evidence().description
        for request in overdue {
            request.fail(RememoryError.lockTimeout(lock.name, after: request.timeout, because: holders))
        }
    }

    private func endService() -> [Request] {
        state.withLock { state in
            state.servedBy = nil
            defer { state.requests = [:] }
            return Array(state.requests.values)
        }
    }
}

extension BlockLock {
    /// Runs the body with the lock held: at once if it is free, otherwise on a thread that waits for it.
    ///
    /// - Throws: `lockTimeout`, a `CancellationError`, or what the body throws.
    func whenFree<Result: Sendable>(
        timeout: Duration?, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try Task.checkCancellation()
        if queue.isEmpty, tryAcquire() {
            defer { release() }
            return try body()
        }
        let ticket = queue.ticket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (end, isEndless) = SystemCalls.monotonicTime().addingReportingOverflow(
                    timeout?.nanoseconds ?? .max)
                queue.add(
                    LockQueue.Request(
                        deadline: isEndless ? .max : end, timeout: timeout ?? .zero,
                        perform: {
                            let outcome = Swift.Result { try body() }
                            return { continuation.resume(with: outcome) }
                        }, fail: { continuation.resume(throwing: $0) }), ticket: ticket, of: self)
                if Task.isCancelled { queue.cancel(ticket: ticket) }
            }
        } onCancel: {
            queue.cancel(ticket: ticket)
        }
    }
}
