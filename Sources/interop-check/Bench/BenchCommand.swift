import ArgumentParser
import Foundation
import PeerProtocol

/// `interop-check bench`: Swift and Python measured side by side.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures Swift and unmodified Python on the same blocks, and prints the ratios.",
        discussion: """
            Build it with -c release. Both languages take turns on blocks that both have open: Python is measured on \
            content that Python wrote last, Swift on content that Swift wrote last. Figures are medians.

            Status: 0 everything could be measured, 1 with --check a goal was missed, 2 something could not be measured.
            """
    )

    @Option(name: .customLong("json"), help: "Also write the rows to this file, as JSON.")
    var jsonFile: String?

    @Option(help: "Use this Python instead of the one that python3 means.")
    var python: String?

    @Option(name: .customLong("filter"), help: "Measure rows whose names contain this. May be repeated.")
    var filters: [String] = []

    @Option(help: "How often each side takes its turn.")
    var rounds = 5

    @Flag(help: "Exit with status 1 if a row misses its goal.")
    var check = false

    @Flag(help: "Measure PickleCodec beside CPython's pickle instead of the blocks.")
    var codec = false

    func validate() throws {
        if rounds < 1 { throw ValidationError("--rounds is \(rounds), expected at least 1") }
        if contests.isEmpty {
            throw ValidationError("no row's name contains \(filters.joined(separator: " or "))")
        }
    }

    private var contests: [BenchContest] {
        (codec ? CodecBench.contests : Bench.contests).filter { contest in
            filters.isEmpty || contest.names.contains { name in filters.contains { name.contains($0) } }
        }
    }

    func run() throws {
        do {
            #if DEBUG
                note("this is a debug build: build with -c release for figures that mean something")
            #endif
            let report = try measure()
            print(BenchTable(report: report))
            if let jsonFile {
                try Data((report.json.description + "\n").utf8).write(to: URL(fileURLWithPath: jsonFile))
            }
            if check, !report.misses.isEmpty { throw ExitCode(1) }
        } catch let status as ExitCode {
            throw status
        } catch {
            note("NOT MEASURED  \(error)")
            throw ExitCode(2)
        }
    }

    private func measure() throws -> BenchReport {
        let installation = try Installation()
        let environment = PythonEnvironment(of: try PythonFinder().python(at: python), in: installation.environments)
        try environment.prepare()
        SharedMemory.removeLeftovers()
        let interruption = Interruption()
        defer { interruption.cancel() }
        let stage = Stage(troupe: Troupe(installation: installation), environment: environment, seed: 0)
        defer { stage.clear() }
        let book = BenchBook(cases: codec ? CodecBench.contests.flatMap(\.rows) : BenchCase.all)
        let bench = Bench(stage: stage, python: try BenchPython(on: stage), book: book, rounds: rounds)
        for contest in contests {
            note("measuring \(contest.names.joined(separator: "; "))")
            try contest.run(bench)
        }
        let rows = bench.book.rows
        for row in contests.flatMap(\.rows) where !rows.contains(where: { $0.what == row }) {
            throw CheckFailure("\(row) was not measured on both sides")
        }
        addBounds(to: bench.book)
        return BenchReport(
            python: environment.version, coherence: bench.book.coherences.sorted().joined(separator: " and "),
            rows: rows, bounds: bench.book.bounds)
    }

    private func addBounds(to book: BenchBook) {
        if let small = book.swiftMedian(of: .of("dict.set", 10)),
            let large = book.swiftMedian(of: .of("dict.set", 100_000))
        {
            book.bounds.append(BenchBound("dict.set, n = 100000 over n = 10", large / small, in: 0...2))
        }
    }

    private func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
