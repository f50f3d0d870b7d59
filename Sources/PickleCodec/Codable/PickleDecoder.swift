/// Decodes `Decodable` values from pickles, in the manner of `JSONDecoder`.
///
/// ```swift
/// let players = try PickleDecoder().decode([String: Player].self, from: bytes)
/// ```
///
/// It reads what ``PickleEncoder`` writes, and more of Python's types:
///
/// | Python | Swift |
/// |---|---|
/// | `dict`, `OrderedDict`, `defaultdict`, `Counter`, other dict-like objects | keyed types, `Dictionary` |
/// | `list`, `tuple`, `set`, `frozenset`, `deque`, `range` | arrays, sets, other unkeyed types |
/// | objects with state (dataclasses, with slots too) | keyed types, by their attributes |
/// | named tuples | unkeyed types; keyed types where their fields are registered |
/// | members of `Enum`, other calls of an unknown class with one value | what that value decodes as |
/// | `bytes`, `bytearray` | `Data`, `[UInt8]` |
/// | `datetime`, `date` | `Date`. A time without a zone, and midnight of a `date`, are taken as UTC |
/// | `timedelta` | `Duration`; `Double` in seconds |
/// | `Decimal`, `Fraction` | `Decimal`, `Double` |
/// | `complex` | an array of two numbers; a keyed type with `real` and `imag`; `Double` where `imag` is 0 |
/// | `range`, `Fraction` | also keyed types with `start`, `stop`, `step` or `numerator`, `denominator` |
///
/// Nothing is lost in silence: an integer that does not fit, a float that is no integer where one is wanted, an integer
/// that a `Double` can't hold, a string with a lone surrogate, two keys that are one in Swift are errors.
/// A `bool` is no number and a number is no `bool`.
public struct PickleDecoder: Sendable {
    /// How the keys of a Python `dict` become coding keys.
    public enum KeyDecodingStrategy: Sendable {
        /// The keys as they are.
        case useDefaultKeys
        /// Python's `snake_case` keys as `snakeCase`, with the rules of `JSONDecoder`.
        case convertFromSnakeCase
        /// The key that the closure returns for a coding path whose last element is the key to convert.
        case custom(@Sendable (_ codingPath: [any CodingKey]) -> any CodingKey)
    }

    /// How Python keys become coding keys. Keys of a Swift `Dictionary` are data and stay as they are.
    public var keyDecodingStrategy: KeyDecodingStrategy = .useDefaultKeys

    /// What `init(from:)` of the values finds in `Decoder.userInfo`.
    public var userInfo: [CodingUserInfoKey: any Sendable] = [:]

    /// The types that Python classes arrive as.
    public var classes = PickleClasses()

    /// The limits for reading the pickle's bytes.
    public var readingOptions = PickleReadingOptions()

    /// How many values may be nested in each other. Swift's own decoding recurses, and a stack ends.
    public var maximumDepth = 512

    /// How many values may be decoded, on top of one hundred for each node of the pickle.
    ///
    /// A small pickle can name one object many times, in an object that it names many times, and so on; in Swift, where
    /// values are not shared, that would be gigabytes. A string, or a run of bytes, counts one for every 16 bytes.
    public var maximumValueCount = 10_000_000

    /// Creates a decoder with the default strategies and limits and no registered classes.
    public init() {}

    /// Decodes the value that a pickle of any protocol builds.
    ///
    /// - Throws: ``PickleError`` for bytes that are no pickle, or exceed ``readingOptions``; `DecodingError` with the
    ///   coding path, what was expected and what was found, where the value does not match the type.
    /// - Complexity: O(*n*) in the number of values.
    public func decode<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws -> T {
        try decode(type, from: PickleGraph.decode(bytes, options: readingOptions, isPassing: true).graph)
    }

    /// Decodes the root of a graph.
    ///
    /// - Throws: `DecodingError` where the value does not match the type.
    /// - Complexity: O(*n*) in the number of values.
    public func decode<T: Decodable>(_ type: T.Type, from graph: PickleGraph) throws -> T {
        try decode(type, from: graph, at: graph.root)
    }

    /// Decodes one object of a graph.
    ///
    /// - Throws: `DecodingError` where the value does not match the type.
    /// - Complexity: O(*n*) in the number of values inside the object.
    public func decode<T: Decodable>(_ type: T.Type, from graph: PickleGraph, at node: PickleGraph.Node) throws -> T {
        let session = DecodingSession(self, graph)
        defer { session.end() }
        return try session.value(type, at: DecodingPlace(session: session, node: node, depth: 0), node: node)
    }
}
