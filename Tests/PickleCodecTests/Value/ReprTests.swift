import PickleCodec
import Testing

/// `description` beside Python's `repr`.
struct ReprTests {
    static let expressions = [
        "None", "[True, False]", "0", "-1", "2**63", "-10**40", "10**4299", "1.0", "-0.0", "0.1", "1e16", "1e15",
        "123456789012345680.0", "1e-4", "1e-5", "1.5e-7", "1e100", "1.7976931348623157e308", "5e-324", "nan", "-inf",
        "2.0**53", "2.0**70", "1/3", "9999999999999998.0", "1e22", "1e23", "''", "'abc'", #""it's""#, #"'"'"#,
        #"'\'"'"#,
        #"'\\ \n \r \t \x00 \x7f'"#, #"'\x80 \xa0 \xad é ☃ \u200b \u2028 \ud800 \U0001f600 \ue000 \U000e0001'"#,
        #"'\u0378 \u3000 \ufeff e\u0301'"#, "b''", #"b"it's""#, #"b'\x00\xff\\\t\n"\''"#, "bytearray(b'')",
        "bytearray(b'a\\xff')", "()", "(1,)", "(1, 2)", "[]", "[1, [2, [3]]]", "{}", "{'a': 1, 2: (3,), None: [4]}",
        "set()", "{1}", "{1, 2, 3}", "frozenset()", "frozenset({1})", "{frozenset({1}): {2}}", "range(3)",
        "range(1, 9, 2)", "slice(1, None, 2)", "complex(1, 2)", "complex(0, 2)", "complex(-0.0, -2.5)",
        "complex(1, nan)", "complex(inf, -0.0)", "Decimal('1.50')", "Decimal('NaN')", "Fraction(-1, 3)", "Fraction(2)",
        "date(2020, 2, 29)", "datetime(2020, 2, 29, 12, 34)", "datetime(2020, 2, 29, 0, 0, 1)",
        "datetime(1, 1, 1, 0, 0, 0, 5)", "datetime(2020, 2, 29, 12, 34, 56, 123456, timezone.utc, fold=1)",
        "datetime(2020, 2, 29, tzinfo=timezone(timedelta(hours=1)))", "time(1, 2)", "time(1, 2, 3, 4, fold=1)",
        "time(1, tzinfo=timezone(timedelta(hours=-1), 'x'))", "timedelta(0)", "timedelta(days=-1, seconds=1)",
        "timedelta(days=1, microseconds=2)", "timezone.utc", "uuid.UUID(int=2**127 + 5)", "uuid.UUID(int=5)",
        "defaultdict(int, {'a': 1})", "defaultdict(None)", "defaultdict(list)", "Counter()", "Counter('abracadabra')",
        "deque()", "deque([1, 2], 3)", "deque([1])", "OrderedDict()", "pathlib.PurePosixPath('/usr/lib')",
        "pathlib.PurePosixPath('a/b')", "pathlib.PurePosixPath('.')", "ValueError('x', 1)", "int", "[int, dict]",
        "[Ellipsis, NotImplemented]",
        "(lambda l: (l.append(l), l)[1])([1])", "(lambda d: (d.update(a=d), d)[1])({})",
        "(lambda l: (l.append((l, 1)), l)[1])([])", "(lambda d: (d.append(d), d)[1])(deque())",
        "(lambda l: (l.append((l,)), l[0])[1])([])", "(lambda d: (d.update(a=d), d)[1])(defaultdict(int))",
    ]

    @Test(arguments: [0, 2, 3, 4, 5])
    func equalsPythons(protocol number: Int) throws {
        let expressions = Self.expressions.filter {
            // Protocols before 4 write these by names of Python 2, or as bytes of Python 2.
            number > 2 || !$0.contains("slice") && !$0.contains("range")
        }
        let pickles = try PythonProcess.pickles(of: expressions, protocol: number)
        let expected = try PythonProcess.map(pickles, "def each(data): return repr(pickle.loads(data))")
        for (index, pickle) in pickles.enumerated() {
            let value = try PickleValue(pickle: pickle)
            #expect(value.description == String(decoding: expected[index], as: UTF8.self), "\(expressions[index])")
        }
    }

    @Test func randomFloats() throws {
        let seed = RandomSeed.make("random floats")
        var random = SeededGenerator(seed: seed)
        let bits = (0..<20_000).map { _ in random.next() }
        let input = bits.flatMap { bits in (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) } }
        let output = try PythonProcess.run(
            "import struct\nfor x, in struct.iter_unpack('<d', inputs[0]): out(repr(x))", [input])
        let expected = output.map { String(decoding: $0, as: UTF8.self) }
        #expect(expected.count == bits.count)
        for (index, bits) in bits.enumerated() {
            #expect(PickleValue(Double(bitPattern: bits)).description == expected[index], "PICKLE_SEED=\(seed)")
        }
    }

    @Test func allCharactersOfPython() throws {
        let output = try PythonProcess.result(
            of: """
                import unicodedata
                codes = [c for c in range(0x110000) if unicodedata.category(chr(c)) != "Cn"]
                blocks = ["".join(map(chr, codes[i:i + 64])) for i in range(0, len(codes), 64)]
                out(pickle.dumps([blocks, [repr(block) for block in blocks]]))
                """)
        let lists = try PickleValue(pickle: output)
        let characters = try #require(lists[0])
        let expected = try #require(lists[1])
        for (character, expected) in zip(characters.elements, expected.elements)
        where character.description != expected.string {
            Issue.record("\(character.utf8 ?? []): \(character.description), in Python \(expected.string ?? "")")
        }
    }

    @Test func unknownClassesAreReadable() throws {
        let pickle = try PythonProcess.result(
            of: """
                import dataclasses
                @dataclasses.dataclass
                class Player:
                    name: str
                    score: int
                class Names(list): pass
                names = Names(["x"])
                names.a = 1
                out(pickle.dumps([Player("ann", 3), names, Player, print], 4))
                """)
        #expect(
            try PickleValue(pickle: pickle).description
                == "[__main__.Player(name='ann', score=3), __main__.Names(a=1, *['x']), __main__.Player, builtins.print]"
        )
    }

    @Test(arguments: [("U\u{2}ab", "'ab'"), ("S'it\\'s'\n", "\"it's\""), ("U\u{0}", "''")])
    func stringsOfPython2AreTextWherePythonTakesThemForText(instruction: String, expected: String) throws {
        #expect(try PickleValue(pickle: Array((instruction + ".").utf8)).description == expected)
    }

    @Test func otherStringsOfPython2AreBytes() throws {
        #expect(try PickleValue(pickle: [0x55, 0x02, 0x61, 0xff, 0x2e]).description == #"b'a\xff'"#)
    }

    @Test func longTextsAreCut() {
        let list = PickleValue.list([PickleValue("snow ☃☃☃"), 1])
        #expect(list.repr(limit: 9) == "['snow …")
        #expect(list.repr(limit: 10) == "['snow ☃…")
        #expect(list.repr(limit: 100) == "['snow ☃☃☃', 1]")
    }
}
