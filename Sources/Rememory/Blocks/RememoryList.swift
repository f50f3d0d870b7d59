public import PickleCodec

/// A list that Swift and Python processes share: Python's `rememory.RememoryList`.
///
/// ```swift
/// let log = try RememoryList<String>("log")
/// try log.append("started")
/// let last = try log[-1]
/// ```
///
/// Every operation is atomic and shared, also those that Python's own class does on a private copy (`extend`, `pop`,
/// `sort`, `reverse`, `count` …). Indexes count from the end where they are negative, as in Python.
public final class RememoryList<Element: Codable & Sendable>: Sendable {
    let segment: Segment
    let journal: Journal<ListIndex>
    let elementCodec: ValueCodec<Element>
    let watchShare = WatchShare<ListIndex>()

    /// The name that the processes share the list under.
    public let name: String

    /// Opens the list of that name, or creates an empty one.
    ///
    /// Attaching writes nothing, and waits for a moment where another process is just creating the block.
    ///
    /// - Parameters:
    ///   - name: 1 to 238 bytes of ASCII without `/`, not `.` or `..`.
    ///   - capacity: The bytes of the segment, if it has to be created. Python's `size`.
    ///   - layout: Whether changes are appended, or all is written as Python would.
    ///   - encoder: Encodes items of `Codable` types.
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
                blockName, needed: 5, room: capacity, remedy: "Give the list a capacity of at least 5 bytes")
        }
        segment = try Segment.open(
            blockName, creating: .container(capacity: capacity, initialBytes: [0x80, 0x04, 0x5d, 0x94, 0x2e]),
            options: options)
        journal = Journal(name: blockName, layout: layout)
        elementCodec = ValueCodec(encoder: encoder, decoder: decoder)
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

    // MARK: One item

    /// The item at an index: Python's `l[index]`.
    ///
    /// - Throws: ``RememoryError`` with the code `indexOutOfRange` where there is none, or a `DecodingError`.
    /// - Complexity: O(1), and linear in the content once after each write by Python.
    public subscript(index: Int) -> Element {
        @specialized(where Element == Int)
        @specialized(where Element == Double)
        @specialized(where Element == String)
        get throws { try element(at: index) }
    }

    /// The item at an index.
    ///
    /// - Parameters:
    ///   - index: Its position; from the end if negative.
    ///   - timeout: How long to wait for the lock; as in the options if not given.
    /// - Throws: ``RememoryError`` with the code `indexOutOfRange` where there is none, or a `DecodingError`.
    /// - Complexity: O(1), and linear in the content once after each write by Python.
    @specialized(where Element == Int)
    @specialized(where Element == Double)
    @specialized(where Element == String)
    public func element(at index: Int, timeout: Duration? = nil) throws -> Element {
        try locked(timeout) { access in try item(at: position(index), access) }
    }

    /// Sets the item at an index that exists: Python's `l[index] = element`.
    ///
    /// - Throws: ``RememoryError`` with the code `indexOutOfRange` where there is none; nothing has changed then.
    /// - Complexity: O(1), amortized. Linear in the content in canonical layout.
    @specialized(where Element == Int)
    @specialized(where Element == Double)
    @specialized(where Element == String)
    public func set(_ element: Element, at index: Int, timeout: Duration? = nil) throws {
        try locked(timeout) { access in
            let item = try fragment(element, access)
            try journal.setItem(position(index), to: item, &access)
        }
    }

    /// Adds an item at the end: Python's `l.append(element)`.
    ///
    /// - Throws: ``RememoryError`` (`valueTooLarge` where it does not fit and growth is not allowed), or an
    ///   `EncodingError`. Nothing has changed then.
    /// - Complexity: linear in the item, amortized. Linear in the content in canonical layout.
    @specialized(where Element == Int)
    @specialized(where Element == Double)
    @specialized(where Element == String)
    public func append(_ element: Element, timeout: Duration? = nil) throws {
        try locked(timeout) { access in try journal.appendItems([fragment(element, access)], &access) }
    }

    /// How many items there are: Python's `len(l)`.
    public var count: Int { get throws { try locked(nil) { _ in journal.index.count } } }

    /// Whether there is no item.
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

    /// The position that an index means, which may count from the end.
    func position(_ index: Int) throws(RememoryError) -> Int {
        let count = journal.index.count
        let position = index < 0 ? index + count : index
        guard position >= 0, position < count else {
            throw RememoryError.indexOutOfRange(journal.name, index, count: count)
        }
        return position
    }

    @inline(__always)
    func item(at position: Int, _ access: borrowing SegmentAccess) throws -> Element {
        try journal.value(journal.index.items[position].extent, node: position, by: elementCodec, access)
    }

    func allItems(_ access: borrowing SegmentAccess) throws -> [Element] {
        try journal.items(by: elementCodec, access)
    }

    /// The instructions of an element. The index is current afterwards as well, whatever the element's own code did.
    func fragment(_ element: Element, _ access: borrowing SegmentAccess) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try elementCodec.append(element, to: &bytes, firstMemoNumber: journal.firstFreeMemoNumber)
        if ValueCodec<Element>.runsOwnCode { try journal.bringCurrent(access) }
        return bytes
    }

    /// The instructions of some. Whoever uses the index afterwards brings it current: the sequence may have used the list.
    func fragments(_ elements: some Sequence<Element>) throws -> [[UInt8]] {
        var memo = journal.firstFreeMemoNumber
        return try elements.map { element in
            var bytes: [UInt8] = []
            try elementCodec.append(element, to: &bytes, firstMemoNumber: memo)
            memo += bytes.count  // a fragment stores less often than it has bytes
            return bytes
        }
    }

    /// Makes sure that the items are where they were when they were read: their own code may have changed that.
    ///
    /// - Parameters:
    ///   - items: All that there were.
    ///   - range: Which of them matter.
    ///   - within: The operations within that had begun before they were read.
    func expect(
        _ items: [ListIndex.Item], in range: Range<Int>, since within: UInt32, _ access: borrowing SegmentAccess
    ) throws(RememoryError) {
        guard access.operationsWithin != within else { return }
        try journal.bringCurrent(access)
        let found = journal.index.items
        guard found.count == items.count, range.allSatisfy({ found[$0].extent == items[$0].extent }) else {
            throw .changedWhileRead(journal.name)
        }
    }
}

/// The original's short name.
public typealias RMList = RememoryList
