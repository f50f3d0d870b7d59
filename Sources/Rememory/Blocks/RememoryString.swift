/// One string that Swift and Python processes share; `RememoryString` in Python.
///
/// ```swift
/// let motto = try RememoryString("motto", size: .s128)
/// try motto.set("Hello from Swift")
/// ```
///
/// The segment holds UTF-8, then NULs. A string can't end in NULs: those are not part of the value. It doesn't grow.
/// Every operation holds the block's lock, so that it is atomic against Swift and Python alike.
///
/// Copies of a handle are the same handle: closing one closes them all.
public struct RememoryString: Sendable {
    /// What becomes of a string that is too long.
    public enum TooLong: Sendable, Hashable {
        /// The error `valueTooLarge`; the block stays as it was.
        case error
        /// It is cut at the end of a character. (Python cuts at a byte.)
        case truncate
    }

    /// What becomes of bytes that are no UTF-8, as Python leaves them when it cuts a character in two.
    public enum InvalidText: Sendable, Hashable {
        /// The error `corruptContent`.
        case error
        /// The text up to the first invalid byte.
        case validPart
    }

    let content: PaddedBytes
    private let limit: Int
    private let tooLong: TooLong
    private let invalidText: InvalidText

    /// Opens the block of that name, or creates it with the empty string.
    ///
    /// - Parameters:
    ///   - name: The block's name.
    ///   - size: The size to create; 256 if not given. Also the most that this handle writes, so that Python processes
    ///     that open the block with this size can read it. A segment that exists keeps its size, and is read to its end.
    ///   - tooLong: What becomes of a string that is too long.
    ///   - invalidText: What becomes of bytes that are no UTF-8.
    ///   - options: How the block is opened.
    /// - Throws: ``RememoryError``: `invalidName`, and what can go wrong with shared memory.
    public init(
        _ name: String,
        size: BlockSize? = nil,
        tooLong: TooLong = .error,
        invalidText: InvalidText = .error,
        options: RememoryOptions = RememoryOptions()
    ) throws {
        content = try PaddedBytes(name, creating: size ?? .s256, options: options)
        limit = size?.byteCount ?? .max
        self.tooLong = tooLong
        self.invalidText = invalidText
    }

    /// The block's name.
    public var name: String { content.segment.name.description }

    /// The value.
    public var value: String {
        get throws { try get() }
    }

    /// The value.
    ///
    /// - Throws: ``RememoryError``: `corruptContent` if it is no UTF-8, and the handle was not told to take what is.
    /// - Complexity: linear in the segment.
    public func get() throws -> String { try text(try content.read()) }

    /// Stores a value.
    ///
    /// - Throws: ``RememoryError``: `valueTooLarge` if it doesn't fit, and the handle was not told to cut it.
    /// - Complexity: linear in the segment.
    public func set(_ value: String) throws { _ = try replace { _ in Array(value.utf8) } }

    /// Stores a value, and returns the one before.
    ///
    /// - Throws: As ``set(_:)``, and as ``get()`` for the one before: the new one is stored then.
    /// - Complexity: linear in the segment.
    public func exchange(_ value: String) throws -> String { try text(try replace { _ in Array(value.utf8) }) }

    /// Stores a value if the block holds the expected one, by code points as in Python; whether it did.
    ///
    /// - Throws: As ``set(_:)``. Another value than the expected one is no error.
    /// - Complexity: linear in the segment.
    public func compareAndSet(expected: String, to value: String) throws -> Bool {
        let expected = Array(expected.utf8)
        return try replace { $0 == expected ? Array(value.utf8) : nil } == expected
    }

    /// Changes the value in one step that nobody can get in between, and returns the new one. The body runs with the
    /// lock held; if it throws, the value stays as it was.
    ///
    /// - Throws: What the body throws, and what ``get()`` and ``set(_:)`` do; the value stays as it was then.
    /// - Complexity: linear in the segment.
    @discardableResult
    public func update(_ body: (inout String) throws -> Void) throws -> String {
        try content.segment.withLock { _ in
            var value = try get()
            try body(&value)
            try set(value)
            return try get()
        }
    }

    /// Ends the use of the block through this handle. Handles that are released close themselves.
    public func close() { content.segment.close() }

    /// Removes the block. Swift processes that have it open don't bring it back.
    ///
    /// - Parameter semaphore: Whether its lock goes too: only when nobody else uses the block.
    /// - Throws: ``RememoryError``. Its name being gone already is no error.
    public func unlink(semaphore: Bool = false) throws { try content.segment.unlink(semaphore: semaphore) }

    private func replace(_ body: ([UInt8]) throws -> [UInt8]?) throws -> [UInt8] {
        try content.replace(
            limit: limit,
            overflow: { bytes, room in
                if tooLong == .truncate { return RememoryString.cut(bytes, to: room) }
                throw RememoryError.valueTooLarge(
                    content.segment.name,
                    needed: bytes.count,
                    room: room,
                    remedy: "Store less, make the block with a larger size, or open it with tooLong: .truncate"
                )
            },
            body
        )
    }

    /// As many whole characters as fit; code points, if not even one character does.
    private static func cut(_ bytes: [UInt8], to room: Int) -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self)
        let characters = fitting(text.lazy.map(\.utf8.count), room)
        let end = characters > 0 ? characters : fitting(text.unicodeScalars.lazy.map { UTF8.width($0) }, room)
        return Array(bytes[..<end])
    }

    /// How far whole parts reach within the room.
    private static func fitting(_ widths: some Sequence<Int>, _ room: Int) -> Int {
        var end = 0
        for width in widths {
            guard width <= room - end else { break }
            end += width
        }
        return end
    }

    private func text(_ bytes: [UInt8]) throws(RememoryError) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var valid = ""
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { valid.unicodeScalars.append(scalar) }
        guard invalidText == .validPart else {
            throw .invalidText(content.segment.name, validBytes: valid.utf8.count, of: bytes.count)
        }
        return valid
    }
}

/// Python's short name of ``RememoryString``.
public typealias RMString = RememoryString
