import Foundation
import PeerProtocol
import Testing

@testable import interop_check

@Suite struct BenchReportTests {
    private let report = BenchReport(
        python: "3.12.1", coherence: "sentinel",
        rows: [
            BenchRow(what: .of("int.get"), swift: 25.04, python: 1050),
            BenchRow(what: .of("int.get.fstat"), swift: 500, python: 1000),
            BenchRow(what: .of("dict.get", 10), swift: 180, python: 150_000),
            BenchRow(what: .of("dict.get", 100_000), swift: 2e6, python: 55e6),
        ],
        bounds: [
            BenchBound("int.get over the floor", 2.4, in: 0...2.5), BenchBound("dict.set grows", 2.1, in: 0...2),
            BenchBound("the slower one's share", 0.4, in: 0.3...(.infinity), unit: ""),
            BenchBound("over what is tidy", 1.2, in: nil),
        ])

    @Test func rowsAreWrittenAsJSON() throws {
        let json = try JSON(parsing: Data(report.json.description.utf8))
        let rows = try #require(json["rows"]?.array)
        #expect(rows.count == 4)
        #expect(rows[0]["case"] == "int.get")
        #expect(rows[0]["n"] == JSON.null)
        #expect(rows[0]["swift_ns"] == 25)
        #expect(rows[0]["ratio"] == 41.93)
        #expect(rows[2] == ["case": "dict.get", "n": 10, "swift_ns": 180, "python_ns": 150_000, "ratio": 833.33])
    }

    @Test func theTableShowsGoalsAndMisses() {
        let lines = BenchTable(report: report).description.split(separator: "\n").map { line in
            line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        #expect(lines[0].hasPrefix("Python 3.12.1, rememory 0.3.4;"))
        #expect(lines[0].contains("coherence check in use: sentinel"))
        #expect(lines[1] == "case n Swift Python ratio at least")
        #expect(lines[2] == "int.get 25.0 ns 1.05 µs 42× 40× ok")
        #expect(lines[3] == "int.get.fstat 500 ns 1.00 µs 2.00×")
        #expect(lines[4] == "dict.get 10 180 ns 150 µs 833× 500× ok")
        #expect(lines[5] == "dict.get 100000 2.00 ms 55.0 ms 28× 50000× MISSED")
        #expect(lines.contains("int.get over the floor: 2.40× (at most 2.5): ok"))
        #expect(lines.contains("dict.set grows: 2.10× (at most 2.0): MISSED"))
        #expect(lines.contains("the slower one's share: 0.40 (at least 0.3): ok"))
        #expect(lines.contains("over what is tidy: 1.20×"))
        #expect(lines.last == "below the goal: dict.get, n = 100000; dict.set grows")
    }

    @Test func columnsStandUnderEachOther() throws {
        let table = BenchTable(report: report).description.split(separator: "\n", omittingEmptySubsequences: false)
        let header = try #require(table.firstIndex { $0.hasPrefix("case") })
        let end = try #require(table[header].range(of: "ratio")?.upperBound)
        let column = table[header].distance(from: table[header].startIndex, to: end)
        for row in table[header + 1...header + 4] { #expect(row.prefix(column).hasSuffix("×"), "\(row)") }
    }

    @Test func whatReachesAllGoalsSaysSo() {
        var good = report
        good.rows.removeLast()
        good.bounds = []
        #expect(good.misses.isEmpty)
        #expect(BenchTable(report: good).description.hasSuffix("all goals are reached"))
    }

    @Test(arguments: [
        (9.0, "9.00 ns"), (12.34, "12.3 ns"), (999, "999 ns"), (1000, "1.00 µs"), (0.4, "0.40 ns"),
        (153e6, "153 ms"), (1.5e9, "1.50 s"),
    ])
    func durationsHaveTheUnitThatSuits(_ nanoseconds: Double, _ text: String) {
        #expect(BenchTable.duration(nanoseconds) == text)
    }
}
