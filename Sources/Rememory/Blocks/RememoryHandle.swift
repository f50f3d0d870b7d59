/// A handle on a block of any type.
///
/// Every operation on a block is synchronous: it takes nanoseconds when nobody else is busy with the block, and waits
/// for the lock otherwise. In a task, ``whenFree(timeout:_:)`` is the form of every operation that does not block a
/// thread of Swift's pool while it waits:
///
/// ```swift
/// try await players.whenFree { try $0.set(player, for: "player1") }
/// let hits = try await counter.whenFree { try $0.add(1) }
/// try await players.whenFree(timeout: .seconds(2)) { players in
///     try players.transaction { tx in try tx.removeValue(for: "player2") }
/// }
/// ```
public protocol RememoryHandle: Sendable {
    /// The block's name.
    var name: String { get }

    /// The block's lock, with the timeout that the block was opened with.
    var lock: RememoryLock { get }
}

extension RememoryHandle {
    /// Runs operations on the block as soon as its lock is free, without blocking a thread while it waits.
    ///
    /// If the lock is free they run at once where they are called. Otherwise they run on a thread of this library, which
    /// waits for the lock for all tasks that want it, in their order. The lock is held from the first operation to the
    /// last: together they are one step against every Swift and Python process.
    ///
    /// - Parameters:
    ///   - timeout: How long to wait for the lock; the options' timeout if not given. It is noticed up to 20 ms late.
    ///   - operations: What to do with the block. Keep it short: the lock is held.
    /// - Throws: ``RememoryError`` with the code `lockTimeout`; a `CancellationError` if the task is cancelled before the
    ///   operations have begun; and what they throw. Cancelled or timed out, nothing has changed.
    @discardableResult
    public func whenFree<Result: Sendable>(
        timeout: Duration? = nil, _ operations: @escaping @Sendable (Self) throws -> Result
    ) async throws -> Result {
        try await lock.whenFree(timeout: timeout) { try operations(self) }
    }
}

extension Segment {
    var publicLock: RememoryLock { RememoryLock(core.lock, timeout: options.timeout) }
}

extension RememoryDict: RememoryHandle {
    /// The block's lock, with the timeout that the block was opened with.
    public var lock: RememoryLock { segment.publicLock }
}

extension RememoryList: RememoryHandle {
    /// The block's lock, with the timeout that the block was opened with.
    public var lock: RememoryLock { segment.publicLock }
}

extension RememoryInt: RememoryHandle {
    /// The block's lock, with the timeout that the block was opened with.
    public var lock: RememoryLock { store.scalar.segment.publicLock }
}

extension RememoryFloat: RememoryHandle {
    /// The block's lock, with the timeout that the block was opened with.
    public var lock: RememoryLock { scalar.segment.publicLock }
}

extension RememoryBool: RememoryHandle {
    /// The block's lock, with the timeout that the block was opened with.
    public var lock: RememoryLock { scalar.segment.publicLock }
}

extension RememoryString: RememoryHandle {
    /// The block's lock, with the timeout that the block was opened with.
    public var lock: RememoryLock { content.segment.publicLock }
}

extension RememoryBlock: RememoryHandle {
    /// The block's lock, with the timeout that the block was opened with.
    public var lock: RememoryLock { content.segment.publicLock }
}
