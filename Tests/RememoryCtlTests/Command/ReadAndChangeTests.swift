import PeerProtocol
import Testing

@testable import interop_check

@Suite struct ReadAndChangeTests {
    @Test func dictsAreReadAndChangedByPath() throws {
        try CtlStage.play { stage in
            let name = stage.name("game")
            let python = try stage.python(
                """
                d = rememory.RememoryDict(sys.argv[1])
                d['player1'] = {'score': 10, 'tags': ['a', 'b'], 'at': (1, 2.5)}
                d['a.b'] = {'x': None}
                d[42] = 'number'
                """, [name])
            #expect(try stage.ok("get", name, "player1.score").text == "10")
            #expect(try stage.ok("get", name, "player1.tags.-1").text == "'b'")
            #expect(try stage.ok("get", name, "player1.at[1]").text == "2.5")
            #expect(try stage.ok("get", name, #"["a.b"].x"#).text == "None")
            #expect(try stage.ok("get", name, #"a\.b"#, "--json").text == #"{"x": null}"#)
            #expect(try stage.ok("get", name, "[42]").text == "'number'")
            try stage.ok("set", name, "player1.score", "99")
            #expect(try stage.ok("add", name, "player1.score", "-9").text == "90")
            #expect(try stage.ok("add", name, "hits", "2").text == "2")
            try stage.ok("append", name, "player1.tags", #""c""#)
            try stage.ok("remove", name, "player1.tags", "a", "--string")
            try stage.ok("set", name, "[7]", #"{"$tuple": [1, {"$set": [2]}]}"#)
            try stage.ok("add", name, "[7].1", "3")
            try stage.ok("delete", name, "[42]")
            try stage.ok("set", name, "text", "-", "--string", input: "line one\nline two")
            try stage.tell(
                python,
                "assert dict(d) == {'player1': {'score': 90, 'tags': ['b', 'c'], 'at': (1, 2.5)}, 'a.b': {'x': None}, "
                    + "'hits': 2, 7: (1, {2, 3}), 'text': 'line one\\nline two'}, dict(d)")
            try stage.ok("set", name, #"{"only": 1}"#)
            try stage.tell(python, "assert dict(d) == {'only': 1}, dict(d)")
        }
    }

    @Test func listsAreReadAndChangedByIndex() throws {
        try CtlStage.play { stage in
            let name = stage.name("log")
            let python = try stage.python(
                "l = rememory.RememoryList(sys.argv[1]); l.append('one'); l.append({'n': 1})", [name])
            try stage.ok("append", name, #"{"$bytes": "YWI="}"#)
            #expect(try stage.ok("get", name, "-1").text == "b'ab'")
            #expect(try stage.ok("add", name, "1.n", "1.5").text == "2.5")
            try stage.ok("set", name, "0", "first", "-s")
            try stage.tell(python, "assert list(l._read_data()) == ['first', {'n': 2.5}, b'ab']")
            try stage.ok("delete", name, "0")
            try stage.ok("remove", name, #"{"n": 2.5}"#)
            try stage.tell(python, "assert list(l._read_data()) == [b'ab']")
            try stage.fails(1, "get", name, "5", saying: "1 items")
            try stage.fails(1, "remove", name, "12")
        }
    }

    @Test func singleValuesAreReadAndChanged() throws {
        try CtlStage.play { stage in
            let names = ["int", "float", "bool", "str", "block"].map { stage.name($0) }
            let python = try stage.python(
                """
                i = rememory.RememoryInt(sys.argv[1], rememory.IntTypes.INT32); i.value = 5
                f = rememory.RememoryFloat(sys.argv[2]); f.value = 2.5
                b = rememory.RememoryBool(sys.argv[3]); b.value = True
                s = rememory.RememoryString(sys.argv[4]); s.value = 'hi'
                k = rememory.RememoryBlock(sys.argv[5], 4096); k.value = (1, ['x'])
                """, names)
            #expect(try names.map { try stage.ok("get", $0).text } == ["5", "2.5", "True", "'hi'", "(1, ['x'])"])
            #expect(try stage.ok("add", names[0], "-7").text == "-2")
            #expect(try stage.ok("add", names[1], "0.25").text == "2.75")
            try stage.ok("set", names[2], "false")
            try stage.ok("append", names[3], " there", "-s")
            try stage.ok("append", names[4], "1", "2")
            try stage.tell(
                python,
                "assert (i.value, f.value, b.value, s.value, k.value) == (-2, 2.75, False, 'hi there', (1, ['x', 2]))")
            try stage.fails(4, "set", names[0], "3000000000", saying: "INT32")
            try stage.fails(4, "set", names[2], "1")
            try stage.fails(4, "set", names[4], "0.x", "1", saying: "goes on with")
            try stage.fails(2, "get", names[0], "x", saying: "has no parts")
        }
    }

    @Test func scriptsCanRelyOnTheStatus() throws {
        try CtlStage.play { stage in
            let name = stage.name()
            try stage.fails(1, "get", name, saying: "there is no block")
            try stage.fails(1, "set", name, "1")
            try stage.fails(2, "set", name, "1", "--create")
            try stage.ok("set", name, "{}", "--create", "--type", "dict")
            try stage.ok("set", name, "k", "1")
            try stage.fails(1, "get", name, "other", saying: "'k'")
            try stage.fails(2, "set", name, "k", "no json", saying: "--string")
            try stage.fails(2, "get", name, "a..b")
            try stage.fails(2, "get")
            try stage.fails(2, "nonsense")
            try stage.fails(2, "get", name, "--json", "--pickle")
            try stage.fails(4, "append", name, "k", "1", saying: "list or a string")
            try stage.fails(4, "set", name, "[]")
            try stage.fails(2, "delete", name, saying: "--yes")
            try stage.ok("delete", name, "--yes", "--lock")
            try stage.fails(1, "get", name)
            #expect(try stage.ok("--help").output.contains("Status: 0 done"))
        }
    }

    @Test func aLockThatIsHeldIsAStatusOfItsOwn() throws {
        try CtlStage.play { stage in
            let name = stage.name()
            let python = try stage.python(
                "d = rememory.RememoryDict(sys.argv[1]); d['a'] = 1; d._lock.__enter__()", [name])
            try stage.fails(3, "get", name, "a", "--timeout", "0.2", saying: "\(python.pid)")
            try stage.fails(3, "set", name, "a", "2", "--timeout", "0.2")
            let list = try stage.ok("list", "--json").json.array ?? []
            let block = try #require(list.first { $0["name"] == .string(name) })
            #expect(block["entries"] == 1)
            #expect(block["lock"] != "free")
            try stage.tell(python, "d._lock.__exit__(None, None, None)")
            #expect(try stage.ok("get", name, "a").text == "1")
        }
    }

    @Test func nothingFromASegmentDrivesTheTerminal() throws {
        try CtlStage.play { stage in
            let name = stage.name("evil")
            _ = try stage.python(
                """
                evil = '\\x1b[31m\\x9b2J\\u202e\\x07\\u2028\\U000e0041'
                d = rememory.RememoryDict(sys.argv[1]); d[evil] = evil
                s = rememory.RememoryString(sys.argv[2]); s.value = evil
                """, [name, name + "s"])
            for arguments in [
                ["show", name], ["get", name], ["get", name, "--json"], ["show", name, "--json"], ["get", name, "x"],
                ["list"], ["list", "--json"], ["get", name + "s"], ["get", name + "s", "--json"], ["swift", name],
                ["audit", name], ["export", name, name + "s"], ["set", name, "1"],
            ] {
                let ending = try stage.run(arguments)
                for scalar in (ending.output + ending.errors).unicodeScalars where scalar != "\n" {
                    let category = scalar.properties.generalCategory
                    #expect(
                        ![.control, .format, .lineSeparator].contains(category),
                        "\(arguments) prints U+\(String(scalar.value, radix: 16))")
                }
            }
        }
    }

    @Test func picklesComeOutAsBytesAndGoIn() throws {
        try CtlStage.play { stage in
            let name = stage.name()
            let python = try stage.python(
                "import pickle; k = rememory.RememoryBlock(sys.argv[1], 4096); k.value = {'a': [1, 2]}", [name])
            _ = try stage.start(
                "sh", ["/bin/sh", "-c", "'\(stage.tool)' get \(name) a --pickle > '\(stage.file("a.pickle"))'"]
            ).finish()
            try stage.tell(python, "assert pickle.load(open('\(stage.file("a.pickle"))', 'rb')) == [1, 2]")
            try stage.tell(python, "pickle.dump({1: 'x'}, open('\(stage.file("b.pickle"))', 'wb'), 2)")
            try stage.ok("set", name, "b", "b.pickle", "--from-pickle")
            try stage.tell(python, "assert k.value == {'a': [1, 2], 'b': {1: 'x'}}, k.value")
        }
    }

    @Test func changesByPathLoseNothing() throws {
        try CtlStage.play { stage in
            let name = stage.name()
            let python = try stage.python("d = rememory.RememoryDict(sys.argv[1]); d['a'] = {'n': 0}", [name])
            let adders = try (0..<4).map { _ in
                try stage.start(
                    "adder",
                    ["/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8; do '\(stage.tool)' add \(name) a.n 1 || exit 1; done"])
            }
            for adder in adders { #expect(try adder.finish(timeout: 120) == 0, "\(adder.complaints)") }
            try stage.tell(python, "assert d['a'] == {'n': 32}, d['a']")
        }
    }
}
