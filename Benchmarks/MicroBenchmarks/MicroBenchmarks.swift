import Benchmark

/// What single operations cost, with all their percentiles: `swift package benchmark` in this folder.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, .throughput],
        warmupIterations: 3,
        scalingFactor: .kilo,
        maxDuration: .milliseconds(500)
    )
    floorBenchmarks()
    lockBenchmarks()
    scalarBenchmarks()
    dictBenchmarks()
    listBenchmarks()
    codecBenchmarks()
}
