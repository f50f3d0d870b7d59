/// Why a pickle, or the JSON of a value, could not be read or written: what was wrong, and where.
///
/// Two errors are equal when their codes, offsets and opcodes are; the message is for people.
public struct PickleError: Error, Sendable {
    /// The kind of the failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// A stable name, such as `"truncated"`.
        public let description: String

        package init(_ description: String) {
            self.description = description
        }

        /// The pickle ends in the middle of an instruction, or without STOP; more bytes may make it whole.
        public static let truncated = Code("truncated")
        /// The bytes are not a pickle that Python would load, or the text is no JSON that it would.
        public static let malformed = Code("malformed")
        /// The pickle is larger than ``PickleReadingOptions`` allow, or the graph or its JSON costs too much to write.
        public static let limitExceeded = Code("limitExceeded")
        /// The pickle asks for something that Python allows and this library does not, or JSON has no such type.
        public static let unsupported = Code("unsupported")
    }

    /// The kind of the failure.
    public let code: Code

    /// The position of the instruction that failed, in bytes from the start of the pickle; of JSON, where the text goes
    /// wrong. `nil` when writing.
    public let offset: Int?

    /// The opcode at ``offset``, if there is one.
    public let opcode: UInt8?

    /// What was expected and what was found, in one sentence.
    public let message: String

    package init(_ code: Code, at offset: Int? = nil, opcode: UInt8? = nil, _ message: String) {
        self.code = code
        self.offset = offset
        self.opcode = opcode
        self.message = message
    }
}

extension PickleError: Hashable {
    /// Whether both errors are of one kind and come from the same place.
    public static func == (left: PickleError, right: PickleError) -> Bool {
        left.code == right.code && left.offset == right.offset && left.opcode == right.opcode
    }

    /// Feeds code, offset and opcode to the hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(offset)
        hasher.combine(opcode)
    }
}

extension PickleError: CustomStringConvertible {
    /// The message, preceded by the place: `STACK_GLOBAL at byte 12: expected two strings, found a list (malformed)`.
    public var description: String {
        var place = ""
        if let opcode {
            place = PickleOpcode(rawValue: opcode)?.name ?? "byte 0x" + String(opcode, radix: 16)
        }
        if let offset {
            place += place.isEmpty ? "at byte \(offset)" : " at byte \(offset)"
        }
        return place.isEmpty ? "\(message) (\(code))" : "\(place): \(message) (\(code))"
    }
}
