import Rememory

/// Opening a dict that is there, and the first look into it.
enum AttachBench {
    private static let row = BenchCase.of("attach", 1000)
    /// Attaching takes Python a second: it writes every entry once more.
    private static let pythonRounds = 3
    private static let swiftRounds = 50

    static let contest = BenchContest(rows: [row]) { bench in
        let name = bench.stage.name("attach")
        try bench.python.create("dict", name, n: 1000)
        for _ in 0..<pythonRounds {
            try bench.python.write(name)
            bench.book.add(python: try bench.python.time("attach", name, once: true), to: row)
            try write(name)
            for index in 0..<swiftRounds { bench.book.add(swift: try attach(name, BenchData.key(index)), to: row) }
        }
    }

    /// Makes everything in the block what Swift wrote, with a handle that is gone afterwards.
    @inline(never)
    private static func write(_ name: String) throws {
        let writer = try RememoryDict<String, Int>(name)
        try writer.replaceAll(with: (0..<1000).map { (BenchData.key($0), BenchData.number($0)) })
        writer.close()
    }

    private static func attach(_ name: String, _ key: String) throws -> Double {
        var dict: RememoryDict<String, Int>?
        var found: Int?
        let time = try Stopwatch.nanoseconds {
            dict = try RememoryDict(name)
            found = try dict?[key]
        }
        dict?.close()
        guard found != nil else { throw CheckFailure("\(name) lacks the key \(key)") }
        return time
    }
}
