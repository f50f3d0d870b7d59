import Foundation
import PeerProtocol
import Testing

@testable import interop_check

@Suite struct PickleCommandTests {
    @Test func filesAreShownListedAndWrittenAnew() throws {
        try CtlStage.play { stage in
            let python = try stage.python("import pickle, pickletools, os, io, contextlib, fractions")
            try stage.tell(
                python,
                "v = {'a': [1, 2.5, None, (True,)], 'b': fractions.Fraction(1, 3)}; os.chdir('\(stage.folder.path)')")
            try stage.tell(python, "[open(f'{n}.pickle', 'wb').write(pickle.dumps(v, n)) for n in range(6)]")
            for number in 0...5 {
                let file = "\(number).pickle"
                #expect(
                    try stage.ok("pickle", "show", file).text == "{'a': [1, 2.5, None, (True,)], 'b': Fraction(1, 3)}")
                let listing = try stage.ok("pickle", "dis", file).output
                try listing.write(toFile: stage.file("listing"), atomically: true, encoding: .utf8)
                try stage.tell(
                    python,
                    "out = io.StringIO(); pickletools.dis(open('\(file)', 'rb').read(), out); "
                        + "assert out.getvalue() == open('listing').read(), out.getvalue()")
                #expect(try stage.ok("pickle", "globals", file).text.contains("fractions.Fraction"))
                try stage.ok("pickle", "transcode", file, "-o", "new.pickle")
                try stage.tell(python, "b = open('new.pickle', 'rb').read(); assert b[1] == 4 and pickle.loads(b) == v")
            }
            #expect(try stage.ok("pickle", "show", "4.pickle", "--json").json["a"]?.array?.last == ["$tuple": [true]])
            try Data([0x80, 4, 0x5d]).write(to: URL(fileURLWithPath: stage.file("torn")))
            try stage.fails(4, "pickle", "show", "torn")
            try stage.fails(4, "pickle", "dis", "torn")
            try stage.fails(2, "pickle", "show", "no-such-file", saying: "no-such-file")
        }
    }

    @Test func whatAPickleWouldCallIsTold() throws {
        try CtlStage.play { stage in
            let hostile = Array("cposix\nsystem\n(S'true'\ntR.".utf8)
            try Data(hostile).write(to: URL(fileURLWithPath: stage.file("hostile")))
            #expect(try stage.ok("pickle", "globals", "hostile").text == "called  posix.system")
            #expect(
                try stage.ok("pickle", "globals", "hostile", "--json").json == [
                    ["name": "posix.system", "called": true]
                ])
        }
    }

    @Test func runSpeaksThePeerProtocol() throws {
        try CtlStage.play { stage in
            let name = stage.name()
            let python = try stage.python("d = rememory.RememoryDict(sys.argv[1]); d['n'] = 1", [name])
            let script = """
                {"id": 1, "op": "dict.add", "name": "\(name)", "key": {"json": "n"}, "by": 4}
                {"id": 2, "op": "dict.set", "name": "\(name)", "key": {"json": 3}, "value": {"json": [1.5]}}
                {"id": 3, "op": "dict.get", "name": "\(name)", "key": {"json": "nobody"}}
                not JSON

                """
            let lines = try stage.ok("run", input: script).output.split(separator: "\n").map {
                try JSON(parsing: Data($0.utf8))
            }
            #expect(lines.count == 4)
            #expect(lines[0]["id"] == 1)
            #expect(lines[1]["ok"] == .null)
            #expect(lines[2]["error"]?["code"] == "keyNotFound")
            #expect(lines[3]["error"]?["code"] == "badRequest")
            try stage.tell(python, "assert dict(d.items()) == {'n': 5, 3: [1.5]}, d")
        }
    }

    @Test func keptBlocksOutliveTheirPythons() throws {
        try CtlStage.play { stage in
            let name = stage.name()
            let first = try stage.python("d = rememory.RememoryDict(sys.argv[1]); d['a'] = 1", [name])
            let keeper = try stage.start(["keep", name])
            try stage.expectLine("keeping \(name)", of: keeper)
            try first.finish()
            let second = try stage.python(
                "d = rememory.RememoryDict(sys.argv[1]); assert d['a'] == 1; d['b'] = 2", [name])
            try second.finish()
            let third = try stage.python("d = rememory.RememoryDict(sys.argv[1])", [name])
            try stage.tell(third, "assert dict(d.items()) == {'a': 1, 'b': 2}, d")
            kill(keeper.pid, SIGTERM)
            #expect(try keeper.waitUntilGone() == 0)
        }
    }
}
