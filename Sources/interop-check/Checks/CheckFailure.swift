/// A check does not hold, or a process that it needs did not do its part.
struct CheckFailure: Error, CustomStringConvertible, Equatable {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
