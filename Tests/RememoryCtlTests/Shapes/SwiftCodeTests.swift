import ChildProcess
import Foundation
import PickleCodec
import Rememory
import Testing

@testable import interop_check
@testable import rememoryctl

@Suite struct SwiftCodeTests {
    /// What the program prints is compiled, together with a few lines that open the block by it and use what they decode.
    @Test func whatIsPrintedCompilesAndDecodesWhatIsThere() throws {
        try CtlStage.play { stage in
            let (game, log, config) = (stage.name("game"), stage.name("log"), stage.name("config"))
            _ = try stage.python(
                """
                import datetime, decimal, uuid, dataclasses
                @dataclasses.dataclass
                class Item:
                    weight: float
                    tags: list
                g = rememory.RememoryDict(sys.argv[1])
                g['ann'] = {'score': 10, 'class': 'mage', 'full-name': 'Ann', 'at': (1, 'x'), 'seen': datetime.datetime(2024, 1, 2),
                            'pos': (1.5, 2), 'bag': [Item(1.5, ['a']), Item(2, [])], 'limits': {'hp': 5, 'mp': None}}
                g['bob'] = {'score': 11, 'class': 'thief', 'full-name': 'Bob', 'at': (2, 'y'), 'seen': None, 'extra': 2**80,
                            'pos': (0.5, 1), 'bag': [], 'limits': {'hp': 7, 'mp': 3}}
                l = rememory.RememoryList(sys.argv[2]); l.append({'id': uuid.UUID(int=1), 'cost': decimal.Decimal('1.5'), 'data': b'xy'})
                c = rememory.RememoryDict(sys.argv[3]); c['name'] = 'main'; c['sizes'] = [1, 2]; c['on'] = True; c['any'] = [1, 'a']
                """, [game, log, config])
            let files = try [game, log, config].map { try stage.ok("swift", $0).output }
            let aliases = [game, log, config].map(SwiftName.type)
            let use = """
                let game = try \(aliases[0])("\(game)")
                let ann = try game["ann"]!
                let bob = try game["bob"]!
                print(ann.score + bob.score, ann.`class`, ann.full_name, ann.at.item1, ann.pos, ann.bag[0].weight, ann.bag[0].tags)
                print(ann.seen != nil, bob.seen == nil, ann.extra == nil, bob.extra!, ann.limits.mp == nil, bob.limits.hp)
                let item = try \(aliases[1])("\(log)")[0]
                print(item.id, item.cost, item.data.count)
                let whole = try PickleDecoder().decode(\(aliases[2])Content.self, from: PickleEncoder().encode(
                    Dictionary(uniqueKeysWithValues: \(aliases[2])("\(config)").snapshot())))
                print(whole.name, whole.sizes, whole.on, whole.any[1])
                """
            // Imports once, and declarations of the three files behind them.
            let declarations = files.joined(separator: "\n").split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix("import ") }.joined(separator: "\n")
            let main = "import Foundation\nimport PickleCodec\nimport Rememory\n\(declarations)\n\(use)\n"
            let output = try SwiftProgram(stage, main).run()
            #expect(
                output == """
                    21 mage Ann x [1.5, 2.0] 1.5 ["a"]
                    true true true 1208925819614629174706176 true 7
                    00000000-0000-0000-0000-000000000001 1.5 2
                    main [1, 2] true 'a'

                    """, "\(main)")
        }
    }

    private func code(_ value: PickleValue) -> String { SwiftCode.file(for: value, name: "game", kind: .dict) }

    @Test func shapesFollowTheValues() throws {
        #expect(code(["a": 1, "b": 2]).contains("RememoryDict<String, Int>"))
        #expect(code(["a": 1, "b": 2.5]).contains("RememoryDict<String, Double>"))
        #expect(code(["a": 1, "b": nil]).contains("RememoryDict<String, Int?>"))
        #expect(code([1: "x", 2: "y"]).contains("RememoryDict<Int, String>"))
        #expect(code([:]).contains("RememoryDict<String, PickleValue>"))
        #expect(code(["a": [1, "x"], "b": []]).contains("RememoryDict<String, [PickleValue]>"))
        let players = code(["a": ["x": 1], "b": ["x": 2, "y": "z"]])
        #expect(players.contains("var x: Int\n"))
        #expect(players.contains("var y: String?\n"))
    }

    @Test func namesAreSwiftNames() {
        #expect(SwiftName.type("high-score_list") == "HighScoreList")
        #expect(SwiftName.type("3d") == "Block3d")
        #expect(SwiftName.type("data") == "DataValue")
        #expect(SwiftName.property("class") == "`class`")
        #expect(SwiftName.property("full-name") == "full_name")
        #expect(SwiftName.property("1st") == "_1st")
        #expect(SwiftName.literal("a\"\u{1b}") == #""a\"\u{1b}""#)
    }

    @Test func aDeepValueIsNoStackOverflow() throws {
        let pickle =
            [0x80, 4] + Array(repeating: UInt8(0x5d), count: 100_000) + Array(repeating: UInt8(0x61), count: 99_999) + [
                0x2e
            ]
        #expect(SwiftCode.file(for: try PickleValue(pickle: pickle), name: "deep", kind: .list).contains("PickleValue"))
    }
}

/// A Swift program against this package's modules as they were built for the tests.
private struct SwiftProgram {
    let source: String
    let program: String
    let build: URL

    init(_ stage: CtlStage, _ text: String) throws {
        source = stage.file("main.swift")
        program = stage.file("program")
        build = URL(fileURLWithPath: stage.tool).deletingLastPathComponent()
        try text.write(toFile: source, atomically: true, encoding: .utf8)
    }

    /// What the modules were built with, if these tests were.
    private static var sanitizer: [String] {
        func isLinked(_ symbol: String) -> Bool { unsafe dlsym(nil, symbol) != nil }
        if isLinked("__asan_init") { return ["-sanitize=address"] }
        return isLinked("__tsan_init") ? ["-sanitize=thread"] : []
    }

    func run() throws -> String {
        let modules = ["PickleCodec", "Rememory", "CRememoryPlatform", "Logging"]
        let objects = try modules.flatMap { module -> [String] in
            let folder = build.appendingPathComponent("\(module).build")
            // Objects of sources that there are no more stay in the folder.
            let list = folder.appendingPathComponent("sources").path
            let sources = try? String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
                .map { URL(fileURLWithPath: $0.filter { $0 != "'" && $0 != "\"" }).lastPathComponent + ".o" }
            return try FileManager.default.subpathsOfDirectory(atPath: folder.path)
                .filter { $0.hasSuffix(".o") && sources?.contains($0) ?? true }
                .map { folder.appendingPathComponent($0).path }
        }
        let platform = build.appendingPathComponent("CRememoryPlatform.build/module.modulemap").path
        let compiler = try ChildProcess(
            [
                "swiftc", "-swift-version", "6", source, "-o", program, "-I",
                build.appendingPathComponent("Modules").path,
                "-Xcc", "-fmodule-map-file=\(platform)",
            ] + Self.sanitizer + objects, output: .pipe, errors: .inherited)
        let complaints = try compiler.standardOutput.readToEnd()
        try #require(compiler.wait() == .exited(0), "\(String(decoding: complaints ?? Data(), as: UTF8.self))")
        let process = try ChildProcess([program])
        let output = try process.standardOutput.readToEnd() ?? Data()
        try #require(process.wait() == .exited(0))
        return String(decoding: output, as: UTF8.self)
    }
}
