import PeerProtocol

/// A row of the table, measured.
struct BenchRow: Sendable {
    let what: BenchCase
    /// Nanoseconds an operation: the median of Swift's rounds, and of Python's.
    let swift: Double
    let python: Double

    /// How many times as long Python takes.
    var ratio: Double { python / swift }
    var meetsGoal: Bool { ratio >= what.atLeast ?? 0 }

    var json: JSON {
        [
            "case": .string(what.name), "n": what.n.map { .int($0) } ?? nil, "swift_ns": .double(swift.rounded(to: 10)),
            "python_ns": .double(python.rounded(to: 10)), "ratio": .double(ratio.rounded(to: 100)),
        ]
    }
}

/// Something else that is promised, about one side alone.
struct BenchBound: Sendable {
    let what: String
    let found: Double
    let limit: ClosedRange<Double>?
    let unit: String

    /// - Parameter limit: what it is to lie in, if anything is promised: from 0 up to a bound, or from a bound on.
    init(_ what: String, _ found: Double, in limit: ClosedRange<Double>?, unit: String = "×") {
        self.what = what
        self.found = found
        self.limit = limit
        self.unit = unit
    }

    var holds: Bool { limit?.contains(found) ?? true }
}

/// What a run of the benchmark found.
struct BenchReport: Sendable {
    var python = ""
    /// How operations noticed a replaced segment while the rows were measured.
    var coherence = ""
    var rows: [BenchRow] = []
    var bounds: [BenchBound] = []

    /// What was promised and not reached.
    var misses: [String] {
        rows.filter { !$0.meetsGoal }.map { "\($0.what)" } + bounds.filter { !$0.holds }.map(\.what)
    }

    /// The report for programs.
    var json: JSON { ["rows": .array(rows.map(\.json))] }
}

extension Double {
    /// Rounded to a fraction with this denominator.
    func rounded(to denominator: Double) -> Double { (self * denominator).rounded() / denominator }
}
