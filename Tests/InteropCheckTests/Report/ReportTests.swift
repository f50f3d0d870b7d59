import Foundation
import PeerProtocol
import Testing

@testable import interop_check

/// A run with a check that holds, one that fails with one Python, and a Python that could not be used.
private let mixed = RunReport(
    seed: 42,
    results: [
        CheckResult(check: "a.one", promise: "One holds.", python: "3.9.1", outcome: .passed, seconds: 0.25),
        CheckResult(check: "a.one", promise: "One holds.", python: "3.12.1", outcome: .passed, seconds: 1.5),
        CheckResult(
            check: "b.two", promise: "Two < 3 & \"holds\".", python: "3.12.1", outcome: .failed("found <1>\nand \u{1}"),
            seconds: 0),
    ],
    unusable: [SetupFailure("Python 3.11 lacks venv", remedy: "apt-get install python3.11-venv")]
)

@Suite struct ReportTests {
    @Test func statusSaysWhatHappened() {
        #expect(mixed.status == 1)
        #expect(RunReport(seed: 1, results: [mixed.results[0]]).status == 0)
        #expect(RunReport(seed: 1, results: [mixed.results[0]], unusable: mixed.unusable).status == 2)
        #expect(RunReport(seed: 1).status == 2)
    }

    @Test func pythonsAreInTheOrderOfTheirVersions() {
        #expect(mixed.pythons == ["3.9.1", "3.12.1"])
    }

    @Test func tableShowsEveryPairAndEveryFailure() {
        let text = ResultTable(report: mixed).description
        #expect(
            text.hasPrefix(
                """
                check  3.9.1      3.12.1
                a.one  ok 0.25 s  ok 1.50 s
                b.two  -          FAILED

                FAILED  b.two with Python 3.12.1
                  it should hold: Two < 3 & "holds".
                  found <1>
                """))
        #expect(text.contains("NOT RUN  Python 3.11 lacks venv\n  to mend it: apt-get install python3.11-venv"))
        #expect(text.hasSuffix("2 of 3 hold (Python 3.9.1, 3.12.1), seed 42; 1 could not run"))
    }

    @Test func jsonHoldsEverything() throws {
        let json = try JSON(parsing: Data(mixed.json.description.utf8))
        #expect(json["seed"] == "42")
        #expect(json["status"] == 1)
        #expect(json["pythons"] == ["3.9.1", "3.12.1"])
        #expect(json["results"]?.array?.count == 3)
        #expect(json["results"]?.array?[0]["message"] == JSON.null)
        #expect(json["results"]?.array?[2]["outcome"] == "failed")
        #expect(json["results"]?.array?[2]["message"] == "found <1>\nand \u{1}")
        #expect(json["unusable"]?.array?[0]["remedy"] == "apt-get install python3.11-venv")
    }

    @Test func junitIsWellFormedAndCounts() throws {
        let reader = ElementCounter()
        let parser = XMLishScanner(mixed.junit)
        try parser.walk(reader)
        #expect(reader.opened == ["testsuites": 1, "testsuite": 3, "testcase": 4, "failure": 1, "error": 1])
        #expect(
            mixed.junit.contains(#"<testsuite name="interop-check, Python 3.12.1" tests="2" failures="1" errors="0">"#))
        #expect(mixed.junit.contains("found &lt;1&gt;\nand \u{fffd}"))
        #expect(mixed.junit.contains("Two &lt; 3 &amp; &quot;holds&quot;."))
    }
}

/// Counts elements by name.
private final class ElementCounter {
    var opened: [String: Int] = [:]
}

/// Enough of XML to see that every element that opens closes, in order.
private struct XMLishScanner {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    func walk(_ counter: ElementCounter) throws {
        var open: [String] = []
        for match in text.matches(of: /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/) {
            let name = String(match.2)
            if match.1 == "/" {
                try #require(open.popLast() == name)
            } else {
                counter.opened[name, default: 0] += 1
                if match.4 != "/" { open.append(name) }
            }
        }
        try #require(open.isEmpty)
        let tags = text.count { $0 == "<" }
        try #require(tags == text.matches(of: /<[\/a-z?]/).count)
    }
}

@Suite struct ProgressTests {
    private let passed = mixed.results[0]
    private let failed = mixed.results[2]

    @Test func plainOutputIsALineForEachCheck() {
        let written = Written()
        let progress = Progress(isTerminal: false, write: written.append)
        progress.expect(2)
        progress.started("one")
        progress.finished("one", passed)
        progress.started("two")
        progress.finished("two", failed)
        progress.end()
        #expect(written.text == "[1/2] ok  one  0.25 s\n[2/2] FAILED  two  0.00 s\n")
    }

    @Test func aTerminalShowsOneLineThatChanges() {
        let written = Written()
        let progress = Progress(isTerminal: true, write: written.append)
        progress.expect(2)
        progress.started("one")
        progress.started("two")
        progress.finished("one", passed)
        progress.end()
        #expect(written.text.contains("[0/2] one · two"))
        #expect(written.text.hasSuffix("[1/2] two\r\u{1b}[K"))
        #expect(!written.text.contains("\n"))
    }
}

private final class Written: @unchecked Sendable {
    private(set) var text = ""

    var append: @Sendable (String) -> Void { { self.text += $0 } }
}
