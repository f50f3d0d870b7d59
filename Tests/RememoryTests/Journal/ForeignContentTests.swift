import PickleCodec
import Testing

@testable import Rememory

/// What Python writes is seldom plain: entries share strings and objects, values are of classes that Swift has never
/// heard of. Swift's changes to other keys must leave all of it as it was, identity included.
@Suite struct ForeignContentTests {
    static let model = """
        import collections, datetime, decimal, fractions, uuid
        shared = ['shared', 1]
        loop = [1]; loop.append(loop)
        model = {
            'player1': {'score': 17, 'level': 3},
            'player2': {'score': 18, 'level': 3, 'friend': 'player1'},
            'when': datetime.datetime(2026, 11, 22, 22, 40, tzinfo=datetime.timezone.utc),
            'money': decimal.Decimal('1.10'),
            'id': uuid.UUID(int=7),
            'ordered': collections.OrderedDict([('b', 1), ('a', 2)]),
            'shared1': shared, 'shared2': [shared, shared],
            'loop': loop,
            'score': 1,
            (1, 'two', (3.5,)): frozenset([1, 2]),
            7: -1.5, None: b'bytes', 'huge': 1 << 200, 'lone': '\\ud800', 'e\\u0301': '\\u00e9', '\\u00e9': 'composed',
            'range': range(3), 'complex': 1 + 2j, 'set': {5}, 'array': bytearray(b'abc'),
        }
        """

    func start(_ block: UniqueBlock, _ layout: RememoryLayout) throws -> (
        PythonReader, RememoryDict<PickleValue, PickleValue>
    ) {
        let dict = try RememoryDict<PickleValue, PickleValue>(block.string, capacity: 8192, layout: layout)
        let python = try PythonReader()
        try python.write(block.segmentPath, "exec(\(literal(ForeignContentTests.model)), GLOBALS) or GLOBALS['model']")
        return (python, dict)
    }

    private func literal(_ text: String) -> String {
        "'''" + text.replacing("\\", with: "\\\\").replacing("'''", with: "\\'\\'\\'") + "'''"
    }

    @Test(arguments: [RememoryLayout.journal, .canonical])
    func survivesChangesToOtherKeys(layout: RememoryLayout) throws {
        let block = try UniqueBlock("foreign")
        defer { block.removeAll() }
        let (python, dict) = try start(block, layout)
        try python.expect(block.segmentPath, "")
        try dict.set(["score": 99], for: "player3")
        try python.expect(block.segmentPath, "model['player3'] = {'score': 99}")
        try dict.set(5, for: 7)
        try python.expect(block.segmentPath, "model[7] = 5")
        try dict.removeValue(for: "player1")  // others use its strings
        try python.expect(block.segmentPath, "del model['player1']")
        try python.expect(block.segmentPath, "assert found['shared2'][0] is found['shared1'] is found['shared2'][1]")
        try python.expect(block.segmentPath, "assert found['loop'][1] is found['loop']")
        try dict.removeValue(for: .tuple([1, "two", .tuple([3.5])]))
        try python.expect(block.segmentPath, "del model[(1, 'two', (3.5,))]")
        try dict.update("player2") { $0?["score"] = 19 }
        try python.expect(block.segmentPath, "model['player2']['score'] = 19")
        for step in 0..<200 {
            try dict.set(
                ["step": PickleValue(step), "text": .init(String(repeating: "x", count: step % 40))], for: "busy")
            try python.expect(block.segmentPath, "model['busy'] = {'step': \(step), 'text': 'x' * \(step % 40)}")
        }
    }

    @Test func comesBackAsPythonWroteIt() throws {
        let block = try UniqueBlock("foreign")
        defer { block.removeAll() }
        let (_, dict) = try start(block, .journal)
        #expect(try dict["player2"]?["score"] == 18)
        #expect(try dict["player2"]?["friend"] == "player1")
        #expect(try dict[7.0] == -1.5)
        #expect(try dict[.init()] == .bytes([98, 121, 116, 101, 115]))
        #expect(try dict["shared2"] == [["shared", 1], ["shared", 1]])
        #expect(try dict["e\u{301}"] == "\u{e9}")
        #expect(try dict["\u{e9}"] == "composed")
        #expect(try dict.count == 21)
        #expect(try dict.snapshot().count == 21)
    }

    @Test func copiesOfForeignValuesStayWhatTheyAre() throws {
        let block = try UniqueBlock("foreign")
        defer { block.removeAll() }
        let (python, dict) = try start(block, .journal)
        for key: PickleValue in ["when", "money", "ordered", "loop", "lone", "shared2", "huge", "array"] {
            let value = try #require(try dict[key])
            try dict.set(value, for: .tuple(["copy", key]))
            try python.expect(block.segmentPath, "model[('copy', \(key))] = model[\(key)]")
        }
        let other = try UniqueBlock("foreign")
        defer { other.removeAll() }
        let list = try RememoryList<PickleValue>(other.string)
        try list.append(try #require(try dict["ordered"]))
        try list.append(contentsOf: [try #require(try dict["shared2"]), try #require(try dict["when"])])
        try python.expect(
            other.segmentPath, "model = [model['ordered'], model['shared2'], model['when']]; found_list = 1")
    }

    @Test func lookingOnceWritesNothing() throws {
        let block = try UniqueBlock("foreign")
        defer { block.removeAll() }
        let (_, dict) = try start(block, .journal)
        let content = try block.contentByPath()
        #expect(try dict["score"] == 1)
        #expect(try block.contentByPath() == content)
        #expect(try dict["score"] == 1)  // from the second look on it pays to mark what Python wrote
        #expect(try dict["player1"]?["level"] == 3)
        let other = try RememoryDict<PickleValue, PickleValue>(block.string, layout: .canonical)
        #expect(try other.snapshot().elementsEqual(dict.snapshot(), by: ==))
    }

    @Test func contentThatPythonWouldRefuseIsNotWrittenTo() throws {
        let block = try UniqueBlock("foreign")
        defer { block.removeAll() }
        // A dict with a key that is no UTF-8, behind a value that can be read.
        let content: [UInt8] = [
            0x80, 4, 0x95, 14, 0, 0, 0, 0, 0, 0, 0, 0x7d, 0x28, 0x8c, 1, 97, 0x4b, 1, 0x8c, 1, 0xff, 0x4b, 2, 0x75,
            0x2e,
        ]
        try block.createAsPython(size: 4096, content: content)
        let dict = try RememoryDict<String, Int>(block.string)
        #expect { try dict.set(3, for: "a") } throws: { ($0 as? RememoryError)?.code == .corruptContent }
        #expect { try dict.delete("a") } throws: { ($0 as? RememoryError)?.code == .corruptContent }
        #expect { try dict.clear() } throws: { ($0 as? RememoryError)?.code == .corruptContent }
    }

    /// A pickle may change what it has put somewhere already, by a reference: no pickler does, but Python reads it.
    @Test func whatIsChangedByReferenceIsSeen() throws {
        let contents: [(pickle: [UInt8], text: String)] = [
            // {'a': a list, 'b': the same, to which 1 is appended}
            (
                [
                    0x7d, 0x94, 0x28, 0x8c, 1, 0x61, 0x94, 0x5d, 0x94, 0x8c, 1, 0x62, 0x94, 0x68, 2, 0x4b, 1, 0x61,
                    0x75, 0x2e,
                ],
                "{'a': [1], 'b': [1]}"
            ),
            (
                [
                    0x7d, 0x94, 0x28, 0x8c, 1, 0x61, 0x94, 0x5d, 0x94, 0x8c, 1, 0x62, 0x94, 0x68, 2, 0x28, 0x4b, 1,
                    0x65, 0x75, 0x2e,
                ],
                "{'a': [1], 'b': [1]}"
            ),
            (
                [
                    0x7d, 0x94, 0x28, 0x8c, 1, 0x61, 0x94, 0x7d, 0x94, 0x8c, 1, 0x62, 0x94, 0x68, 2, 0x4b, 1, 0x4e,
                    0x73, 0x75, 0x2e,
                ],
                "{'a': {1: None}, 'b': {1: None}}"
            ),
            (
                [
                    0x7d, 0x94, 0x28, 0x8c, 1, 0x61, 0x94, 0x8f, 0x94, 0x8c, 1, 0x62, 0x94, 0x68, 2, 0x28, 0x4b, 1,
                    0x90, 0x75, 0x2e,
                ],
                "{'a': {1}, 'b': {1}}"
            ),
            // The dict itself, by a reference that is dropped again.
            ([0x7d, 0x94, 0x68, 0, 0x28, 0x8c, 1, 0x61, 0x4b, 1, 0x75, 0x30, 0x2e], "{'a': 1}"),
        ]
        let python = try PythonReader()
        for (pickle, text) in contents {
            let block = try UniqueBlock("alias")
            defer { block.removeAll() }
            try block.createAsPython(size: 4096, content: [0x80, 4] + pickle)
            #expect(try python.read(block.segmentPath) == text)
            let dict = try RememoryDict<String, PickleValue>(block.string)
            let found = try dict.snapshot().map { "'\($0.key)': \($0.value.repr())" }
            #expect("{\(found.joined(separator: ", "))}" == text)
            #expect("\(try dict["a"]?.repr() ?? "nothing")" == "\(found[0].dropFirst(5))")
            try dict.set("new", for: "c")
            #expect(try python.read(block.segmentPath) == "\(text.dropLast()), 'c': 'new'}")
        }
    }

    /// A text that is dropped is no key, wherever it stands.
    @Test func aTextThatIsDroppedIsNoKey() throws {
        let block = try UniqueBlock("dropped")
        defer { block.removeAll() }
        // 'a' dropped, {('a',): 1}
        let pickle: [UInt8] = [0x8c, 1, 0x61, 0x30, 0x7d, 0x28, 0x8c, 1, 0x61, 0x85, 0x4b, 1, 0x75, 0x2e]
        try block.createAsPython(size: 4096, content: pickle)
        let dict = try RememoryDict<PickleValue, PickleValue>(block.string)
        #expect(try dict["a"] == nil)
        #expect(try dict[.tuple(["a"])] == 1)
        #expect(try PythonReader().read(block.segmentPath) == "{('a',): 1}")
    }
}
