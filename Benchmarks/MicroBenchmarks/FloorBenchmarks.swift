import Benchmark
import CFloors
import PickleCodec
import Workload

/// The least that each can cost: the same steps in C.
func floorBenchmarks() {
    let name = UniqueName.next("floor")
    // A million at once: making the semaphore, before them, is no part of it.
    Benchmark("C floor: semaphore wait and post, 1,000,000 times", configuration: scaled(.mega)) { benchmark in
        try check(floor_semaphore("/" + name, UInt64(benchmark.scaledIterations.count)))
    }
    Benchmark("C floor: fstat, 1,000 times") { benchmark in
        try check(floor_fstat("/" + name, UInt64(benchmark.scaledIterations.count)))
    }
    Benchmark("C floor: memcpy of 64 KiB, 1,000 times") { benchmark in
        try check(floor_memcpy(UInt64(benchmark.scaledIterations.count)))
    }
    Benchmark("C floor: memcmp of 64 KiB, 1,000 times") { benchmark in
        try check(floor_memcmp(UInt64(benchmark.scaledIterations.count)))
    }
    Benchmark("C floor: opcode scan of 1,000 records", configuration: scaled(.one)) { benchmark in
        let pickle = try PickleEncoder().encode(CodecValues.players)
        benchmark.startMeasurement()
        try check(pickle.withUnsafeBufferPointer { floor_opcodes($0.baseAddress, $0.count, 1) })
    }
}

private func scaled(_ factor: BenchmarkScalingFactor) -> Benchmark.Configuration {
    var configuration = Benchmark.defaultConfiguration
    configuration.scalingFactor = factor
    return configuration
}

private struct FloorError: Error {}

private func check(_ nanoseconds: Int64) throws {
    if nanoseconds < 0 { throw FloorError() }
}
