/// The lock of a block by itself; `RMLock` in Python.
///
/// It is the lock that every operation on blocks of that name takes, whatever their type. Held, it makes several
/// operations one, against Swift and Python alike. It belongs to the thread that took it, which may take it again and
/// use the block meanwhile.
///
/// ```swift
/// let lock = try RememoryLock("game")
/// try lock.withLock {
///     try score.set(try score.get() * 2)
///     try log.append("doubled")
/// }
/// ```
public struct RememoryLock: Sendable {
    private let lock: BlockLock
    private let timeout: Duration?

    /// The lock of a block that is open.
    init(_ lock: BlockLock, timeout: Duration?) {
        self.lock = lock
        self.timeout = timeout
    }

    /// Opens the lock of that name, or creates it free.
    ///
    /// - Parameters:
    ///   - name: The name of the block that it guards; there need be none.
    ///   - options: The timeout that is used when none is given, and whether another user's lock is accepted.
    /// - Throws: ``RememoryError``: `invalidName`, `notPermitted`, and what can go wrong with shared memory.
    public init(_ name: String, options: RememoryOptions = RememoryOptions()) throws {
        lock = try SegmentRegistry.shared.lock(
            try BlockName(name),
            acceptsOtherOwners: options.acceptsOtherOwners
        )
        timeout = options.timeout
    }

    /// The block's name.
    public var name: String { lock.name.description }

    /// Runs the body with the lock held.
    ///
    /// - Parameters:
    ///   - timeout: How long to wait for it; the options' timeout if not given.
    ///   - body: What to do. It may use blocks of this name.
    /// - Throws: ``RememoryError`` with the code `lockTimeout`, which names the processes that have it open; and what
    ///   the body throws.
    public func withLock<Result>(timeout: Duration? = nil, _ body: () throws -> Result) throws -> Result {
        try lock.acquire(timeout: timeout ?? self.timeout)
        defer { lock.release() }
        return try body()
    }

    /// Runs the body with the lock held, without blocking a thread while it waits: for use in tasks.
    ///
    /// If the lock is free the body runs at once where it is called. Otherwise it runs on a thread of this library,
    /// which waits for the lock for all tasks that want it, in their order. Either way the body is synchronous, and one
    /// step against every Swift and Python process; it may use all blocks whose lock this is.
    ///
    /// ```swift
    /// try await lock.whenFree {
    ///     try score.set(try score.get() * 2)
    ///     try log.append("doubled")
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - timeout: How long to wait for it; the options' timeout if not given. It is noticed up to 20 ms late.
    ///   - body: What to do with the lock held. Keep it short.
    /// - Throws: ``RememoryError`` with the code `lockTimeout`; a `CancellationError` if the task is cancelled before the
    ///   body has begun; and what the body throws.
    public func whenFree<Result: Sendable>(
        timeout: Duration? = nil, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await lock.whenFree(timeout: timeout ?? self.timeout, body)
    }

    /// Takes the lock. The thread that took it gives it back with ``release()``, as often as it took it, by this
    /// handle or another of the same name.
    ///
    /// - Parameter timeout: How long to wait for it; the options' timeout if not given.
    /// - Throws: ``RememoryError`` with the code `lockTimeout`, which names the processes that have it open.
    @available(*, noasync, message: "a task may go on on another thread: use withLock")
    public func acquire(timeout: Duration? = nil) throws {
        try lock.acquireAndKeep(timeout: timeout ?? self.timeout)
    }

    /// Gives the lock back.
    ///
    /// - Throws: ``RememoryError`` with the code `notPermitted` if this thread doesn't have it.
    @available(*, noasync, message: "a task may go on on another thread: use withLock")
    public func release() throws {
        guard lock.isHeldByThisThread else { throw RememoryError.notHeld(lock.name) }
        lock.releaseKept()
    }

    /// Who has the lock, as far as that can be known, without waiting for it and without taking it.
    ///
    /// What it says may be over when it returns. A thread that has the lock itself finds it held by its own process.
    ///
    /// - Complexity: a look at all processes of the machine, some milliseconds or tens of them.
    public func evidence() -> LockEvidence { lock.evidence() }

    /// Removes the lock's name, as no process of the Python package ever does.
    ///
    /// Only when nobody uses the block: a process that opens it afterwards gets another lock than those that have it open
    /// now. (A Swift process that has the block open gives the name back.)
    ///
    /// - Throws: ``RememoryError``. Its name being gone already is no error.
    public func unlink() throws {
        do throws(SystemFailure) {
            try NamedSemaphore.unlink(lock.name)
        } catch {
            throw RememoryError.system(error, lock.name)
        }
    }
}

/// Python's short name of ``RememoryLock``.
public typealias RMLock = RememoryLock
