import Foundation
import PickleCodec
import Testing

/// The two tables of the guide on types, row by row, against the machine's `python3`.
@Suite struct TypeTableTests {
    struct Player: Codable { var score: Int; var level: Int }
    enum Color: String, Codable { case red }

    @Test func pythonValuesReadAsTheTableSays() throws {
        let rows = try rows(under: "## From Python to Swift")
        #expect(rows.count > 30)
        let pickles = try python("pickles", rows.map { [$0[0].code[0]] })
        var written: [[String]] = []
        for (row, pickle) in zip(rows, pickles) {
            let expression = row[0].code[0]
            let pickle = [UInt8](try #require(Data(base64Encoded: pickle)))
            let value = try PickleValue(pickle: pickle)
            #expect("\(value.kind)" == row[1].code[0], "\(expression)")
            #expect(!row[2].code.isEmpty, "\(expression)")
            for type in row[2].code {
                let read = try #require(Self.readers[type], "this test must learn to read \(type)")
                #expect(throws: Never.self, "\(expression) as \(type)") { try read(pickle) }
            }
            written.append([expression, base64(try value.pickled())])
        }
        // Read and written again, it is the same for Python, whatever it is.
        for (request, answer) in zip(written, try python("compare", written)) {
            #expect(answer == "same", "\(request[0])")
        }
    }

    @Test func swiftValuesArriveAsTheTableSays() throws {
        let rows = try rows(under: "## From Swift to Python")
        #expect(rows.count > 20)
        var written: [[String]] = []
        for row in rows {
            let text = row[0].code[0]
            guard let value = Self.values[text] ?? nil else {
                Issue.record("this test must learn the value \(text)")
                continue
            }
            written.append([row[1].code[0], base64(try encode(value))])
        }
        for (request, answer) in zip(written, try python("compare", written)) {
            #expect(answer == "same", "\(request[0])")
        }
    }

    /// What is nothing to compare with is still told apart: the script that compares can say no.
    @Test func comparingFindsDifferences() throws {
        let pairs: [(String, any Encodable)] = [("17", 17.0), ("True", 1), ("[1, 2]", [2, 1])]
        let answers = try python("compare", pairs.map { pair in [pair.0, base64(try encode(pair.1))] })
        #expect(answers == ["float 17.0", "int 1", "list [2, 1]"])
    }

    // MARK: What the tables name

    private static let readers: [String: @Sendable ([UInt8]) throws -> Void] = [
        "Int?": reader(Int?.self), "Player?": reader(Player?.self), "Bool": reader(Bool.self), "Int": reader(Int.self),
        "UInt8": reader(UInt8.self), "Int128": reader(Int128.self), "Double": reader(Double.self),
        "Float": reader(Float.self), "Decimal": reader(Decimal.self), "PickleInteger": reader(PickleInteger.self),
        "String": reader(String.self), "URL": reader(URL.self), "PickleValue": reader(PickleValue.self),
        "Data": reader(Data.self), "[UInt8]": reader([UInt8].self), "[Int]": reader([Int].self),
        "Set<Int>": reader(Set<Int>.self), "Player": reader(Player.self), "[String: Int]": reader([String: Int].self),
        "[Int: String]": reader([Int: String].self), "[[Int]: String]": reader([[Int]: String].self),
        "Date": reader(Date.self), "Duration": reader(Duration.self), "UUID": reader(UUID.self),
        "[Double]": reader([Double].self), "Color": reader(Color.self),
    ]

    private static func reader<T: Decodable & SendableMetatype>(_ type: T.Type) -> @Sendable ([UInt8]) throws -> Void {
        { _ = try PickleDecoder().decode(type, from: $0) }
    }

    private static let values: [String: (any Encodable & Sendable)?] = [
        "true": true, "17": 17, "1.5": 1.5, "\"text\"": "text", "[1, 2]": [1, 2], "Set([1])": Set([1]),
        "PickleInteger(decimal: \"1606938044258990275541962092341162602522202993782792835301376\")": PickleInteger(
            decimal: "1606938044258990275541962092341162602522202993782792835301376"),
        "[\"a\": 1]": ["a": 1], "[[1, 2]: \"a\"]": [[1, 2]: "a"],
        "Player(score: 10, level: 2)": Player(score: 10, level: 2), "Color.red": Color.red,
        "Optional<Int>.none": Nothing(),
        "Data([0, 255])": Data([0, 255]), "[UInt8]([0, 255])": [UInt8]([0, 255]),
        "Date(timeIntervalSince1970: 90)": Date(timeIntervalSince1970: 90),
        "Duration.seconds(90)": Duration.seconds(90),
        "UUID(uuidString: \"00000000-0000-0000-0000-000000000001\")": UUID(
            uuidString: "00000000-0000-0000-0000-000000000001"),
        "Decimal(string: \"1.5\")": Decimal(string: "1.5"),
        "URL(string: \"https://swift.org\")": URL(string: "https://swift.org"),
        "PickleValue.tuple([1, 2])": PickleValue.tuple([1, 2]),
        "PickleValue.bytes([0, 255])": PickleValue.bytes([0, 255]),
        "PickleValue.byteArray([0, 255])": PickleValue.byteArray([0, 255]),
        "PickleValue.frozenSet([1])": PickleValue.frozenSet([1]),
    ]

    /// What an optional without a value encodes.
    private struct Nothing: Encodable {
        func encode(to encoder: any Encoder) throws { try Int?.none.encode(to: encoder) }
    }

    private func encode(_ value: any Encodable) throws -> [UInt8] { try PickleEncoder().encode(value) }

    private func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }

    // MARK: The guide

    private func rows(under heading: String) throws -> [[Table.Cell]] {
        let guide = Document.root.appendingPathComponent("Sources/Rememory/Rememory.docc/Types.md")
        return try Table(under: heading, in: String(contentsOf: guide, encoding: .utf8)).rows
    }

    // MARK: Python

    private func python(_ task: String, _ requests: [[String]]) throws -> [String] {
        let lines = requests.map { $0.joined(separator: "\t") + "\n" }.joined()
        let result = try Command.run(["python3", "-c", Self.script, task], input: lines)
        try #require(result.status == 0, "\(result.output)")
        let answers = result.output.split(separator: "\n").map(String.init)
        try #require(answers.count == requests.count, "\(result.output)")
        return answers
    }

    private static let script = #"""
        import base64, collections, dataclasses, datetime, decimal, enum, fractions, pickle, sys, types, uuid

        game = types.ModuleType("game")
        sys.modules["game"] = game

        @dataclasses.dataclass
        class Player:
            score: int
            level: int

        class Color(enum.Enum):
            RED = "red"

        Point = collections.namedtuple("Point", ["x", "y"])
        for cls in (Player, Color, Point):
            cls.__module__ = "game"
            setattr(game, cls.__name__, cls)

        def described(value):
            return type(value).__name__ + " " + ascii(value)

        for line in sys.stdin:
            expression, *rest = line.rstrip("\n").split("\t")
            value = eval(expression)
            if sys.argv[1] == "pickles":
                print(base64.b64encode(pickle.dumps(value, 4)).decode())
            else:
                other = pickle.loads(base64.b64decode(rest[0]))
                print("same" if described(value) == described(other) else described(other))
        """#
}
