import PeerProtocol
import Testing

@testable import interop_check

/// The judge must be stricter than `==`, or the checks prove little.
@Suite struct JudgeTests {
    @Test(arguments: [
        ("1", "True"), ("1", "1.0"), ("0.0", "-0.0"), ("(1,)", "[1]"), ("{1: 2, 3: 4}", "{3: 4, 1: 2}"), ("{1}", "{2}"),
        ("shapes.shared()", "[[1, 2], [1, 2], {'again': [1, 2]}]"), ("b'a'", "bytearray(b'a')"), ("'é'", "'e\\u0301'"),
        ("shapes.Player('a')", "shapes.Player('b')"), ("shapes.Level.LOW", "1"), ("[1, 2]", "[1, 2, 3]"),
        ("datetime.datetime(2000, 1, 1)", "datetime.datetime(2000, 1, 1, fold=1)"),
        ("collections.OrderedDict(a=1, b=2)", "collections.OrderedDict(b=2, a=1)"), ("shapes.cycle()", "[1, [1, []]]"),
        ("collections.deque([1])", "collections.deque([1], maxlen=9)"),
        ("shapes.basket()", "shapes.Basket(['apple', 'pear'])"),
    ])
    func differentValuesDiffer(_ left: String, _ right: String) throws {
        try TestStage.play { stage in
            let judge = try stage.judge
            #expect(try judge.difference(try judge.value(of: left), try judge.value(of: right)) != nil)
        }
    }

    @Test func everyKindOfValueIsTheSameAsItself() throws {
        try TestStage.play { stage in
            let entries = try stage.judge.catalogue()
            for entry in entries {
                let again = try stage.judge.value(of: entry.expression)
                #expect(try stage.judge.difference(entry.value, again) == nil, "\(entry.name)")
            }
        }
    }

    @Test func theModelIsAPlainDictOrList() throws {
        try TestStage.play { stage in
            let judge = try stage.judge
            #expect(try judge.modelReply(to: Request("dict.set", "d", key: "a", value: 1)) == .ok(nil))
            #expect(try judge.modelReply(to: Request("dict.len", "d")) == .ok(1))
            guard case .error(let code, _) = try judge.modelReply(to: Request("dict.get", "d", key: "b")) else {
                Issue.record("a missing key was found")
                return
            }
            #expect(code == "keyNotFound")
            guard case .error(let code, _) = try judge.modelReply(to: Request("list.pop", "l")) else {
                Issue.record("an empty list gave an item")
                return
            }
            #expect(code == "indexOutOfRange")
        }
    }
}
