public import PickleCodec

/// One value of any kind that Swift and Python processes share; `RememoryBlock` in Python.
///
/// ```swift
/// let config = try RememoryBlock("config", of: Config.self, size: .s1024)
/// try config.set(Config(level: 3))
/// ```
///
/// The segment holds a pickle, then NULs; a new one holds NULs only, which reads as `None`. Take `Optional` or
/// `PickleValue` as the type where that may be. A value that is too large makes the segment grow, as in Python.
/// Every operation holds the block's lock, so that it is atomic against Swift and Python alike.
///
/// Copies of a handle are the same handle: closing one closes them all.
public struct RememoryBlock<Value: Codable & Sendable>: Sendable {
    /// `None`, which a block of NULs stands for.
    private static var none: [UInt8] { [0x80, 4, UInt8(ascii: "N"), UInt8(ascii: ".")] }

    let content: PaddedBytes
    private let encoder: PickleEncoder
    private let decoder: PickleDecoder

    /// Opens the block of that name, or creates it with `None`.
    ///
    /// - Parameters:
    ///   - name: The block's name.
    ///   - type: The type of the value.
    ///   - size: The size to create; 4096 if not given. A segment that exists keeps its size. (Python reads only as many
    ///     bytes as its own opener asked for.)
    ///   - encoder: How values become pickles.
    ///   - decoder: How pickles become values.
    ///   - options: How the block is opened.
    /// - Throws: ``RememoryError``: `invalidName`, and what can go wrong with shared memory.
    public init(
        _ name: String,
        of type: Value.Type = Value.self,
        size: BlockSize? = nil,
        encoder: PickleEncoder = PickleEncoder(),
        decoder: PickleDecoder = PickleDecoder(),
        options: RememoryOptions = RememoryOptions()
    ) throws {
        content = try PaddedBytes(name, creating: size ?? .s4096, options: options)
        self.encoder = encoder
        self.decoder = decoder
    }

    /// The block's name.
    public var name: String { content.segment.name.description }

    /// The value.
    public var value: Value {
        get throws { try get() }
    }

    /// The value.
    ///
    /// - Throws: ``RememoryError``: `corruptContent` if it is no pickle; `DecodingError` if it is no `Value`.
    /// - Complexity: linear in the segment.
    public func get() throws -> Value { try decoded(try content.read()) }

    /// The value as it is stored: the bytes of its pickle, or of that of `None`.
    ///
    /// - Throws: ``RememoryError``. That it can't be read as a `Value`, or as a pickle at all, is no error.
    /// - Complexity: linear in the segment.
    public func pickle() throws -> [UInt8] {
        let bytes = try content.read()
        return bytes.isEmpty ? RememoryBlock.none : bytes
    }

    /// Stores a value.
    ///
    /// - Throws: ``RememoryError``: `valueTooLarge` if it doesn't fit and the block may not grow; `EncodingError` if it
    ///   can't be written.
    /// - Complexity: linear in the segment.
    public func set(_ value: Value) throws {
        let pickle = try encoder.encode(value)
        _ = try replace { _ in pickle }
    }

    /// Stores a value, and returns the one before.
    ///
    /// - Throws: As ``set(_:)``; nothing has changed then. As ``get()`` for the one before: the new one is stored
    ///   then.
    /// - Complexity: linear in the segment.
    public func exchange(_ value: Value) throws -> Value {
        let pickle = try encoder.encode(value)
        return try decoded(try replace { _ in pickle })
    }

    /// Changes the value in one step that nobody can get in between, and returns the new one. The body runs with the
    /// lock held; if it throws, the value stays as it was.
    ///
    /// - Throws: What the body throws, and what ``get()`` and ``set(_:)`` do.
    /// - Complexity: linear in the segment.
    @discardableResult
    public func update(_ body: (inout Value) throws -> Void) throws -> Value {
        try content.segment.withLock { _ in
            var value = try get()
            try body(&value)
            try set(value)
            return value
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
        try content.replace(overflow: { _, _ in nil }, body)
    }

    private func decoded(_ bytes: [UInt8]) throws -> Value {
        do {
            return try decoder.decode(Value.self, from: bytes.isEmpty ? RememoryBlock.none : bytes)
        } catch let error as PickleError {
            throw RememoryError.unreadable(content.segment.name, error)
        }
    }
}

extension RememoryBlock where Value: Equatable {
    /// Stores a value if the block holds one that equals the expected one; whether it did.
    ///
    /// - Throws: As ``get()`` and ``set(_:)``; nothing has changed then. Another value than the expected one is no
    ///   error.
    /// - Complexity: linear in the segment.
    public func compareAndSet(expected: Value, to value: Value) throws -> Bool {
        let pickle = try encoder.encode(value)
        var isExpected = false
        _ = try replace { old in
            isExpected = try decoded(old) == expected
            return isExpected ? pickle : nil
        }
        return isExpected
    }
}

/// Python's short name of ``RememoryBlock``.
public typealias RMBlock = RememoryBlock
