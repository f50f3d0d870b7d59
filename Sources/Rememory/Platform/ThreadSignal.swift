import CRememoryPlatform

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What one thread sleeps on until others have something for it. It needs no descriptor.
@safe final class ThreadSignal: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        unsafe semaphore.initialize(to: sem_t())
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    /// Wakes the thread, or keeps it from falling asleep.
    func raise() { unsafe rm_sem_post(semaphore) }

    /// Sleeps until it is raised, or for so long; without an end if `nil`. All that was raised counts as once.
    func wait(nanoseconds: Int64?) {
        while unsafe rm_sem_wait_for(semaphore, nanoseconds ?? ThreadSignal.longTime) != 0, nanoseconds == nil {}
        while unsafe rm_sem_try(semaphore) {}
    }

    /// A day.
    private static let longTime: Int64 = 86_400_000_000_000
}
