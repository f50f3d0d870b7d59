/// Why an operation on a block failed.
///
/// Written for the person who reads it at night: it names the block, says what was expected and what was found, and
/// what to do about it. Two errors are told apart by their ``code``:
///
/// ```swift
/// do {
///     try players.delete("player1")
/// } catch RememoryError.Code.keyNotFound {
///     print("nobody of that name plays")
/// }
/// ```
///
/// It holds nothing of a block's keys and values but a number that doesn't fit, so that it can be written to a log.
public struct RememoryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it was.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The code's name, the same in Swift, in logs and between test peers.
        public let rawValue: String

        /// A code by its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The code's name.
        public var description: String { rawValue }

        /// Matches errors of this code, as in `catch RememoryError.Code.keyNotFound`.
        public static func ~= (code: Code, error: any Error) -> Bool { (error as? RememoryError)?.code == code }

        /// There is no such key.
        public static let keyNotFound = Code(rawValue: "keyNotFound")
        /// There is no such index.
        public static let indexOutOfRange = Code(rawValue: "indexOutOfRange")
        /// A number doesn't fit into the block's format.
        public static let overflow = Code(rawValue: "overflow")
        /// A value doesn't fit into the block and may not make it grow.
        public static let valueTooLarge = Code(rawValue: "valueTooLarge")
        /// The block holds something else than what was asked for.
        public static let typeMismatch = Code(rawValue: "typeMismatch")
        /// The name doesn't work on both sides.
        public static let invalidName = Code(rawValue: "invalidName")
        /// Somebody else kept the lock for too long.
        public static let lockTimeout = Code(rawValue: "lockTimeout")
        /// The content is no valid pickle, or no valid text.
        public static let corruptContent = Code(rawValue: "corruptContent")
        /// The content is JSON text, as versions 0.1 and 0.2 of the Python package wrote it.
        public static let legacyContent = Code(rawValue: "legacyContent")
        /// The block was removed on purpose.
        public static let vanished = Code(rawValue: "vanished")
        /// This machine or this type can't do it.
        public static let unsupported = Code(rawValue: "unsupported")
        /// Another segment with content of its own has taken the name.
        public static let conflict = Code(rawValue: "conflict")
        /// The handle was closed.
        public static let closed = Code(rawValue: "closed")
        /// There is no room in shared memory, or no descriptor left.
        public static let noRoom = Code(rawValue: "noRoom")
        /// The segment or semaphore belongs to somebody else, or isn't one.
        public static let notPermitted = Code(rawValue: "notPermitted")
        /// A system call failed in a way that has no code of its own.
        public static let system = Code(rawValue: "system")
    }

    /// What kind of failure it was.
    public let code: Code

    /// The block's name.
    public let block: String

    /// What was expected, what was found, and what to do.
    public let message: String

    /// The `errno` of the system call that failed, if one did: what has no room may be `/dev/shm` (`ENOSPC`) or the table of
    /// this process's descriptors (`EMFILE`).
    public let systemErrorNumber: Int32?

    /// An error about a block.
    ///
    /// - Parameters:
    ///   - code: What kind of failure it was.
    ///   - block: The block's name.
    ///   - message: What was expected, what was found, and what to do.
    ///   - systemErrorNumber: The `errno` of the system call that failed, if one did.
    public init(_ code: Code, block: String, message: String, systemErrorNumber: Int32? = nil) {
        self.code = code
        self.block = block
        self.message = message
        self.systemErrorNumber = systemErrorNumber
    }

    /// The code, the block and the message on one line.
    public var description: String { "\(code) in block \"\(block)\": \(message)" }
}
