import Rememory

/// A shared list of one size.
struct ListBench {
    private let n: Int
    private let name: String
    private let list: RememoryList<Int>
    private var positions: Carousel<Int>
    private var step = 0

    static func contest(n: Int) -> BenchContest {
        let verbs = ["append", "get", "set"]
        let rows = verbs.map { BenchCase.of("list.\($0)", n) }
        return BenchContest(rows: rows) { bench in
            var list = try ListBench(n, bench)
            for _ in 0..<bench.rounds { try list.round(rows, bench) }
            try bench.expectTotal(try list.list.items().reduce(0, +), list.name, rows[0])
            bench.book.coherences.insert("\(try list.list.coherenceInUse)")
        }
    }

    private init(_ n: Int, _ bench: Bench) throws {
        self.n = n
        name = bench.stage.name("list\(n)")
        try bench.python.create("list", name, n: n)
        list = try RememoryList(name)
        positions = Carousel(BenchData.order(n))
    }

    private mutating func round(_ rows: [BenchCase], _ bench: Bench) throws {
        try bench.python.write(name)
        for row in rows { bench.book.add(python: try bench.python.time(row.name, name), to: row) }
        try fill()
        bench.book.add(swift: try setting(), to: rows[2])
        bench.book.add(swift: try getting(), to: rows[1])
        bench.book.add(swift: try appending(), to: rows[0])
    }

    private func fill() throws { try list.replaceAll(with: (0..<n).map(BenchData.number)) }

    /// A few at a time, so that the list stays as long as it is called.
    private mutating func appending() throws -> Double {
        let batch = max(10, n / 10)
        try fill()
        return try Stopwatch.median(of: 9, batch: batch, after: { try fill() }) {
            for value in 0..<batch { try list.append(value) }
        }
    }

    private mutating func getting() throws -> Double {
        let batch = max(20_000, n)
        var total = 0
        let time = try Stopwatch.median(batch: batch) {
            for _ in 0..<batch { total &+= try list[positions.next()] }
        }
        guard total > 0 else { throw CheckFailure("\(name) holds nothing") }
        return time
    }

    /// At least so many that what is appended is tidied up meanwhile.
    private mutating func setting() throws -> Double {
        let batch = max(20_000, 2 * n)
        return try Stopwatch.median(batch: batch) {
            for _ in 0..<batch {
                step &+= 1
                try list.set(BenchData.number(step), at: positions.next())
            }
        }
    }
}
