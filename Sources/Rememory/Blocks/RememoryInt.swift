/// One integer that Swift and Python processes share; `RememoryInt` in Python.
///
/// ```swift
/// let hits = try RememoryInt("hits")                              // Int, INT64
/// let small = try RememoryInt("small", as: Int32.self)            // Int32, INT32
/// let big = try RememoryInt("big", as: Int128.self, format: .uint64)
/// try hits.add(1)
/// ```
///
/// Every operation holds the block's lock, so that it is atomic against Swift and Python alike. (Python's
/// `value = value + 1` is two operations, and loses additions.) A value that doesn't fit is an error; nothing wraps.
///
/// Copies of a handle are the same handle: closing one closes them all.
public struct RememoryInt<Value: FixedWidthInteger & Sendable>: Sendable {
    @usableFromInline let store: IntStore

    /// Opens the block of that name, or creates it with the value 0.
    ///
    /// - Parameters:
    ///   - name: The block's name.
    ///   - type: The type of the values in Swift.
    ///   - format: How the value is stored; what holds exactly the type's values if not given.
    ///   - options: How the block is opened.
    /// - Throws: ``RememoryError``: `invalidName`, `typeMismatch` if the segment has another size, and what can go
    ///   wrong with shared memory.
    @inlinable
    public init(
        _ name: String,
        as type: Value.Type,
        format: IntFormat? = nil,
        options: RememoryOptions = RememoryOptions()
    ) throws {
        guard let format = format ?? IntFormat(of: type) else { throw RememoryError.noIntFormat(name, "\(type)") }
        store = try IntStore(name, format, options)
    }

    /// How the value is stored.
    public var format: IntFormat { store.format }

    /// The block's name.
    public var name: String { store.scalar.segment.name.description }

    /// The value.
    @inlinable
    public var value: Value {
        get throws { try get() }
    }

    /// The value.
    ///
    /// - Throws: ``RememoryError``: `overflow` if the value doesn't fit into `Value`.
    /// - Complexity: O(1).
    @inlinable
    public func get() throws -> Value { try converted(try store.get()) }

    /// Stores a value.
    ///
    /// - Throws: ``RememoryError``: `overflow` if it doesn't fit into the block's format.
    /// - Complexity: O(1).
    @inlinable
    public func set(_ value: Value) throws { try store.set(try wide(value)) }

    /// Adds, and returns the sum.
    ///
    /// - Throws: ``RememoryError``: `overflow` if the sum doesn't fit; then the value stays as it was.
    /// - Complexity: O(1).
    @inlinable
    @discardableResult
    public func add(_ amount: Value) throws -> Value { try converted(try store.add(try wide(amount))) }

    /// Subtracts, and returns the difference.
    ///
    /// - Throws: ``RememoryError``: `overflow` if it doesn't fit; then the value stays as it was.
    /// - Complexity: O(1).
    @inlinable
    @discardableResult
    public func subtract(_ amount: Value) throws -> Value {
        let (negative, overflow) = Int128(0).subtractingReportingOverflow(try wide(amount))
        if overflow { throw store.overflowError("\(amount)") }
        return try converted(try store.add(negative))
    }

    /// Stores a value, and returns the one before.
    ///
    /// - Throws: As ``set(_:)``, and as ``get()`` for the one before: the new one is stored then.
    /// - Complexity: O(1).
    @inlinable
    public func exchange(_ value: Value) throws -> Value { try converted(try store.exchange(try wide(value))) }

    /// Stores a value if the block holds the expected one; whether it did.
    ///
    /// - Throws: As ``set(_:)``. Another value than the expected one is no error.
    /// - Complexity: O(1).
    @inlinable
    public func compareAndSet(expected: Value, to value: Value) throws -> Bool {
        try store.compareAndSet(try wide(expected), try wide(value))
    }

    /// Changes the value in one step that nobody can get in between, and returns the new one. The body runs with the
    /// lock held; if it throws, the value stays as it was.
    ///
    /// - Throws: What the body throws, and what ``get()`` and ``set(_:)`` do; the value stays as it was then.
    /// - Complexity: O(1).
    @discardableResult
    public func update(_ body: (inout Value) throws -> Void) throws -> Value {
        let new = try store.update { old in
            var value = try converted(old)
            try body(&value)
            return try wide(value)
        }
        return try converted(new)
    }

    /// Ends the use of the block through this handle. Handles that are released close themselves.
    public func close() { store.scalar.segment.close() }

    /// Removes the block. Swift processes that have it open don't bring it back.
    ///
    /// - Parameter semaphore: Whether its lock goes too: only when nobody else uses the block.
    /// - Throws: ``RememoryError``. Its name being gone already is no error.
    public func unlink(semaphore: Bool = false) throws { try store.scalar.segment.unlink(semaphore: semaphore) }

    @inlinable
    func converted(_ value: Int128) throws(RememoryError) -> Value {
        guard let narrow = Value(exactly: value) else { throw store.overflowError(value) }
        return narrow
    }

    @inlinable
    func wide(_ value: Value) throws(RememoryError) -> Int128 {
        guard let wide = Int128(exactly: value) else { throw store.overflowError("\(value)") }
        return wide
    }
}

extension RememoryInt where Value == Int {
    /// Opens the block of that name, or creates it with the value 0. Values are `Int` in Swift.
    ///
    /// - Parameters:
    ///   - name: The block's name.
    ///   - format: How the value is stored. Values of `.uint64` above `Int.max` are errors: take them as `UInt64`.
    ///   - options: How the block is opened.
    public init(
        _ name: String,
        format: IntFormat = .int64,
        options: RememoryOptions = RememoryOptions()
    ) throws {
        try self.init(name, as: Int.self, format: format, options: options)
    }
}

/// Python's short name of ``RememoryInt``.
public typealias RMInt = RememoryInt
