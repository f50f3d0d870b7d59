import Testing

@testable import PickleCodec

/// JSON beside Python's `json`.
struct JSONTests {
    static let texts = [
        "null", " [ ] ", "{}", "[1, 1.0, -0, -0.0, 1e2, 1E+2, 0.1e-7, 12345678901234567890123, 1e999, -1e999, 1e-999]",
        "[NaN, Infinity, -Infinity, true, false, null]", #""\u00e9\ud83d\ude00\ud800\"\\\/\b\f\n\r\t""#,
        #""\udc00\ud800\ud800\udc00""#, #"{"a": 1, "b": {"a": [{"a": "a"}]}, "a": 2}"#, #"{"key": "key", "": ""}"#,
        #"["é", "☃", "e", "e", "word", "word"]"#, "\u{feff}[1]", "\t[1\n,\r2]", #"{"é": {"é": "é"}, "ab": {"ab": 1}}"#,
        // What Python refuses:
        "", "[", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":1,}", "{1:2}", "01", "1.", ".5", "-", "+1", "1e", "nul", "nan",
        "'a'",
        "\"a", "\"\n\"", "\"\\x\"", "\"\\u12\"", "[1]]", "{,}", "[,1]", "]", "{\"a\" 1}", "1 1", "\u{a0}1", "-Inf",
        "\"\\u00g0\"",
    ]

    @Test func readsAsPython() throws {
        let inputs = Self.texts.map { Array($0.utf8) } + [[0x22, 0xff, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22]]
        let expected = try PythonProcess.map(
            inputs,
            """
            def each(text):
                try: return pickle.dumps(json.loads(text), 4)
                except ValueError: return b""
            """)
        for (input, expected) in zip(inputs, expected) {
            let pickle = try? PickleValue(json: input).pickled()
            #expect(pickle ?? [] == expected, "\(String(decoding: input, as: UTF8.self))")
        }
    }

    @Test func writesAsPython() throws {
        let expressions = [
            "[1, 1.5, 10**30, 1e16, nan, inf, -inf, True, None]", "'é☃\\ud800\\U0001f600\\x00\\x7f\\n\\t\\\\\"/'",
            "{'a': (1, 2), 'b': {}}", "{1: 1, 2.5: 2, None: 3, True: 4, '1': 5}", "OrderedDict(a=1)",
            "defaultdict(int, b=2)", "Counter('aab')", "[[], {}, ()]", "{(1,): 2}", "{1}", "b'a'", "Decimal('1')",
            "{b'a': 1}", "10**4300",
        ]
        let pickles = try PythonProcess.pickles(of: expressions)
        let expected = try PythonProcess.map(
            pickles,
            """
            def each(data):
                try: return json.dumps(pickle.loads(data))
                except (TypeError, ValueError): return ""
            """)
        for (index, pickle) in pickles.enumerated() {
            let json = try? PickleValue(pickle: pickle).json()
            #expect(json ?? [] == expected[index], "\(expressions[index])")
        }
    }

    @Test func taggedJSONRoundTrips() throws {
        let pickles = try PythonProcess.pickles(of: ReprTests.expressions.filter { !$0.contains("lambda") })
        for pickle in pickles {
            let value = try PickleValue(pickle: pickle)
            let again = try PickleValue(taggedJSON: value.taggedJSON())
            #expect(again.description == value.description)
        }
        let value: PickleValue = [
            .tuple([1, .bytes([1, 2, 3])]), .dict([(1, "a"), (.tuple([]), 2)]), ["$tuple": [1]], ["$x": ["$bytes": 1]],
            .set([1, .frozenSet(["é"])]), .byteArray([]), ["a": 1, "$b": 2],
        ]
        #expect(try PickleValue(taggedJSON: value.taggedJSON()).description == value.description)
        // Two surrogates side by side are not the one character that JSON makes of them.
        let pair = try PickleValue(pickle: hex("8c06eda080edbfbf2e"))
        let pairs = PickleValue([pair, .dict([(pair, 1 as PickleValue), ("a", 2)])])
        #expect(try PickleValue(taggedJSON: pairs.taggedJSON()) == pairs)
        #expect(
            try String(decoding: PickleValue.tuple([.bytes([97, 98]), ["$a": 1]]).taggedJSON(), as: UTF8.self)
                == #"{"$tuple": [{"$bytes": "YWI="}, {"$dict": [["$a", 1]]}]}"#)
    }

    @Test(arguments: [
        #"{"$tuple": 1}"#, #"{"$bytes": "a"}"#, #"{"$bytes": "YWJ="}"#, #"{"$nothing": 1}"#, #"{"$dict": [[1]]}"#,
        #"{"$pickle": "AAAA"}"#, #"{"$set": {}}"#,
    ])
    func wrongTagsAreErrors(text: String) {
        #expect(throws: PickleError.self) { try PickleValue(taggedJSON: Array(text.utf8)) }
    }

    @Test func errorsSayWhere() {
        func message(_ text: String) -> String {
            do throws(PickleError) {
                return "no error: \(try PickleValue(json: text))"
            } catch {
                return "\(error)"
            }
        }
        #expect(throws: PickleError(.malformed, at: 4, "")) { try PickleValue(json: "[1, ]") }
        #expect(message("[1, ]") == "at byte 4: expected a value in JSON, found ']' at line 1, column 5 (malformed)")
        #expect(message("{\"é\": 1,\r\n\n  x}").contains("found 'x' at line 3, column 3"))
        #expect(message("\"é\t\"").contains("found byte 0x09 at line 1, column 3"))
        #expect(message("[\n").contains("found the end of the text at line 2, column 1"))
    }
}
