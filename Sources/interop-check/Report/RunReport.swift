import Foundation

/// Everything that a run found out.
struct RunReport: Sendable {
    let seed: UInt64
    var results: [CheckResult] = []
    /// The Pythons that could not be used, and why.
    var unusable: [SetupFailure] = []

    var failures: [CheckResult] { results.filter { $0.failure != nil } }

    /// The Pythons that were used, oldest first.
    var pythons: [String] {
        Set(results.map(\.python)).sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    }

    /// 0 all hold, 1 a check failed, 2 not everything could run.
    var status: Int32 {
        if !failures.isEmpty { return 1 }
        return unusable.isEmpty && !results.isEmpty ? 0 : 2
    }
}
