/// A Python value of any type, with Python's meaning.
///
/// ```swift
/// var state: PickleValue = ["players": ["ann": ["score": 10]], "round": 3]
/// state["players"]?["ann"]?["score"] = 11
/// state["players"]?["ann"]?["level"]?.int           // nil
/// print(state)                                      // {'players': {'ann': {'score': 11}}, 'round': 3}
/// let bytes = try state.pickled()                   // what Python's pickle.loads takes
/// ```
///
/// - Dicts keep the order in which keys were first set. `1`, `1.0` and `True` are one key, and strings are equal when
///   their code points are: `"é"` and `"e\u{301}"` are two keys.
/// - A value read from a pickle is a handle on its ``PickleGraph``: children are looked up when asked for, and what
///   Swift has no meaning for (``Kind-swift.enum/object``) stays as it is and is written back as it was.
/// - It has value semantics, although Python's lists and dicts have not: changing a copy leaves the original alone.
///   A dict or list that a pickle refers to twice is one Python object again after ``pickled()``, as long as neither
///   place was changed. A short text that was taken out and put into another value is an object of its own there.
///
/// Comparing, hashing, printing and freeing take time linear in the size of the pickle, without recursion, however
/// deep, shared or cyclic the value is.
public struct PickleValue: Sendable {
    @usableFromInline enum Storage: Sendable {
        case none
        case bool(Bool)
        case int(Int)
        case double(Double)
        case string(String)
        /// A short text that was taken from a graph.
        case shortText(ShortText)
        /// A value in a graph. Never `None`, a bool, a float or an integer that fits in `Int`: those are inline.
        case node(ValueGraph, PickleGraph.Node)
        /// A list, tuple, dict or set that was made or changed in Swift.
        case container(Container)
    }

    @usableFromInline var storage: Storage

    @inlinable init(storage: Storage) {
        self.storage = storage
    }
}

// MARK: - From Swift values

extension PickleValue {
    /// Python's `None`.
    public init() {
        storage = .none
    }

    /// A `bool`.
    public init(_ value: Bool) {
        storage = .bool(value)
    }

    /// An `int` of any size.
    public init<Integer: BinaryInteger>(_ value: Integer) {
        if let small = Int(exactly: value) {
            self.init(storage: .int(small))
        } else {
            self.init(PickleInteger(value))
        }
    }

    /// An `int` of any size.
    public init(_ value: PickleInteger) {
        if let small = value.int {
            storage = .int(small)
        } else {
            self = .leaf { $0.integer(value) }
        }
    }

    /// A `float`.
    public init(_ value: Double) {
        storage = .double(value)
    }

    /// A `str`.
    public init(_ value: String) {
        storage = .string(value)
    }

    /// A `str`.
    public init(_ value: Substring) {
        storage = .string(String(value))
    }

    /// A `list`.
    ///
    /// - Complexity: linear in the number of items.
    public init(_ items: some Sequence<PickleValue>) {
        self.init(Container(.list, items: Array(items)))
    }

    /// A `tuple`.
    ///
    /// - Complexity: linear in the number of items.
    public static func tuple(_ items: some Sequence<PickleValue>) -> PickleValue {
        PickleValue(Container(.tuple, items: Array(items)))
    }

    /// A `list`.
    ///
    /// - Complexity: linear in the number of items.
    public static func list(_ items: some Sequence<PickleValue>) -> PickleValue {
        PickleValue(items)
    }

    /// A `set`. Of equal members the first stays.
    ///
    /// - Complexity: linear in the number of members, on average.
    public static func set(_ members: some Sequence<PickleValue>) -> PickleValue {
        PickleValue(Container(.set, members: members))
    }

    /// A `frozenset`. Of equal members the first stays.
    ///
    /// - Complexity: linear in the number of members, on average.
    public static func frozenSet(_ members: some Sequence<PickleValue>) -> PickleValue {
        PickleValue(Container(.frozenSet, members: members))
    }

    /// A `dict` with the pairs in order. Where keys are equal, the first key keeps its place and gets the last value.
    ///
    /// - Complexity: linear in the number of pairs, on average.
    public static func dict(_ pairs: some Sequence<(key: PickleValue, value: PickleValue)>) -> PickleValue {
        PickleValue(Container(pairs: pairs))
    }

    /// A `dict` with the pairs in order. Where keys are equal, the first key keeps its place and gets the last value.
    ///
    /// - Complexity: linear in the number of pairs, on average.
    public static func dict(_ pairs: [(PickleValue, PickleValue)]) -> PickleValue {
        dict(pairs.lazy.map { (key: $0, value: $1) })
    }

    /// A `bytes` object.
    ///
    /// - Complexity: linear in the number of bytes.
    public static func bytes(_ content: some Sequence<UInt8>) -> PickleValue {
        leaf { $0.bytes(Array(content)) }
    }

    /// A `bytearray`.
    ///
    /// - Complexity: linear in the number of bytes.
    public static func byteArray(_ content: some Sequence<UInt8>) -> PickleValue {
        leaf { $0.byteArray(Array(content)) }
    }

    init(_ container: Container) {
        storage = .container(container)
    }

    /// The value that is the one node that `make` adds to an empty graph.
    static func leaf(_ make: (inout PickleGraph.Builder) -> PickleGraph.Node) -> PickleValue {
        var builder = PickleGraph.Builder()
        let node = make(&builder)
        return PickleValue(builder.finish(root: node))
    }
}

// MARK: - Pickles

extension PickleValue {
    /// The value that `pickle` builds: Python's `pickle.loads`, without running any of it.
    ///
    /// - Throws: ``PickleError`` where the bytes are no pickle or pass a limit of `options`.
    /// - Complexity: linear in the size of the pickle.
    public init(pickle: [UInt8], options: PickleReadingOptions = .init()) throws(PickleError) {
        self.init(try PickleGraph(decoding: pickle, options: options))
    }

    /// The root of `graph`.
    ///
    /// - Complexity: O(1): children are looked up when asked for.
    public init(_ graph: PickleGraph) {
        self = ValueGraph(graph).value(of: graph.root)
    }

    /// The value's pickle, in protocol 4: the bytes of Python's `pickle.dumps(value, protocol=4)`.
    ///
    /// Out-of-band buffers are asked for again, in the order in which they were given.
    ///
    /// - Throws: ``PickleError`` with the code `limitExceeded` where tuples or calls contain themselves so often that the
    ///   pickle would grow out of proportion.
    /// - Complexity: linear in the size of the value.
    public func pickled() throws(PickleError) -> [UInt8] {
        if case .node = storage { return try graph.encoded() }
        var assembly = GraphAssembly(.passing)
        let root = assembly.node(of: self)
        return try assembly.builder.encoded(root: root)
    }
}

// MARK: - Literals

extension PickleValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Python's `None`.
    public init(nilLiteral: ()) {
        self.init()
    }

    /// A `bool`.
    public init(booleanLiteral value: Bool) {
        self.init(value)
    }

    /// An `int`.
    public init(integerLiteral value: Int) {
        self.init(value)
    }

    /// A `float`.
    public init(floatLiteral value: Double) {
        self.init(value)
    }

    /// A `str`.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// A `list`.
    public init(arrayLiteral items: PickleValue...) {
        self.init(items)
    }

    /// A `dict` in the order of the literal. Of equal keys the first keeps its place and gets the last value.
    public init(dictionaryLiteral pairs: (PickleValue, PickleValue)...) {
        self = .dict(pairs.lazy.map { (key: $0, value: $1) })
    }
}
