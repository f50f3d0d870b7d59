import Foundation

/// The report for people: a row a check, a column a Python, then each failure in full.
struct ResultTable: CustomStringConvertible {
    let report: RunReport

    var description: String {
        var parts: [String] = []
        if !report.results.isEmpty { parts.append(table) }
        parts += report.failures.map { result in
            "FAILED  \(result.check) with Python \(result.python)\n  it should hold: \(result.promise)\n"
                + indented(result.failure ?? "")
        }
        parts += report.unusable.map { "NOT RUN  \($0)" }
        parts.append(summary)
        return parts.joined(separator: "\n\n")
    }

    private var table: String {
        var checks: [String] = []
        for result in report.results where !checks.contains(result.check) { checks.append(result.check) }
        let pythons = report.pythons
        var cells: [[String]] = [["check"] + pythons]
        for check in checks {
            cells.append([check] + pythons.map { cell(check: check, python: $0) })
        }
        let widths = (0...pythons.count).map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
                .trimmed
        }.joined(separator: "\n")
    }

    private func cell(check: String, python: String) -> String {
        guard let result = report.results.first(where: { $0.check == check && $0.python == python }) else { return "-" }
        return result.failure == nil ? "ok \(Self.duration(result.seconds))" : "FAILED"
    }

    private var summary: String {
        let total = report.results.count
        let failed = report.failures.count
        let pythons = report.pythons.joined(separator: ", ")
        var line = "\(total - failed) of \(total) hold"
        if !pythons.isEmpty { line += " (Python \(pythons))" }
        line += ", seed \(report.seed)"
        if !report.unusable.isEmpty { line += "; \(report.unusable.count) could not run" }
        return line
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    }

    static func duration(_ seconds: TimeInterval) -> String {
        String(format: "%.2f s", seconds)
    }
}
