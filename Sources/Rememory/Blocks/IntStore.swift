import CRememoryPlatform

/// The loads and stores of integers, by format. Values travel as `Int128`, which holds every format's.
///
/// What is done most is tried at once, by functions that call none but as their last step: such a one saves no register,
/// and what is stored before the lock is taken or given back has to be waited for. (So they throw any error: one of a known
/// type takes room on the stack.)
@usableFromInline
final class IntStore: Sendable {
    let scalar: ScalarStore
    let format: IntFormat

    @usableFromInline
    init(_ name: String, _ format: IntFormat, _ options: RememoryOptions) throws(RememoryError) {
        scalar = try ScalarStore(name, byteCount: format.byteCount, format: format.rawValue, options: options)
        self.format = format
    }

    @usableFromInline
    func get() throws -> Int128 {
        let brief = unsafe scalar.enterAtOnce()
        guard unsafe brief.word != nil else { return try getWaiting() }
        guard scalar.fits else {
            unsafe scalar.leave(brief)
            return try getWaiting()
        }
        let value = unsafe load(scalar.base)
        return unsafe scalar.leaveAtOnce(brief) ? value : released(value)
    }

    @inline(never)
    private func getWaiting() throws -> Int128 {
        let base = try unsafe scalar.enterWaiting()
        defer { scalar.leave() }
        return unsafe load(base)
    }

    @usableFromInline
    func set(_ value: Int128) throws {
        guard holds(value) else { return try setWaiting(value) }
        let brief = unsafe scalar.enterAtOnce()
        guard unsafe brief.word != nil else { return try setWaiting(value) }
        guard scalar.fits else {
            unsafe scalar.leave(brief)
            return try setWaiting(value)
        }
        unsafe storeChecked(value, scalar.base)
        if unsafe !scalar.leaveAtOnce(brief) { scalar.releaseSlowly() }
    }

    @inline(never)
    private func setWaiting(_ value: Int128) throws {
        let base = try unsafe scalar.enterWaiting()
        defer { scalar.leave() }
        return try unsafe store(value, base)
    }

    /// The value before.
    @usableFromInline
    func exchange(_ value: Int128) throws(RememoryError) -> Int128 {
        let base = try unsafe scalar.enter()
        defer { scalar.leave() }
        let before = unsafe load(base)
        try unsafe store(value, base)
        return before
    }

    /// The value after.
    @usableFromInline
    func add(_ amount: Int128) throws -> Int128 {
        let brief = unsafe scalar.enterAtOnce()
        guard unsafe brief.word != nil else { return try addWaiting(amount) }
        let (sum, overflow) = unsafe scalar.fits ? load(scalar.base).addingReportingOverflow(amount) : (0, true)
        if overflow || !holds(sum) {
            unsafe scalar.leave(brief)
            return try addWaiting(amount)
        }
        unsafe storeChecked(sum, scalar.base)
        return unsafe scalar.leaveAtOnce(brief) ? sum : released(sum)
    }

    @inline(never)
    private func addWaiting(_ amount: Int128) throws -> Int128 {
        let base = try unsafe scalar.enterWaiting()
        defer { scalar.leave() }
        let (sum, overflow) = unsafe load(base).addingReportingOverflow(amount)
        if overflow { throw overflowError(amount) }
        try unsafe store(sum, base)
        return sum
    }

    /// The value, once the lock is given back to who waits for it.
    @inline(never)
    private func released(_ value: Int128) -> Int128 {
        scalar.releaseSlowly()
        return value
    }

    @usableFromInline
    func compareAndSet(_ expected: Int128, _ value: Int128) throws(RememoryError) -> Bool {
        let base = try unsafe scalar.enter()
        defer { scalar.leave() }
        guard unsafe load(base) == expected else { return false }
        try unsafe store(value, base)
        return true
    }

    /// The value before and after, changed by the body.
    func update(_ body: (Int128) throws -> Int128) throws -> Int128 {
        try scalar.segment.withLock { _ in
            let value = try body(try get())
            try set(value)
            return value
        }
    }

    @usableFromInline
    func overflowError(_ value: some CustomStringConvertible) -> RememoryError {
        .overflow(scalar.segment.name, value: "\(value)", format: format.rawValue, range: "\(format.range)")
    }

    @inline(__always)
    private func load(_ base: UnsafeMutableRawPointer) -> Int128 {
        switch format {
        case .int8: unsafe Int128(base.load(as: Int8.self))
        case .uint8: unsafe Int128(base.load(as: UInt8.self))
        case .int16: unsafe Int128(base.load(as: Int16.self))
        case .uint16: unsafe Int128(base.load(as: UInt16.self))
        case .int32: unsafe Int128(base.load(as: Int32.self))
        case .uint32: unsafe Int128(base.load(as: UInt32.self))
        case .int64: unsafe Int128(base.load(as: Int64.self))
        case .uint64: unsafe Int128(base.load(as: UInt64.self))
        }
    }

    /// Whether the format has the value.
    @inline(__always)
    private func holds(_ value: Int128) -> Bool {
        switch format {
        case .int8: Int8(exactly: value) != nil
        case .uint8: UInt8(exactly: value) != nil
        case .int16: Int16(exactly: value) != nil
        case .uint16: UInt16(exactly: value) != nil
        case .int32: Int32(exactly: value) != nil
        case .uint32: UInt32(exactly: value) != nil
        case .int64: Int64(exactly: value) != nil
        case .uint64: UInt64(exactly: value) != nil
        }
    }

    @inline(__always)
    private func store(_ value: Int128, _ base: UnsafeMutableRawPointer) throws(RememoryError) {
        guard holds(value) else { throw overflowError(value) }
        unsafe storeChecked(value, base)
    }

    /// Stores a value that the format holds: its low bytes.
    @inline(__always)
    private func storeChecked(_ value: Int128, _ base: UnsafeMutableRawPointer) {
        switch format {
        case .int8, .uint8: unsafe base.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
        case .int16, .uint16: unsafe base.storeBytes(of: UInt16(truncatingIfNeeded: value), as: UInt16.self)
        case .int32, .uint32: unsafe base.storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
        case .int64, .uint64: unsafe base.storeBytes(of: UInt64(truncatingIfNeeded: value), as: UInt64.self)
        }
    }
}
