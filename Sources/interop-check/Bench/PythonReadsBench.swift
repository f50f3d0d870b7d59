import Foundation
import Rememory

/// What Swift's way of writing costs Python's reading. Both sides of these rows are Python's gets: over what Swift wrote,
/// and over what Python wrote.
enum PythonReadsBench {
    static let swiftWritten: BenchContest = {
        let row = BenchCase.of("python.get.swiftWritten", 10)
        return BenchContest(rows: [row]) { bench in
            let (name, dict) = try open(10, bench)
            for _ in 0..<bench.rounds {
                try bench.python.write(name)
                bench.book.add(python: try bench.python.time("dict.get", name), to: row)
                try fill(dict, 10)
                try dict.set(7, for: BenchData.key(0))
                bench.book.add(swift: try bench.python.time("dict.get", name), to: row)
            }
        }
    }()

    static let journal: BenchContest = {
        let row = BenchCase.of("python.get.journal", 1000)
        return BenchContest(rows: [row]) { bench in
            let (name, dict) = try open(1000, bench)
            var (clean, lengths): ([Double], [Double]) = ([], [])
            for _ in 0..<bench.rounds {
                lengths.append(Double(try lengthen(dict, name)))
                bench.book.add(swift: try bench.python.time("dict.get", name), to: row)
                try dict.replaceAll(with: try dict.snapshot())
                clean.append(try bench.python.time("dict.get", name))
                try bench.python.ask("rewrite", name)
                bench.book.add(python: try bench.python.time("dict.get", name), to: row)
            }
            if let clean = clean.median, let lengths = lengths.median, let long = bench.book.swiftMedian(of: row) {
                bench.book.bounds.append(
                    BenchBound(
                        "Python's get from a journal of \(Int(lengths)) sets over the same, just tidied up by Swift",
                        long / clean, in: nil))
            }
        }
    }()

    private static func open(_ n: Int, _ bench: Bench) throws -> (String, RememoryDict<String, Int>) {
        let name = bench.stage.name("read\(n)")
        try bench.python.create("dict", name, n: n)
        return (name, try RememoryDict(name))
    }

    private static func fill(_ dict: RememoryDict<String, Int>, _ n: Int) throws {
        try dict.replaceAll(with: (0..<n).map { (BenchData.key($0), BenchData.number($0)) })
    }

    // MARK: The longest journal

    /// Sets values of other lengths until the next one would tidy up.
    ///
    /// A first try shows how many it takes; the second one ends before that.
    ///
    /// - Returns: how many sets the journal holds.
    private static func lengthen(_ dict: RememoryDict<String, Int>, _ name: String) throws -> Int {
        try fill(dict, 1000)
        var most = 0
        while let previous = try epoch(of: name), most < 1_000_000 {
            try setDifferently(dict, most)
            guard try epoch(of: name) == previous else { break }
            most += 1
        }
        guard most > 0 else { throw CheckFailure("every set to \(name) writes all of it: it has no journal") }
        try fill(dict, 1000)
        let start = try epoch(of: name)
        for step in 0..<most { try setDifferently(dict, step) }
        guard try epoch(of: name) == start, start != nil else {
            throw CheckFailure("\(name) was tidied up after fewer than \(most) sets the second time")
        }
        return most
    }

    /// Each time around, each key's value takes another number of bytes: one, two or four.
    private static func setDifferently(_ dict: RememoryDict<String, Int>, _ step: Int) throws {
        let value = [70_000, 7, 700][step / 1000 % 3]
        try dict.set(value + step % 100, for: BenchData.key(step * 7919 % 1000))
    }

    /// What the stamp at the segment's end calls the program in use: another one after each tidying up.
    private static func epoch(of name: String) throws -> Data? {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: SharedMemory.segmentPath(name)))
        defer { try? file.close() }
        try file.seek(toOffset: try file.seekToEnd() - 64)
        guard let end = try file.readToEnd(), let magic = end.range(of: Data("rmstamp1".utf8)) else { return nil }
        return end.dropFirst(magic.upperBound).prefix(8)
    }
}
