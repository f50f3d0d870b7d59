import CRememoryPlatform

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A value that one thread at a time has, guarded by a mutex of the C library.
///
/// The standard library's `Mutex` is handed over by the kernel when threads contend for it, which the thread sanitizer
/// can't see: it would report every access. Nor could it be held while the process forks.
@safe final class ThreadMutex<Value>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var value: Value

    init(_ value: sending Value) {
        self.value = value
        unsafe mutex.initialize(to: pthread_mutex_t())
        var attributes = pthread_mutexattr_t()
        unsafe pthread_mutexattr_init(&attributes)
        #if DEBUG
            // A thread that takes it twice is told, instead of waiting for itself.
            unsafe pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_ERRORCHECK))
        #endif
        ThreadMutex.expect(unsafe pthread_mutex_init(mutex, &attributes))
        unsafe pthread_mutexattr_destroy(&attributes)
    }

    /// One for a variable of the process, which a forked child finds free: no other thread has it while the process
    /// forks.
    static func ofProcess(_ value: sending Value) -> ThreadMutex {
        let made = ThreadMutex(value)
        precondition(unsafe rm_hold_in_fork(made.mutex), "too many mutexes that belong to the process")
        return made
    }

    private static func expect(_ failure: Int32) {
        precondition(failure == 0, "a mutex is used as it must not be (errno \(failure))")
    }

    deinit {
        ThreadMutex.expect(unsafe pthread_mutex_destroy(mutex))
        unsafe mutex.deallocate()
    }

    /// Runs the body while no other thread has the value.
    func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
        ThreadMutex.expect(unsafe pthread_mutex_lock(mutex))
        defer { ThreadMutex.expect(unsafe pthread_mutex_unlock(mutex)) }
        return try body(&value)
    }

    /// The same if no other thread has it; otherwise `nil`.
    func withLockIfAvailable<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard unsafe pthread_mutex_trylock(mutex) == 0 else { return nil }
        defer { ThreadMutex.expect(unsafe pthread_mutex_unlock(mutex)) }
        return try body(&value)
    }
}
