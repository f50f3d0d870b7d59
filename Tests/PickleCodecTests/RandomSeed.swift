import Foundation

/// Where the seeds of random tests come from.
enum RandomSeed {
    /// A seed, printed so that its run can be repeated: `PICKLE_SEED=305283 swift test --filter …`.
    static func make(_ purpose: String) -> Int {
        let given = ProcessInfo.processInfo.environment["PICKLE_SEED"].flatMap { Int($0) }
        let seed = given ?? Int.random(in: 1..<1_000_000)
        print("PICKLE_SEED=\(seed)  # \(purpose)")
        return seed
    }
}
