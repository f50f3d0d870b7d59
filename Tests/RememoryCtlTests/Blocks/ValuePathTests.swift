import PickleCodec
import Testing

@testable import rememoryctl

@Suite struct ValuePathTests {
    private func parts(_ text: String) throws -> [String] { try ValuePath(text).parts.map(\.description) }

    @Test func partsAreNamesOrJSON() throws {
        #expect(try parts("player1.score") == ["'player1'", "'score'"])
        #expect(try parts(#"["a.b"].x[0]"#) == ["'a.b'", "'x'", "0"])
        #expect(try parts(#"a\.b\[0]\\"#) == [#"'a.b[0]\'"#])
        #expect(try parts(#"[{"$tuple": [1, [2]]}].y"#) == ["(1, [2])", "'y'"])
        #expect(try parts(#"["]"]["["]"#) == ["']'", "'['"])
        #expect(try parts("-1") == ["'-1'"])
        #expect(try parts("") == [])
    }

    @Test(arguments: ["a.", ".a", "a..b", "[", "[1", "[nonsense]", #"a\"#])
    func otherPathsAreRefused(_ text: String) {
        #expect(throws: Failure.self) { try ValuePath(text) }
    }

    @Test func aPathOfAnyLengthIsNoStackOverflow() {
        #expect(throws: Failure.self) { try ValuePath(String(repeating: "a.", count: 100_000) + "b") }
    }

    @Test func changesReachIntoDictsListsAndTuples() throws {
        var value: PickleValue = ["a": [1, ["b": .tuple([1, 2])]]]
        try ValuePath.change(ValuePath("a.1.b.-1").parts[...], in: &value) { $0 = 9 }
        #expect(value.description == "{'a': [1, {'b': (1, 9)}]}")
        try ValuePath.change(ValuePath("a.0").parts[...], in: &value) { $0 = nil }
        #expect(value.description == "{'a': [{'b': (1, 9)}]}")
        #expect(throws: Failure.self) { try ValuePath.change(ValuePath("a.5").parts[...], in: &value) { $0 = 1 } }
        #expect(throws: Failure.self) { try ValuePath.change(ValuePath("x.y").parts[...], in: &value) { $0 = 1 } }
    }
}
