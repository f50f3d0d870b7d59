/// Encodes `Encodable` values as pickles, in the manner of `JSONEncoder`.
///
/// ```swift
/// struct Player: Codable { var score: Int; var level: Int }
/// let bytes = try PickleEncoder().encode(["player1": Player(score: 10, level: 2)])
/// // the bytes of pickle.dumps({"player1": {"score": 10, "level": 2}}, protocol=4)
/// ```
///
/// | Swift | Python |
/// |---|---|
/// | `Bool`, every integer type, ``PickleInteger``, `Double`, `Float`, `String` | `bool`, `int`, `float`, `str` |
/// | a struct, class or enum | `dict` with its coding keys, or a registered class (``classes``) |
/// | `Array` and other sequences | `list` |
/// | `Dictionary` | `dict`; keys of any type that Python can hash |
/// | `Set` | `set` |
/// | `nil` | `None`; synthesized code leaves it out of a `dict` |
/// | `Data` | `bytes` (but `[UInt8]` is a `list` of `int`, as every other array) |
/// | `Date` | `datetime.datetime` in UTC, to the nearest microsecond |
/// | `Duration` | `datetime.timedelta`, to the nearest microsecond (`TimeInterval` is a `Double`: `float`) |
/// | `UUID`, `Decimal` | `uuid.UUID`, `decimal.Decimal` |
/// | `URL` | `str` |
/// | ``PickleValue`` | what it is: objects of foreign classes and shared references included |
///
/// In the place of a dictionary key or a set element, where Python needs hashable values, an array becomes a `tuple`
/// and a set a `frozenset`. What would become a `dict` there is an error.
///
/// Coding keys are one shared object each, as the names of attributes are in Python; other strings are not shared.
public struct PickleEncoder: Sendable {
    /// How coding keys become the keys of a Python `dict`.
    public enum KeyEncodingStrategy: Sendable {
        /// The keys as they are.
        case useDefaultKeys
        /// `camelCase` keys as Python writes them: `camel_case`, with the rules of `JSONEncoder`.
        case convertToSnakeCase
        /// The key that the closure returns for a coding path whose last element is the key to convert.
        case custom(@Sendable (_ codingPath: [any CodingKey]) -> any CodingKey)
    }

    /// How coding keys become Python keys. Keys of a Swift `Dictionary` are data and stay as they are.
    public var keyEncodingStrategy: KeyEncodingStrategy = .useDefaultKeys

    /// What `encode(to:)` of the values finds in `Encoder.userInfo`.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    /// The types that become objects of Python classes.
    public var classes = PickleClasses()

    /// How many values may be nested in each other. Swift's own encoding recurses, and a stack ends.
    public var maximumDepth = 512

    /// Creates an encoder with the default strategies and no registered classes.
    public init() {}

    /// Encodes a value as a pickle of protocol 4.
    ///
    /// - Returns: The bytes of `pickle.dumps(value, protocol=4)` for the equal Python value built the plain way.
    /// - Throws: `EncodingError.invalidValue` with the coding path where a value has no Python form, is nested too
    ///   deeply, or two of its keys became one; whatever `encode(to:)` of the value throws.
    /// - Complexity: O(*n*) in the size of the result.
    public func encode<T: Encodable>(_ value: T) throws -> [UInt8] {
        try building(value, .passing) { session, root in try session.builder.encoded(root: root) }
    }

    /// Encodes a value as a graph, to look at it, to take it into a ``PickleValue`` or to write it later.
    ///
    /// - Throws: As ``encode(_:)``.
    /// - Complexity: O(*n*) in the size of the result.
    public func graph<T: Encodable>(encoding value: T) throws -> PickleGraph {
        try building(value, .lasting) { session, root in session.builder.finish(root: root) }
    }

    private func building<T: Encodable, R>(
        _ value: T, _ use: MemoryUse, _ finish: (EncodingSession, PickleGraph.Node) throws -> R
    ) throws -> R {
        let session = EncodingSession(self, use)
        defer { session.end() }
        return try finish(session, try session.node(for: value, at: EncodingPlace(session: session, depth: 0)))
    }
}
