import Foundation

/// The monotonic clock that Python's `time.perf_counter_ns` reads.
enum Stopwatch {
    static var now: Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    @inline(__always)
    static func nanoseconds(_ body: () throws -> Void) rethrows -> Int {
        let start = now
        try body()
        return now - start
    }

    /// Spins, so that all processes start at once.
    static func wait(until moment: Int) {
        while now < moment {}
    }

    static func sleep(nanoseconds: Int) {
        Thread.sleep(forTimeInterval: Double(nanoseconds) / 1e9)
    }
}

/// How long single operations took.
struct Latencies {
    private var times: [Int] = []

    mutating func add(_ nanoseconds: Int) { times.append(nanoseconds) }

    /// How many, the median, the 99th percentile and the longest.
    var figures: [Int] {
        guard !times.isEmpty else { return [0, 0, 0, 0] }
        let ordered = times.sorted()
        let count = ordered.count
        return [count, ordered[count / 2], ordered[count * 99 / 100], ordered[count - 1]]
    }
}
