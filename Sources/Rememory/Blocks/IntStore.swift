/// The loads and stores of integers, by format. Values travel as `Int128`, which holds every format's.
@usableFromInline
struct IntStore: Sendable {
    let scalar: ScalarStore
    let format: IntFormat

    @usableFromInline
    init(_ name: String, _ format: IntFormat, _ options: RememoryOptions) throws(RememoryError) {
        scalar = try ScalarStore(name, byteCount: format.byteCount, format: format.rawValue, options: options)
        self.format = format
    }

    @usableFromInline
    func get() throws(RememoryError) -> Int128 {
        let base = try unsafe scalar.enter()
        defer { scalar.leave() }
        return unsafe load(base)
    }

    @usableFromInline
    func set(_ value: Int128) throws(RememoryError) {
        let base = try unsafe scalar.enter()
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
    func add(_ amount: Int128) throws(RememoryError) -> Int128 {
        let base = try unsafe scalar.enter()
        defer { scalar.leave() }
        let (sum, overflow) = unsafe load(base).addingReportingOverflow(amount)
        if overflow { throw overflowError(amount) }
        try unsafe store(sum, base)
        return sum
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

    @inline(__always)
    private func store(_ value: Int128, _ base: UnsafeMutableRawPointer) throws(RememoryError) {
        switch format {
        case .int8: try unsafe store(Int8(exactly: value), value, base)
        case .uint8: try unsafe store(UInt8(exactly: value), value, base)
        case .int16: try unsafe store(Int16(exactly: value), value, base)
        case .uint16: try unsafe store(UInt16(exactly: value), value, base)
        case .int32: try unsafe store(Int32(exactly: value), value, base)
        case .uint32: try unsafe store(UInt32(exactly: value), value, base)
        case .int64: try unsafe store(Int64(exactly: value), value, base)
        case .uint64: try unsafe store(UInt64(exactly: value), value, base)
        }
    }

    @inline(__always)
    private func store<Stored: FixedWidthInteger>(
        _ stored: Stored?,
        _ value: Int128,
        _ base: UnsafeMutableRawPointer
    ) throws(RememoryError) {
        guard let stored else { throw overflowError(value) }
        unsafe base.storeBytes(of: stored, as: Stored.self)
    }
}
