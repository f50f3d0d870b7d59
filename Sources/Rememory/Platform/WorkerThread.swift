import CRememoryPlatform

/// Threads of our own, for what must not keep one of the program's waiting.
enum WorkerThread {
    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs a function on a new thread, which ends with it. The thread takes no signals: those are the program's.
    static func start(_ body: @escaping @Sendable () -> Void) throws(SystemFailure) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        let failure = unsafe rm_start_thread(
            { context in
                guard let context = unsafe context else { return }
                unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
            }, work.toOpaque())
        guard failure == 0 else {
            unsafe work.release()
            throw SystemFailure("pthread_create", "a thread of our own", number: failure)
        }
    }
}
