import PickleCodec
import Testing

/// Where the bytes of CPython's pickler have oddities: frames, batches, large strings, integer forms.
struct ExactnessTests {
    static let expressions: [String] = large + batches + integers + identities

    private static let large = [
        "b'x' * 65535", "b'x' * 65536", "[1, b'x' * 65536, 2]", "'é' * 32767", "'é' * 32768", "['a' * 65536] * 3",
        "{'k' * 70000: 'v' * 70000}", "['x' * 30000 for _ in range(9)]", "bytearray(70000)",
        "[bytes(65530), 1, 2, 3, 4, [], 5]", "{i: bytes(60000) for i in range(3)}",
    ]

    private static let batches: [String] = [0, 1, 2, 3, 4, 999, 1000, 1001, 1999, 2000, 2001].flatMap {
        (count: Int) -> [String] in
        ["list", "tuple", "set", "frozenset", "deque", "dict.fromkeys", "OrderedDict.fromkeys", "Counter"].map {
            "\($0)(range(\(count)))"
        }
    }

    private static let integers: [String] = [7, 8, 15, 16, 31, 32, 63, 64, 2039, 2040, 2047, 2048].flatMap {
        (bits: Int) -> [String] in
        ["2**\(bits) - 1", "2**\(bits)", "-2**\(bits)", "-2**\(bits) - 1"]
    }

    private static let identities = [
        "None", "[]", "256", "'\\ud800'", "['', b'', 'a', b'a', 'é', '', b'', 'a', b'a', 'é']", "[(), (), ((),)]",
        "[True, 1, 1.0, -0.0]", "('t',) * 3", "(('t',),) * 5",
    ]

    @Test func graphsAndValuesGivePythonsBytes() throws {
        let pickles = try PythonProcess.pickles(of: Self.expressions)
        for (expression, pickle) in zip(Self.expressions, pickles) {
            #expect(try PickleGraph(decoding: pickle).encoded() == pickle, "\(expression)")
            #expect(try PickleValue(pickle: pickle).pickled() == pickle, "\(expression)")
        }
    }

    /// Values made in Swift, beside the equal ones that Python makes.
    @Test func valuesMadeInSwiftGivePythonsBytes() throws {
        let long = String(repeating: "é", count: 40_000)
        let numbers: [PickleValue] = (0..<2001).map { PickleValue($0) }
        let bytes = PickleValue.bytes([UInt8](repeating: 120, count: 65_536))
        let tuple = PickleValue.tuple([PickleValue(long), nil, 1.5, true])
        let pairs: [(PickleValue, PickleValue)] = numbers.prefix(2000).map { ($0, $0) }
        let values: [(PickleValue, String)] = [
            (PickleValue([1, bytes, 2]), "[1, b'x' * 65536, 2]"),
            (PickleValue.dict([("k", tuple)]), "{'k': ('é' * 40000, None, 1.5, True)}"),
            (PickleValue(numbers), "list(range(2001))"),
            (PickleValue.dict(pairs), "{i: i for i in range(2000)}"),
            (PickleValue.set(numbers.prefix(1000)), "set(range(1000))"),
            (.byteArray([1, 2]), "bytearray([1, 2])"), (.frozenSet([]), "frozenset()"),
            (PickleValue(-1 << 40), "-1 << 40"), (PickleValue(UInt64.max), "2**64 - 1"),
        ]
        let pickles = try PythonProcess.pickles(of: values.map(\.1))
        for ((value, expression), pickle) in zip(values, pickles) {
            #expect(try value.pickled() == pickle, "\(expression)")
        }
    }
}
