/// Why the checks could not run, and the command that mends it.
struct SetupFailure: Error, CustomStringConvertible, Equatable {
    let reason: String
    let remedy: String

    init(_ reason: String, remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }

    var description: String { "\(reason)\n  to mend it: \(remedy)" }
}
