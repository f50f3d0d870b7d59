import Foundation

/// The report for people.
struct BenchTable: CustomStringConvertible {
    let report: BenchReport

    var description: String {
        var title = "Python \(report.python), rememory \(PythonEnvironment.packageVersion); medians"
        if !report.coherence.isEmpty {
            title += "; coherence check in use: \(report.coherence), in the rows .fstat a system call an operation"
        }
        var parts = [title, table]
        if !report.bounds.isEmpty { parts.append(report.bounds.map(line).joined(separator: "\n")) }
        parts.append(verdict)
        return parts.joined(separator: "\n\n")
    }

    private var table: String {
        let header = ["case", "n", "Swift", "Python", "ratio", "at least", ""]
        let cells =
            [header]
            + report.rows.map { row in
                [
                    row.what.name, row.what.n.map { String($0) } ?? "", Self.duration(row.swift),
                    Self.duration(row.python), Self.ratio(row.ratio), row.what.atLeast.map(Self.ratio) ?? "",
                    row.meetsGoal ? (row.what.atLeast == nil ? "" : "ok") : "MISSED",
                ]
            }
        let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            row.enumerated().map { column, text in
                let space = String(repeating: " ", count: widths[column] - text.count)
                return column == 0 ? text + space : space + text
            }.joined(separator: "  ").trimmed
        }.joined(separator: "\n")
    }

    private func line(_ bound: BenchBound) -> String {
        var text = "\(bound.what): \(String(format: "%.2f", bound.found))\(bound.unit)"
        if let limit = bound.limit {
            let wanted =
                limit.upperBound.isFinite ? "at most \(limit.upperBound)" : "at least \(limit.lowerBound)"
            text += " (\(wanted)): \(bound.holds ? "ok" : "MISSED")"
        }
        return text
    }

    private var verdict: String {
        if report.misses.isEmpty { return "all goals are reached" }
        return "below the goal: " + report.misses.joined(separator: "; ")
    }

    /// Nanoseconds with three digits and the unit that suits.
    static func duration(_ nanoseconds: Double) -> String {
        let units: [(name: String, size: Double)] = [("ns", 1), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)]
        let unit = units.last { nanoseconds >= $0.size } ?? units[0]
        let number = nanoseconds / unit.size
        let digits = number < 10 ? 2 : number < 100 ? 1 : 0
        return String(format: "%.\(digits)f \(unit.name)", number)
    }

    static func ratio(_ ratio: Double) -> String {
        String(format: ratio < 10 ? "%.2f×" : "%.0f×", ratio)
    }
}
