import Foundation

/// How one check went with one Python.
struct CheckResult: Sendable {
    enum Outcome: Hashable, Sendable {
        case passed
        case failed(String)
    }

    let check: String
    let promise: String
    /// The version of the Python, and whether it was guarded.
    let python: String
    let outcome: Outcome
    let seconds: TimeInterval

    var failure: String? {
        if case .failed(let message) = outcome { message } else { nil }
    }
}
