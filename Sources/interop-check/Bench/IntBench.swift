import CBenchFloor
import Rememory

/// One shared number, alone.
enum IntBench {
    private static let get = BenchCase.of("int.get")
    private static let getByCall = BenchCase.of("int.get.fstat")
    private static let set = BenchCase.of("int.set")
    private static let add = BenchCase.of("int.add")
    private static let batch = 20_000
    private static let samples = 15

    static let contest = BenchContest(rows: [get, getByCall, set, add]) { bench in
        let (name, byCall) = (bench.stage.name("int"), bench.stage.name("intfstat"))
        try bench.python.create("int", name)
        try bench.python.create("int", byCall)
        let int = try RememoryInt(name)
        let other = try RememoryInt(byCall, options: RememoryOptions(coherence: .systemCall))
        var overFloor: [Double] = []
        for _ in 0..<bench.rounds {
            bench.book.add(python: try bench.python.time("int.get", name), to: get)
            bench.book.add(python: try bench.python.time("int.set", name), to: set)
            bench.book.add(python: try bench.python.time("int.add", name), to: add)
            bench.book.add(python: try bench.python.time("int.get", byCall), to: getByCall)
            try other.set(0)
            try measure(int, for: bench.book)
            bench.book.add(swift: try reading(other, batch: batch / 10), to: getByCall)
            overFloor.append(try reading(int, batch: batch) / floor(name))
            try bench.expectTotal(of: int, name)
        }
        bench.book.coherences.insert("\(try int.coherenceInUse)")
        if let median = overFloor.median {
            bench.book.bounds.append(BenchBound("int.get over wait, load and post in C", median, in: 0...2.5))
        }
    }

    private static func measure(_ int: RememoryInt<Int>, for book: BenchBook) throws {
        book.add(
            swift: try Stopwatch.median(of: samples, batch: batch) { for value in 0..<batch { try int.set(value) } },
            to: set)
        book.add(
            swift: try Stopwatch.median(of: samples, batch: batch) { for _ in 0..<batch { try int.add(1) } }, to: add)
        book.add(swift: try reading(int, batch: batch), to: get)
    }

    private static func reading(_ int: RememoryInt<Int>, batch: Int) throws -> Double {
        var sum = 0
        let time = try Stopwatch.median(of: samples, batch: batch) { for _ in 0..<batch { sum &+= try int.get() } }
        guard sum != -1 else { throw CheckFailure("\(int.name) gave numbers that it can't hold") }
        return time
    }

    private static func floor(_ name: String) throws -> Double {
        let time = Stopwatch.floor(semaphore: "/rememorydict_\(name)", segment: "/\(name)", rounds: batch)
        guard let time else { throw CheckFailure("the lock of \(name) can't be opened from C") }
        return time
    }
}

extension Stopwatch {
    /// Nanoseconds for wait, load and post, in C; `nil` if the two can't be opened.
    static func floor(semaphore: String, segment: String, rounds: Int) -> Double? {
        let times = (0..<15).map { _ in unsafe Double(bench_wait_load_post(semaphore, segment, UInt64(rounds))) }
        guard let median = times.median, median >= 0 else { return nil }
        return median / Double(rounds)
    }
}

extension Bench {
    fileprivate func expectTotal(of int: RememoryInt<Int>, _ name: String) throws {
        let (before, after) = (try int.get(), try int.add(1))
        guard after == before + 1 else { throw CheckFailure("\(name) went from \(before) to \(after) by adding 1") }
    }
}
