/// One floating-point number that Swift and Python processes share; `RememoryFloat` in Python.
///
/// ```swift
/// let load = try RememoryFloat("load")                       // Double, FLOAT64
/// let small = try RememoryFloat("small", format: .float32)   // Double, FLOAT32
/// try load.add(0.5)
/// ```
///
/// Every operation holds the block's lock, so that it is atomic against Swift and Python alike. As in Python, a finite
/// number that is too large for FLOAT32 is an error, and infinities and NaN are values.
///
/// Copies of a handle are the same handle: closing one closes them all.
public struct RememoryFloat: Sendable {
    let scalar: ScalarStore

    /// How the value is stored.
    public let format: FloatFormat

    /// Opens the block of that name, or creates it with the value 0.
    ///
    /// - Parameters:
    ///   - name: The block's name.
    ///   - format: How the value is stored.
    ///   - options: How the block is opened.
    /// - Throws: ``RememoryError``: `invalidName`, `typeMismatch` if the segment has another size, and what can go
    ///   wrong with shared memory.
    public init(
        _ name: String,
        format: FloatFormat = .float64,
        options: RememoryOptions = RememoryOptions()
    ) throws {
        self.format = format
        scalar = try ScalarStore(name, byteCount: format.byteCount, format: format.rawValue, options: options)
    }

    /// The block's name.
    public var name: String { scalar.segment.name.description }

    /// The value.
    public var value: Double {
        get throws { try get() }
    }

    /// The value.
    ///
    /// - Throws: ``RememoryError``. A NaN is no error.
    /// - Complexity: O(1).
    public func get() throws -> Double {
        let base = try unsafe scalar.enter()
        defer { scalar.leave() }
        return unsafe load(base)
    }

    /// Stores a value; the nearest one that the format has.
    ///
    /// - Throws: ``RememoryError``: `overflow` if it is finite and too large for FLOAT32.
    /// - Complexity: O(1).
    public func set(_ value: Double) throws {
        let base = try unsafe scalar.enter()
        defer { scalar.leave() }
        return try unsafe store(value, base)
    }

    /// Adds, and returns what the block holds then.
    ///
    /// - Throws: ``RememoryError``: `overflow` if the sum is too large for FLOAT32; then the value stays as it was.
    /// - Complexity: O(1).
    @discardableResult
    public func add(_ amount: Double) throws -> Double {
        let base = try unsafe scalar.enter()
        defer { scalar.leave() }
        try unsafe store(load(base) + amount, base)
        return unsafe load(base)
    }

    /// Stores a value, and returns the one before.
    ///
    /// - Throws: As ``set(_:)``.
    /// - Complexity: O(1).
    public func exchange(_ value: Double) throws -> Double {
        let base = try unsafe scalar.enter()
        defer { scalar.leave() }
        let before = unsafe load(base)
        try unsafe store(value, base)
        return before
    }

    /// Stores a value if the block holds one that equals the expected one (NaN equals nothing); whether it did.
    ///
    /// - Throws: As ``set(_:)``. Another value than the expected one is no error.
    /// - Complexity: O(1).
    public func compareAndSet(expected: Double, to value: Double) throws -> Bool {
        let base = try unsafe scalar.enter()
        defer { scalar.leave() }
        guard unsafe load(base) == expected else { return false }
        try unsafe store(value, base)
        return true
    }

    /// Changes the value in one step that nobody can get in between, and returns what the block holds then. The body
    /// runs with the lock held; if it throws, the value stays as it was.
    ///
    /// - Throws: What the body throws, and what ``set(_:)`` does.
    /// - Complexity: O(1).
    @discardableResult
    public func update(_ body: (inout Double) throws -> Void) throws -> Double {
        try scalar.segment.withLock { _ in
            var value = try get()
            try body(&value)
            try set(value)
            return try get()
        }
    }

    /// Ends the use of the block through this handle. Handles that are released close themselves.
    public func close() { scalar.segment.close() }

    /// Removes the block. Swift processes that have it open don't bring it back.
    ///
    /// - Parameter semaphore: Whether its lock goes too: only when nobody else uses the block.
    /// - Throws: ``RememoryError``. Its name being gone already is no error.
    public func unlink(semaphore: Bool = false) throws { try scalar.segment.unlink(semaphore: semaphore) }

    @inline(__always)
    private func load(_ base: UnsafeMutableRawPointer) -> Double {
        switch format {
        case .float32: unsafe Double(base.load(as: Float.self))
        case .float64: unsafe base.load(as: Double.self)
        }
    }

    @inline(__always)
    private func store(_ value: Double, _ base: UnsafeMutableRawPointer) throws(RememoryError) {
        switch format {
        case .float32:
            let narrow = Float(value)
            if narrow.isInfinite && value.isFinite {
                let most = Float.greatestFiniteMagnitude
                throw .overflow(scalar.segment.name, value: "\(value)", format: format.rawValue, range: "±\(most)")
            }
            unsafe base.storeBytes(of: narrow, as: Float.self)
        case .float64: unsafe base.storeBytes(of: value, as: Double.self)
        }
    }
}

/// Python's short name of ``RememoryFloat``.
public typealias RMFloat = RememoryFloat
