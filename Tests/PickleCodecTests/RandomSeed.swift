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

/// SplitMix64, so that a seed tells the whole test.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: Int) { state = UInt64(seed) }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
