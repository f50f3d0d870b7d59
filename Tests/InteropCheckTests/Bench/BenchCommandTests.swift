import ArgumentParser
import Testing

@testable import interop_check

@Suite struct BenchCommandTests {
    @Test func optionsAreRead() throws {
        let arguments = ["bench", "--json", "a.json", "--check", "--filter", "dict", "--python", "/a/python3"]
        let command = try #require(try InteropCheck.parseAsRoot(arguments) as? BenchCommand)
        #expect(command.jsonFile == "a.json")
        #expect(command.check)
        #expect(command.filters == ["dict"])
        #expect(command.python == "/a/python3")
        #expect(try #require(try InteropCheck.parseAsRoot(["bench"]) as? BenchCommand).check == false)
    }

    @Test(arguments: [["--filter", "no such row"], ["--rounds", "0"], ["--unknown"]])
    func nonsenseIsRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try InteropCheck.parseAsRoot(["bench"] + arguments) }
    }

    /// The smallest measurement there is, from end to end.
    @Test func oneRowIsMeasuredOnBothSides() throws {
        try TestStage.play { stage in
            let bench = Bench(stage: stage, python: try BenchPython(on: stage), book: BenchBook(), rounds: 1)
            try AttachBench.contest.run(bench)
            let row = try #require(bench.book.rows.first)
            #expect(row.what == .of("attach", 1000))
            #expect(row.python > 0 && row.swift > 0)
        }
    }
}
