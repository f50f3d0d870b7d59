/// One thing that must hold, as a scenario over peers.
struct Check: Sendable {
    /// `topic.what`, unique.
    let name: String
    /// What holds when it passes.
    let promise: String
    let run: @Sendable (Stage) throws -> Void

    init(_ name: String, _ promise: String, run: @escaping @Sendable (Stage) throws -> Void) {
        self.name = name
        self.promise = promise
        self.run = run
    }
}

extension Check: CustomStringConvertible {
    var description: String { name }
}
