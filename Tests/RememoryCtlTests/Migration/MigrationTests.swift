import Foundation
import PeerProtocol
import Testing

@testable import interop_check

@Suite struct MigrationTests {
    @Test func whatVersion020WroteIsReadBy034AsEqual() throws {
        try CtlStage.play { stage in
            let (game, log) = (stage.name("game"), stage.name("log"))
            let values =
                "v = {'player1': {'score': 10, 'tags': ['a', 'é', None]}, 'pi': 3.14, 'big': 2**70, 'nan': 'x' * 300}"
            let old = try stage.python(
                """
                d = rememory.RememoryDict(sys.argv[1]); l = rememory.RememoryList(sys.argv[2])
                \(values)
                for k in v: d[k] = v[k]
                for x in ('one', 2, [3.5, {'k': True}]): l.append(x)
                """, [game, log], version: "0.2.0")
            let list = try stage.ok("list", "--json").json.array ?? []
            let found = try #require(list.first { $0["name"] == .string(game) })
            #expect(found["content"] == ["state": "json"])
            #expect(found["type"] == "dict")
            #expect(found["entries"] == 4)
            try stage.fails(4, "get", game)
            let plan = try stage.ok("migrate", game, log, "--dry-run").text
            #expect(plan.contains("JSON of versions 0.1 and 0.2"))
            try stage.tell(old, "assert dict(d.items()) == v")
            try stage.ok("migrate", game, log)
            let new = try stage.python(
                """
                d = rememory.RememoryDict(sys.argv[1]); l = rememory.RememoryList(sys.argv[2])
                \(values)
                """, [game, log])
            try stage.tell(new, "assert dict(d.items()) == v and list(d) == list(v), d")
            try stage.tell(new, "assert list(l._read_data()) == ['one', 2, [3.5, {'k': True}]]")
            // The old content is there until it is told otherwise, and comes back if wanted.
            let kept = "\(game).before-migration"
            #expect(FileManager.default.fileExists(atPath: stage.file(kept)))
            try stage.ok("import", kept, "--replace")
            try stage.tell(old, "assert dict(d.items()) == v")
            try stage.fails(2, "migrate", game, saying: "--forget")
            try stage.ok("migrate", "--forget", game)
            #expect(!FileManager.default.fileExists(atPath: stage.file(kept)))
            try stage.ok("migrate", game)
        }
    }

    @Test(arguments: [0, 1, 2, 3, 5])
    func picklesOfOtherProtocolsBecomeProtocol4(_ number: Int) throws {
        try CtlStage.play { stage in
            let name = stage.name()
            let python = try stage.python(
                """
                import pickle
                d = rememory.RememoryDict(sys.argv[1])
                v = {'a': [1, 2.5, None, True], 'b': {'x': ('y', 2**80)}, 'c': {1, 2}, 'd': b'bytes', 7: 'é'}
                p = pickle.dumps(v, \(number)); d._shm.buf[:len(p)] = p
                """, [name])
            #expect(try stage.ok("migrate", name, "--dry-run").text.contains("a pickle of protocol \(number)"))
            try stage.tell(python, "assert bytes(d._shm.buf[:len(p)]) == p")
            try stage.ok("migrate", name)
            try stage.tell(python, "assert d._shm.buf[1] == 4 and dict(d.items()) == v, d")
            #expect(try stage.ok("migrate", name).text.contains("nothing to do"))
        }
    }
}
