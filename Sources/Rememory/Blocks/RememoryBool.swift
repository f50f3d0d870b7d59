/// One truth value that Swift and Python processes share; `RememoryBool` in Python.
///
/// One byte: 0 or 1; anything else reads as true, as in Python. Every operation holds the block's lock, so that it is
/// atomic against Swift and Python alike.
///
/// Copies of a handle are the same handle: closing one closes them all.
public struct RememoryBool: Sendable {
    let scalar: ScalarStore

    /// Opens the block of that name, or creates it with the value `false`.
    ///
    /// - Parameters:
    ///   - name: The block's name.
    ///   - options: How the block is opened.
    /// - Throws: ``RememoryError``: `invalidName`, `typeMismatch` if the segment has another size, and what can go
    ///   wrong with shared memory.
    public init(_ name: String, options: RememoryOptions = RememoryOptions()) throws {
        scalar = try ScalarStore(name, byteCount: 1, format: "Bool", options: options)
    }

    /// The block's name.
    public var name: String { scalar.segment.name.description }

    /// The value.
    public var value: Bool {
        get throws { try get() }
    }

    /// The value.
    ///
    /// - Throws: ``RememoryError``. Any byte but 0 is true.
    /// - Complexity: O(1).
    public func get() throws -> Bool {
        let base = try unsafe scalar.enter()
        defer { scalar.leave() }
        return unsafe base.load(as: UInt8.self) != 0
    }

    /// Stores a value.
    ///
    /// - Throws: ``RememoryError``.
    /// - Complexity: O(1).
    public func set(_ value: Bool) throws { _ = try exchange(value) }

    /// Stores a value, and returns the one before.
    ///
    /// - Throws: ``RememoryError``.
    /// - Complexity: O(1).
    public func exchange(_ value: Bool) throws -> Bool { try change { _ in value }.before }

    /// Stores the opposite, and returns it.
    ///
    /// - Throws: ``RememoryError``.
    /// - Complexity: O(1).
    @discardableResult
    public func toggle() throws -> Bool { try change { !$0 }.after }

    /// Stores a value if the block holds the expected one; whether it did.
    ///
    /// - Throws: ``RememoryError``. Another value than the expected one is no error.
    /// - Complexity: O(1).
    public func compareAndSet(expected: Bool, to value: Bool) throws -> Bool {
        try change { $0 == expected ? value : $0 }.before == expected
    }

    /// Ends the use of the block through this handle. Handles that are released close themselves.
    public func close() { scalar.segment.close() }

    /// Removes the block. Swift processes that have it open don't bring it back.
    ///
    /// - Parameter semaphore: Whether its lock goes too: only when nobody else uses the block.
    /// - Throws: ``RememoryError``. Its name being gone already is no error.
    public func unlink(semaphore: Bool = false) throws { try scalar.segment.unlink(semaphore: semaphore) }

    @inline(__always)
    private func change(_ body: (Bool) -> Bool) throws -> (before: Bool, after: Bool) {
        let base = try unsafe scalar.enter()
        defer { scalar.leave() }
        let before = unsafe base.load(as: UInt8.self) != 0
        let after = body(before)
        unsafe base.storeBytes(of: after ? 1 : 0, as: UInt8.self)
        return (before, after)
    }
}

/// Python's short name of ``RememoryBool``.
public typealias RMBool = RememoryBool
