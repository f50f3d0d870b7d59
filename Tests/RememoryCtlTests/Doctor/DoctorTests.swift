import Foundation
import PeerProtocol
import Rememory
import Testing

@testable import interop_check

@Suite struct DoctorTests {
    @Test func aHealthyBlockIsHealthy() throws {
        try CtlStage.play { stage in
            let name = stage.name()
            _ = try stage.python("d = rememory.RememoryDict(sys.argv[1]); d['a'] = 1", [name])
            #expect(try stage.ok("doctor", name).text == "nothing is wrong")
            try stage.fails(1, "doctor", stage.name("nobody"))
            try stage.fails(2, "doctor", name, "--fix", saying: "--yes")
        }
    }

    @Test func aLockWhoseHolderWasKilledIsFreed() throws {
        try CtlStage.play { stage in
            let name = stage.name()
            let swift = try stage.swift()
            try swift.ok("dict.set", name, key: "a", value: 1)
            try swift.ok("lock.acquire", name)
            swift.process.kill()
            try swift.process.waitUntilGone()
            let list = try stage.ok("list", "--json").json.array ?? []
            #expect(try #require(list.first { $0["name"] == .string(name) })["lock"] == "dead")
            let found = try stage.run("doctor", name)
            #expect(found.status == 4)
            #expect(found.output.contains("its lock is stuck"))
            #expect(found.output.contains("\(swift.process.pid)"))
            #expect(found.output.contains("--fix would"))
            #expect(try BlockInspection(name)?.lock == .held)
            #expect(try stage.ok("doctor", name, "--fix", "--yes").output.contains("the lock is free"))
            #expect(try stage.ok("doctor", name).text == "nothing is wrong")
            #expect(try stage.ok("get", name, "a").text == "1")
        }
    }

    @Test func aLockThatALivingProcessHasIsLeftAlone() throws {
        try CtlStage.play { stage in
            let name = stage.name()
            let python = try stage.python(
                "d = rememory.RememoryDict(sys.argv[1]); d['a'] = 1; d._lock.__enter__()", [name])
            let found = try stage.run("doctor", name, "--fix", "--yes")
            #expect(found.status == 4)
            #expect(found.output.contains("\(python.pid)"))
            #expect(try BlockInspection(name)?.lock == .held)
        }
    }

    @Test func oldContentIsMigratedAndTornContentIsTold() throws {
        try CtlStage.play { stage in
            let (old, torn) = (stage.name("old"), stage.name("torn"))
            let python = try stage.python(
                """
                d = rememory.RememoryDict(sys.argv[1]); d._shm.buf[:8] = b'{"a": 1}'; d._shm.buf[8:] = bytes(65528)
                t = rememory.RememoryDict(sys.argv[2]); t._write_data({'key %d' % i: i for i in range(50)})
                t._shm.buf[200:] = bytes(65336)
                """, [old, torn])
            let findings = try stage.run("doctor", old, torn, "--json")
            #expect(findings.status == 4)
            #expect(try findings.json.array?.map { $0["block"] } == [.string(old), .string(torn)])
            let mended = try stage.run("doctor", old, "--fix", "--yes")
            #expect(mended.status == 0, "\(mended.errors)")
            try stage.tell(python, "assert dict(d.items()) == {'a': 1}, d")
            #expect(FileManager.default.fileExists(atPath: stage.file("\(old).before-migration")))
            try stage.fails(4, "get", torn, saying: "corruptContent")
            let salvaged = try stage.run("doctor", torn, "--fix", "--yes")
            #expect(salvaged.status == 0, "\(salvaged.output)\(salvaged.errors)")
            #expect(FileManager.default.fileExists(atPath: stage.file("\(torn).damaged")))
            try stage.tell(python, "v = t._read_data(); assert all(v[k] == int(k[4:]) for k in v), v")
            #expect(try stage.ok("doctor", torn).text == "nothing is wrong")
        }
    }

    @Test func leftoversGoAndOnlyThose() throws {
        try CtlStage.play { stage in
            let (orphan, used, text) = (stage.name("orphan"), stage.name("used"), stage.name("text"))
            try RememoryLock(orphan).withLock {}
            _ = try stage.python(
                """
                keep = rememory.RememoryLock(sys.argv[1])
                s = rememory.RememoryString(sys.argv[2], rememory.BlockSize.s64); s.value = 'é' * 31 + 'xé'
                """, [used, text])
            let found = try stage.run("doctor", orphan, text, "--fix", "--yes")
            #expect(found.status == 0, "\(found.output)\(found.errors)")
            #expect(try stage.ok("get", text).text == "'\(String(repeating: "é", count: 31))x'")
            #expect(try BlockInspection(orphan) == nil)
            #expect(try stage.ok("doctor", used).text == "nothing is wrong")
            #expect(try BlockInspection(used)?.processes.count == 1)
        }
    }

    @Test func namesThatPythonCannotOpenAreTold() throws {
        try CtlStage.play { stage in
            let name = stage.name("näme")
            let maker = try stage.start(
                "Python",
                [
                    try CtlStage.environment().python, "-c",
                    """
                    import rememory, sys
                    from multiprocessing import resource_tracker
                    resource_tracker.register = lambda *a: None
                    try: rememory.RememoryDict(sys.argv[1])
                    except Exception as e: print(type(e).__name__)
                    """, name,
                ])
            try maker.finish()
            let found = try stage.run("doctor", name, "--fix", "--yes")
            #expect(found.output.contains("can't be shared with Python"))
            #expect(try BlockInspection(name) == nil, "\(found.output)")
        }
    }

    @Test func eachStepIsConfirmedOnATerminal() throws {
        try CtlStage.play { stage in
            let name = stage.name("orphan")
            try RememoryLock(name).withLock {}
            for (answer, remains) in [("n\r", true), ("y\r", false)] {
                let terminal = try TerminalSession(stage, "doctor", name, "--fix")
                try terminal.expect("[y/N]")
                try terminal.send(answer)
                #expect(try terminal.end().status == (remains ? 4 : 0))
                #expect(try (BlockInspection(name) != nil) == remains)
            }
        }
    }
}
