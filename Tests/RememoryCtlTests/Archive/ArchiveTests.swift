import Foundation
import PeerProtocol
import Rememory
import Testing

@testable import interop_check

@Suite struct ArchiveTests {
    /// Twenty blocks of all types, with what makes each of them; `{n}` is the name.
    private static let blocks: [(kind: String, make: String)] = [
        ("dict", "{'a': 1, 'b': [1, 2.5, None], 3: (True, b'x'), 'ü': 'é'}"), ("dict", "{}"),
        ("dict", "{'nested': {'deep': {'er': {1, 2}}}, 'when': datetime.datetime(2024, 2, 29, 1, 2, 3)}"),
        ("dict", "{i: str(i) * 20 for i in range(2000)}"), ("list", "[]"),
        ("list", "[1, 'two', [3, [4]], {'five': 5}]"),
        ("list", "[decimal.Decimal('1.50'), uuid.UUID(int=7), frozenset({1})]"), ("int", "INT8 -128"),
        ("int", "UINT8 255"),
        ("int", "INT16 -2"), ("int", "UINT32 4294967295"), ("int", "INT64 -9223372036854775808"),
        ("int", "UINT64 18446744073709551615"), ("float", "FLOAT32 0.5"), ("float", "FLOAT64 -0.0"), ("bool", "True"),
        ("str", "'hello, 世界'"), ("str", "''"), ("block", "(1, [2, {'three': 3.0}])"), ("block", "None"),
    ]

    private static let maker = """
        import datetime, decimal, uuid
        blocks = []
        def make(kind, name, text, set):
            kinds = {'dict': rememory.RememoryDict, 'list': rememory.RememoryList, 'bool': rememory.RememoryBool}
            if kind == 'int':
                block, value = rememory.RememoryInt(name, rememory.IntTypes[text.split()[0]]), int(text.split()[1])
            elif kind == 'float':
                block, value = rememory.RememoryFloat(name, rememory.FloatTypes[text.split()[0]]), float(text.split()[1])
            elif kind == 'str':
                block, value = rememory.RememoryString(name), eval(text)
            elif kind == 'block':
                block, value = rememory.RememoryBlock(name, 4096), eval(text)
            else:
                block, value = kinds[kind](name), eval(text)
            blocks.append(block)
            if kind in ('dict', 'list'):
                if set: block._write_data(value)
                return repr(block._read_data()), repr(value)
            if set: block.value = value
            return repr(block.value), repr(value)
        """

    @Test func twentyBlocksOfAllTypesComeBackAsPythonKnewThem() throws {
        try CtlStage.play { stage in
            #expect(Self.blocks.count == 20)
            let names = Self.blocks.map { stage.name($0.kind) }
            let writer = try stage.python(Self.maker)
            for (name, block) in zip(names, Self.blocks) {
                try stage.tell(
                    writer,
                    "found, wanted = make('\(block.kind)', '\(name)', \"\"\"\(block.make)\"\"\", True); assert found == wanted"
                )
            }
            try stage.run(["export"] + names + ["-o", "all.archive"]).expectDone()
            // Python's exit takes the segments away; the locks go by hand, as at a reboot.
            try writer.finish()
            for name in names {
                for path in ["/dev/shm/\(name)", "/dev/shm/sem.rememorydict_\(name)"] {
                    try? FileManager.default.removeItem(atPath: path)
                }
                try stage.fails(1, "get", name)
            }
            #expect(try stage.ok("import", "all.archive").text.contains("imported 20 new blocks"))
            let reader = try stage.python(Self.maker)
            for (name, block) in zip(names, Self.blocks) {
                try stage.tell(
                    reader,
                    "found, wanted = make('\(block.kind)', '\(name)', \"\"\"\(block.make)\"\"\", False); assert found == wanted, (found, wanted)"
                )
            }
        }
    }

    @Test func thePickleIsTheSameByteForByte() throws {
        try CtlStage.play { stage in
            let name = stage.name()
            let python = try stage.python(
                "d = rememory.RememoryDict(sys.argv[1]); x = ['shared']; d._write_data({'a': x, 'b': x})", [name])
            try stage.ok("export", name, "-o", "one.archive")
            try stage.tell(python, "before = bytes(d._shm.buf)")
            try stage.ok("delete", name, "--yes")
            try stage.ok("import", "one.archive")
            try stage.tell(
                python,
                "e = rememory.RememoryDict.__new__(rememory.RememoryDict); from multiprocessing import shared_memory as m"
            )
            try stage.tell(python, "s = m.SharedMemory(name='\(name)'); assert bytes(s.buf) == before; s.close()")
            let text = try String(contentsOfFile: stage.file("one.archive"), encoding: .utf8)
            #expect(text.contains(#""value": {"a": ["shared"], "b": ["shared"]}"#))
        }
    }

    @Test func whatExistsIsNotReplacedUnlessAsked() throws {
        try CtlStage.play { stage in
            let (one, two) = (stage.name("one"), stage.name("two"))
            try stage.ok("set", one, #"{"v": 1}"#, "--create", "--type", "dict")
            try stage.ok("set", two, "1", "--create", "--type", "int")
            try stage.ok("export", one, two, "-o", "both.archive")
            try stage.ok("set", one, "v", "2")
            try stage.ok("set", two, "2")
            try stage.ok("delete", two, "--yes")
            try stage.fails(4, "import", "both.archive", saying: "--replace")
            try stage.fails(1, "get", two)
            #expect(
                try stage.ok("import", "both.archive", "--replace", "--dry-run").text.hasPrefix("would import 1 new"))
            try stage.fails(1, "get", two)
            try stage.ok("import", "both.archive", "--replace")
            #expect(try stage.ok("get", one).text == "{'v': 1}")
            #expect(try stage.ok("get", two).text == "1")
            #expect(try FileManager.default.contentsOfDirectory(atPath: stage.folder.path) == ["both.archive"])
        }
    }

    @Test func aDamagedFileChangesNothing() throws {
        try CtlStage.play { stage in
            let names = (0..<3).map { stage.name("b\($0)") }
            for name in names { try stage.ok("set", name, #"["x"]"#, "--create", "--type", "list") }
            try stage.run(["export"] + names + ["-o", "good"]).expectDone()
            for name in names { try stage.ok("delete", name, "--yes", "--lock") }
            let good = try String(contentsOfFile: stage.file("good"), encoding: .utf8)
            let lines = good.split(separator: "\n").map(String.init)
            let damages = [
                "cut": lines.dropLast().joined(separator: "\n"), "short": String(good.dropLast(40)),
                "missing": (lines[0...1] + lines[3...]).joined(separator: "\n"),
                "changed": good.replacingOccurrences(of: #""bytes": "gAR"#, with: #""bytes": "gAV"#),
                "renamed": good.replacingOccurrences(of: names[1], with: names[1] + "x"), "nothing": "",
                "other": "{}\n",
            ]
            for (damage, text) in damages {
                try text.write(toFile: stage.file(damage), atomically: true, encoding: .utf8)
                try stage.fails(4, "import", damage)
                for name in names { #expect(try BlockInspection(name)?.size == nil, "\(damage) made \(name)") }
            }
            try stage.fails(2, "import", "no-such-file")
            try stage.ok("import", "good", names[1])
            #expect(try BlockInspection(names[0])?.size == nil)
            #expect(try stage.ok("get", names[1]).text == "['x']")
        }
    }

    @Test func aFailureHalfWayIsUndone() throws {
        try CtlStage.play { stage in
            let (new, held) = (stage.name("new"), stage.name("held"))
            let python = try stage.python("d = rememory.RememoryDict(sys.argv[1]); d['v'] = 1", [held])
            try stage.ok("set", new, "5", "--create", "--type", "int")
            try stage.ok("export", new, held, "-o", "both")
            try stage.ok("delete", new, "--yes", "--lock")
            try stage.tell(python, "d['v'] = 2; d._lock.__enter__()")
            try stage.fails(3, "import", "both", "--replace", "--timeout", "0.3")
            try stage.tell(python, "d._lock.__exit__(None, None, None)")
            #expect(try BlockInspection(new)?.size == nil)
            #expect(try stage.ok("get", held, "v").text == "2")
        }
    }
}

extension CtlStage.Ending {
    func expectDone(at location: SourceLocation = #_sourceLocation) {
        #expect(status == 0, "\(errors)", sourceLocation: location)
    }
}
