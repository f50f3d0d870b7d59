import Foundation
import PeerProtocol
import Rememory
import Testing

@testable import interop_check

@Suite struct WatchTests {
    @Test func whatPythonAndSwiftWriteComesAsLinesOfJSON() throws {
        try CtlStage.play { stage in
            let name = stage.name("game")
            let python = try stage.python("d = rememory.RememoryDict(sys.argv[1]); d['a'] = 1", [name])
            let swift = try stage.swift()
            let watch = try stage.start(["watch", name, "--present", "--count", "5"])
            func next() throws -> JSON { try JSON(parsing: watch.readLine(timeout: 60)) }
            let first = try next()
            #expect(first["change"] == "inserted")
            #expect(first["key"] == "a")
            #expect(first["new"] == 1)
            try stage.tell(python, "d['p'] = {'score': (1, 2)}")
            let second = try next()
            #expect(second["key"] == "p")
            #expect(second["new"] == ["score": ["$tuple": [1, 2]]])
            try swift.ok("dict.set", name, key: "a", value: 2)
            let third = try next()
            #expect(third["change"] == "changed")
            #expect(third["old"] == 1)
            #expect(third["new"] == 2)
            try stage.tell(python, "del d['p']")
            #expect(try next()["change"] == "removed")
            try swift.ok("dict.set", name, key: "\u{1b}[31m", value: "\u{9b}2J")
            let line = String(decoding: try watch.readLine(timeout: 60), as: UTF8.self)
            #expect(line.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) })
            #expect(try watch.waitUntilGone() == 0)
        }
    }

    @Test func listsAndSingleValues() throws {
        try CtlStage.play { stage in
            let (log, hits) = (stage.name("log"), stage.name("hits"))
            let python = try stage.python(
                "l = rememory.RememoryList(sys.argv[1]); i = rememory.RememoryInt(sys.argv[2])", [log, hits])
            let (one, other) = (
                try stage.start(["watch", log, "--present", "--count", "2"]),
                try stage.start(["watch", hits, "--present", "--count", "2"])
            )
            #expect(try JSON(parsing: other.readLine(timeout: 60))["new"] == 0)
            try stage.tell(python, "l.append('x'); i.value = 7")
            let change = try JSON(parsing: one.readLine(timeout: 60))
            #expect(change["key"] == 0)
            #expect(change["new"] == "x")
            #expect(try JSON(parsing: other.readLine(timeout: 60))["new"] == 7)
            try stage.tell(python, "l[0] = 'y'")
            #expect(try JSON(parsing: one.readLine(timeout: 60))["old"] == "x")
            #expect(try one.waitUntilGone() == 0)
            #expect(try other.waitUntilGone() == 0)
        }
    }

    @Test func onATerminalItIsForPeople() throws {
        try CtlStage.play { stage in
            let name = stage.name("game")
            let python = try stage.python("d = rememory.RememoryDict(sys.argv[1]); d['a'] = '\\x1b[2J'", [name])
            let terminal = try TerminalSession(stage, "watch", name, "--present", "--key", "a")
            try terminal.expect("'\\x1b[2J'")
            try stage.tell(python, "d['b'] = 1; d['a'] = 2")
            try terminal.expect(" → ")
            try terminal.signal("INT")
            let end = try terminal.end()
            #expect(end.status == 0)
            #expect(end.isRestored)
            #expect(!end.written.contains("'b'"))
            #expect(end.written.contains("\u{1b}[36m'a'\u{1b}[0m"))
            #expect(!end.written.contains("\u{1b}[2J"))
        }
    }

    @Test func itCostsAWriterNextToNothing() throws {
        try CtlStage.play { stage in
            let name = stage.name("busy")
            let dict = try RememoryDict<String, Int>(name)
            for number in 0..<100 { try dict.set(number, for: "key \(number)") }
            func time() throws -> Duration {
                try ContinuousClock().measure {
                    for number in 0..<100_000 { try dict.set(number, for: "key \(number % 100)") }
                }
            }
            _ = try time()
            let watch = try stage.start(["watch", name, "--present"])
            _ = try watch.readLine(timeout: 60)
            // In turns, so that what else the machine does falls on both; the best of each.
            var (alone, watched) = (Duration.seconds(1_000_000), Duration.seconds(1_000_000))
            for _ in 0..<5 {
                kill(watch.pid, SIGSTOP)
                alone = min(alone, try time())
                kill(watch.pid, SIGCONT)
                watched = min(watched, try time())
            }
            #expect(watched < alone * 2, "\(alone) alone, \(watched) watched")
        }
    }
}
