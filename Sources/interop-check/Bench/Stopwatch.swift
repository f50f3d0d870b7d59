/// Times operations that take less than looking at the clock does: many between two looks.
enum Stopwatch {
    /// Nanoseconds that the body takes.
    @inline(__always)
    static func nanoseconds(_ body: () throws -> Void) rethrows -> Double {
        let (seconds, attoseconds) = try ContinuousClock().measure(body).components
        return Double(seconds) * 1e9 + Double(attoseconds) / 1e9
    }

    /// Nanoseconds an operation: the median of some batches. Many short ones withstand a busy machine best.
    ///
    /// - Parameters:
    ///   - batch: How many operations the body does.
    ///   - after: What puts things back after each batch; not timed.
    @inline(__always)
    static func median(
        of samples: Int = 3, batch: Int, after: () throws -> Void = {}, _ body: () throws -> Void
    ) rethrows -> Double {
        var times: [Double] = []
        for _ in 0..<samples {
            times.append(try nanoseconds(body) / Double(batch))
            try after()
        }
        return times.median ?? .nan
    }
}
