public import PickleCodec

/// A dict that Swift and Python processes share: Python's `rememory.RememoryDict`.
///
/// ```swift
/// let players = try RememoryDict<String, Player>("game_state")
/// try players.set(Player(score: 10, level: 2), for: "player1")
/// let one = try players["player1"]
/// ```
///
/// Every operation is atomic against every Swift and Python process, also those that Python itself does in several
/// steps (`pop`, `setdefault`, `update`, `clear`). Keys keep the order in which they were first set, as in Python.
/// Values of any `Codable` type can be used, and `RememoryDict<PickleValue, PickleValue>` for whatever is there.
///
/// Two keys are one when Python says so: `1`, `1.0` and `True` are one key, and strings are compared by code points.
/// Keys whose class only Python knows are compared by what builds them.
public final class RememoryDict<Key: Codable & Hashable & Sendable, Value: Codable & Sendable>: Sendable {
    let segment: Segment
    let journal: Journal<DictIndex>
    let keyCodec: ValueCodec<Key>
    let valueCodec: ValueCodec<Value>
    let watchShare = WatchShare<DictIndex>()

    /// The name that the processes share the dict under.
    public let name: String

    /// Opens the dict of that name, or creates an empty one.
    ///
    /// Attaching writes nothing, and waits for a moment where another process is just creating the block.
    ///
    /// - Parameters:
    ///   - name: 1 to 238 bytes of ASCII without `/`, not `.` or `..`.
    ///   - capacity: The bytes of the segment, if it has to be created. Python's `size`.
    ///   - layout: Whether changes are appended, or all is written as Python would.
    ///   - encoder: Encodes keys and values of `Codable` types.
    ///   - decoder: Decodes them.
    ///   - options: The lock's timeout, what growth does, whose blocks are accepted.
    /// - Throws: ``RememoryError``. That the block exists, empty or not, is no error; neither is another capacity.
    public init(
        _ name: String, capacity: Int = 65536, layout: RememoryLayout = .journal,
        encoder: PickleEncoder = PickleEncoder(), decoder: PickleDecoder = PickleDecoder(),
        options: RememoryOptions = RememoryOptions()
    ) throws {
        let blockName = try BlockName(name)
        guard capacity > 0 else {
            throw RememoryError.valueTooLarge(
                blockName, needed: 5, room: capacity, remedy: "Give the dict a capacity of at least 5 bytes")
        }
        segment = try Segment.open(
            blockName, creating: .container(capacity: capacity, initialBytes: [0x80, 0x04, 0x7d, 0x94, 0x2e]),
            options: options)
        journal = Journal(name: blockName, layout: layout)
        keyCodec = ValueCodec(encoder: encoder, decoder: decoder)
        valueCodec = ValueCodec(encoder: encoder, decoder: decoder)
        self.name = name
    }

    /// Ends the use of this handle; other handles and processes are not concerned. Released handles close themselves.
    public func close() { segment.close() }

    /// Removes the block on purpose: Swift processes that have it open don't bring it back.
    ///
    /// - Parameter semaphore: Whether the lock goes too. Python's `unlink()` leaves it. Only for when nobody uses the
    ///   block any more.
    /// - Throws: ``RememoryError``. Its name being gone already is no error.
    public func unlink(semaphore: Bool = false) throws { try segment.unlink(semaphore: semaphore) }

    // MARK: One key

    /// The value of a key, or `nil` where there is none: Python's `d.get(key)`.
    ///
    /// - Throws: ``RememoryError``, or a `DecodingError` if the value is no `Value`. A missing key is no error.
    /// - Complexity: O(1), and linear in the content once after each write by Python.
    public subscript(key: Key) -> Value? {
        @specialized(where Key == String, Value == Int)
        @specialized(where Key == String, Value == Double)
        @specialized(where Key == String, Value == String)
        get throws { try value(for: key) }
    }

    /// The value of a key, or `nil` where there is none.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - timeout: How long to wait for the lock; as in the options if not given.
    /// - Throws: ``RememoryError``, or a `DecodingError` if the value is no `Value`. A missing key is no error.
    /// - Complexity: O(1), and linear in the content once after each write by Python.
    @specialized(where Key == String, Value == Int)
    @specialized(where Key == String, Value == Double)
    @specialized(where Key == String, Value == String)
    public func value(for key: Key, timeout: Duration? = nil) throws -> Value? {
        try unsafe keyCodec.withForm(of: key) { form, isString in
            try segment.withLock(timeout: timeout) { access in
                try unsafe value(form, isString: isString, access)
            }
        }
    }

    @inline(__always)
    private func value(
        _ form: UnsafeRawBufferPointer, isString: Bool, _ access: borrowing SegmentAccess
    ) throws -> Value? {
        let hash = unsafe journal.index.anticipate(form, isString: isString)
        try journal.bringCurrent(access)
        if isString {
            switch unsafe journal.index.search(form, in: journal.source(access)) {
            case .missing: return nil
            case .value(let extent):
                if let value = try valueCodec.alone(extent, in: journal.source(access)) { return value }
            case .unanswered: break
            }
        }
        guard let place = try unsafe journal.place(of: form, isString: isString, hash: hash, access) else { return nil }
        return try journal.value(
            journal.index.value(at: place),
            node: 2 * Int(journal.index.entries[journal.index.entry(at: place)].valueOrdinal) + 1, by: valueCodec,
            access)
    }

    @inline(__always)
    func value(ofEntry entry: Int, _ access: borrowing SegmentAccess) throws -> Value {
        try journal.value(
            journal.index.entries[entry].pair.value, node: 2 * Int(journal.index.entries[entry].valueOrdinal) + 1,
            by: valueCodec, access)
    }

    func key(ofEntry entry: Int, _ access: borrowing SegmentAccess) throws -> Key {
        try journal.value(
            journal.index.entries[entry].pair.key, node: 2 * Int(journal.index.entries[entry].keyOrdinal), by: keyCodec,
            access)
    }

    /// Sets the value of a key: Python's `d[key] = value`.
    ///
    /// - Throws: ``RememoryError`` (`valueTooLarge` where it does not fit and growth is not allowed), or an
    ///   `EncodingError`. Nothing has changed then.
    /// - Complexity: O(1), amortized: now and then the content is tidied up. Linear in the content in canonical layout.
    @specialized(where Key == String, Value == Int)
    @specialized(where Key == String, Value == Double)
    @specialized(where Key == String, Value == String)
    public func set(_ value: Value, for key: Key, timeout: Duration? = nil) throws {
        try unsafe keyCodec.withForm(of: key) { form, isString in
            try segment.withLock(timeout: timeout) { access in
                let hash = unsafe journal.index.anticipate(form, isString: isString)
                try journal.bringCurrent(access)
                try journal.withScratch { fragment in
                    let memo = journal.firstFreeMemoNumber
                    try valueCodec.append(value, to: &fragment, firstMemoNumber: memo)
                    var keyFragment: [UInt8] = []
                    if ValueCodec<Key>.runsOwnCode {
                        try keyCodec.append(key, to: &keyFragment, firstMemoNumber: memo + fragment.count)
                    }
                    if ValueCodec<Key>.runsOwnCode || ValueCodec<Value>.runsOwnCode { try journal.bringCurrent(access) }
                    try unsafe journal.set(
                        form, isString: isString, hash: hash,
                        key: { instructions in
                            if ValueCodec<Key>.runsOwnCode {
                                instructions += keyFragment
                            } else {
                                try keyCodec.append(key, to: &instructions, firstMemoNumber: memo + fragment.count)
                            }
                        },
                        value: fragment, &access)
                }
            }
        }
    }

    /// Whether there is such a key: Python's `key in d`.
    ///
    /// - Throws: ``RememoryError``, or an `EncodingError` if the key can't be one.
    /// - Complexity: O(1), and linear in the content once after each write by Python.
    public func contains(_ key: Key, timeout: Duration? = nil) throws -> Bool {
        try locked(timeout) { access in try find(key, access) != nil }
    }

    /// How many keys there are: Python's `len(d)`.
    public var count: Int {
        get throws {
            try locked(nil) { access in
                try journal.settle(access)
                return journal.index.count
            }
        }
    }

    /// Whether there is no key.
    public var isEmpty: Bool { get throws { try count == 0 } }

    // MARK: Parts of operations

    /// Runs the body with the lock held and the index current.
    @inline(__always)
    func locked<Result>(
        _ timeout: Duration?, _ body: (inout SegmentAccess) throws -> Result
    ) throws -> Result {
        try segment.withLock(timeout: timeout) { access in
            try journal.bringCurrent(access)
            return try body(&access)
        }
    }

    func find(_ key: Key, _ access: borrowing SegmentAccess) throws -> Int? {
        let access = copy access
        return try unsafe keyCodec.withForm(of: key) { form, isString in
            if ValueCodec<Key>.runsOwnCode { try journal.bringCurrent(access) }
            return try unsafe journal.find(form, isString: isString, access)
        }
    }

    /// A change of one key, ready to be written. `nil` removes it.
    func change(_ key: Key, to value: Value?, memo: inout Int) throws -> DictChange {
        var keyBytes: [UInt8] = []
        try keyCodec.append(key, to: &keyBytes, firstMemoNumber: memo)
        var valueBytes: [UInt8]?
        if let value {
            var bytes: [UInt8] = []
            try valueCodec.append(value, to: &bytes, firstMemoNumber: memo + keyBytes.count)
            valueBytes = bytes
        }
        memo += keyBytes.count + (valueBytes?.count ?? 0)  // a fragment stores less often than it has bytes
        return DictChange(form: try keyCodec.form(of: key), key: keyBytes, value: valueBytes)
    }
}

/// The original's short name.
public typealias RMDict = RememoryDict
