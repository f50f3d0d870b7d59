import Rememory
import Testing

@testable import interop_check
@testable import rememoryctl

@Suite struct TopTests {
    @Test func keysSortAndOpenAndTheTerminalIsLeftAsItWas() throws {
        try CtlStage.play { stage in
            let (name, other) = (stage.name("top"), stage.name("above"))
            _ = try stage.python(
                """
                d = rememory.RememoryDict(sys.argv[1]); d['some key'] = '\\x1b[31mred'
                i = rememory.RememoryInt(sys.argv[2])
                """, [name, other])
            let terminal = try TerminalSession(stage, "top", other, name, "--interval", "0.2")
            try terminal.expect("\u{1b}[?1049h")
            try terminal.expect(name)
            try terminal.send("s")
            try terminal.expect("sorted by SIZE, largest first")
            try terminal.send("s")
            try terminal.expect("sorted by SIZE")
            try terminal.send("n")
            try terminal.expect("sorted by NAME")
            // The dict is the first by type, the int the second.
            try terminal.send("t")
            try terminal.expect("sorted by TYPE")
            try terminal.send("\u{1b}[H")
            try terminal.send("\r")
            try terminal.expect("some key")
            try terminal.send("q")
            try terminal.expect("sorted by")
            try terminal.send("q")
            let end = try terminal.end()
            #expect(end.status == 0)
            #expect(end.isRestored)
            #expect(end.written.hasSuffix("\u{1b}[?25h\u{1b}[?1049l"))
            #expect(end.written.contains("'some key': '\\x1b[31mred'"))
        }
    }

    @Test(arguments: ["TERM", "INT", "HUP", "QUIT"])
    func aSignalLeavesTheTerminalAsItWas(_ signal: String) throws {
        try CtlStage.play { stage in
            let terminal = try TerminalSession(stage, "top", stage.name())
            try terminal.expect("sorted by NAME")
            try terminal.signal(signal)
            let end = try terminal.end()
            #expect(end.isRestored)
            #expect(end.written.hasSuffix("\u{1b}[?25h\u{1b}[?1049l"))
        }
    }

    @Test func changesAreCounted() throws {
        try CtlStage.play { stage in
            let (name, quiet) = (stage.name("busy"), stage.name("quiet"))
            let (busy, idle) = (try RememoryDict<String, Int>(name), try RememoryDict<String, Int>(quiet))
            try idle.set(1, for: "n")
            var model = TopModel(names: [name, quiet])
            model.refresh()
            for number in 0..<30 { try busy.set(number, for: "n") }
            model.refresh()
            func rate(_ name: String) -> Double? { model.rows.first { $0.report.block.name == name }?.changesPerSecond }
            #expect(try #require(rate(name)) > 0)
            #expect(rate(quiet) == 0)
            model.sort(by: .changes)
            #expect(model.rows.first { [name, quiet].contains($0.report.block.name) }?.report.block.name == name)
            #expect(try stage.ok("top", "--once", "--interval", "0.2").output.contains(name))
            try stage.fails(2, "top", saying: "terminal")
        }
    }

    @Test func keysAreReadOneAfterTheOther() {
        var typed = Array("q\u{1b}[A\u{1b}[6~\r\u{1b}[99xé\u{1b}OFk\u{1b}".utf8)
        var keys: [RawTerminal.Key?] = []
        while !typed.isEmpty { keys.append(RawTerminal.key(&typed)) }
        #expect(
            keys == [.character("q"), .up, .pageDown, .enter, nil, nil, nil, .end, .character("k"), .escape])
        var half = Array("\u{1b}[".utf8)
        #expect(RawTerminal.key(&half) == nil)
        #expect(half.isEmpty)
    }
}
