import Rememory

/// A shared dict of one size.
struct DictBench<Value: Codable & Sendable> {
    private let n: Int
    private let suffix: String
    private let make: @Sendable (Int) -> Value
    private let number: @Sendable (Value) -> Int
    private let dict: RememoryDict<String, Value>
    private let name: String
    private var keys: Carousel<String>
    private var step = 0

    /// Gets and sets, and at n = 10,000 all other operations.
    static func contest(
        n: Int, codable: Bool, _ make: @escaping @Sendable (Int) -> Value, number: @escaping @Sendable (Value) -> Int
    ) -> BenchContest {
        let suffix = codable ? ".codable" : ""
        var rows = [BenchCase.of("dict.get\(suffix)", n), BenchCase.of("dict.set\(suffix)", n)]
        if n == 10_000 { rows.append(.of("dict.iterate\(suffix)", n)) }
        if n == 10_000, !codable { rows += [.of("dict.get.afterPython", n), .of("dict.delete", n)] }
        return BenchContest(rows: rows) { [rows] bench in
            var dict = try DictBench(n, suffix, make, number, bench)
            for _ in 0..<bench.rounds { try dict.round(rows, bench) }
            try dict.finish(bench)
        }
    }

    private init(
        _ n: Int, _ suffix: String, _ make: @escaping @Sendable (Int) -> Value,
        _ number: @escaping @Sendable (Value) -> Int,
        options: RememoryOptions = RememoryOptions(), _ bench: Bench
    ) throws {
        self.n = n
        self.suffix = suffix
        self.make = make
        self.number = number
        name = bench.stage.name("dict\(n)")
        try bench.python.create("dict", name, n: n, values: Value.self == Int.self ? "int" : "pair")
        dict = try RememoryDict(name, options: options)
        keys = Carousel(BenchData.order(n).map(BenchData.key))
    }

    // MARK: Rounds

    private mutating func round(_ rows: [BenchCase], _ bench: Bench) throws {
        try bench.python.write(name)
        for row in rows where row.name != "dict.get.afterPython" {
            // To Python all values are alike, but for what it takes out of them when it looks at all.
            let operation =
                row.name.hasPrefix("dict.iterate") ? row.name : row.name.prefix { $0 != "." } + "." + row.verb
            let time = try bench.python.time(operation, name)
            bench.book.add(python: time, to: row)
            if row.verb == "get", rows.contains(.of("dict.get.afterPython", n)) {
                bench.book.add(python: time, to: .of("dict.get.afterPython", n))
            }
        }
        if rows.contains(.of("dict.get.afterPython", n)) { try readAfterPython(bench) }
        try dict.replaceAll(with: (0..<n).map { (BenchData.key($0), make($0)) })
        for row in rows {
            switch row.verb {
            case "set": bench.book.add(swift: try setting(), to: row)
            case "iterate": bench.book.add(swift: try iterating(), to: row)
            case "delete": bench.book.add(swift: try deleting(), to: row)
            default: if row.name != "dict.get.afterPython" { bench.book.add(swift: try getting(), to: row) }
            }
        }
    }

    private func finish(_ bench: Bench) throws {
        let total = try dict.values().reduce(0) { $0 + number($1) }
        try bench.expectTotal(total, name, .of("dict.get\(suffix)", n))
        bench.book.coherences.insert("\(try dict.coherenceInUse)")
    }

    // MARK: Operations

    private mutating func getting(batch: Int = 5000) throws -> Double {
        let (samples, warmUp) = (11, max(1000, n))
        var found = 0
        try get(warmUp, &found)
        let time = try Stopwatch.median(of: samples, batch: batch) { try get(batch, &found) }
        guard found == samples * batch + warmUp else { throw CheckFailure("\(name) lacks keys that were set") }
        return time
    }

    private mutating func get(_ count: Int, _ found: inout Int) throws {
        for _ in 0..<count where try dict[keys.next()] != nil { found += 1 }
    }

    /// At least so many that what is appended is tidied up meanwhile.
    private mutating func setting() throws -> Double {
        let batch = max(20_000, 2 * n)
        try set(1000)
        return try Stopwatch.median(batch: batch) { try set(batch) }
    }

    private mutating func set(_ count: Int) throws {
        for _ in 0..<count {
            step &+= 1
            try dict.set(make(step), for: keys.next())
        }
    }

    private func iterating() throws -> Double {
        try Stopwatch.median(batch: 1) {
            var total = 0
            for (_, value) in try dict.snapshot() { total &+= number(value) }
            guard total > 0 else { throw CheckFailure("\(name) is empty") }
        }
    }

    private mutating func deleting() throws -> Double {
        var deleted: [String] = []
        let batch = 10
        return try Stopwatch.median(
            batch: batch,
            after: {
                for key in deleted { try dict.set(make(1), for: key) }
                deleted = []
            }
        ) {
            for _ in 0..<batch {
                let key = keys.next()
                try dict.delete(key)
                deleted.append(key)
            }
        }
    }

    /// The first get after each of Python's writes.
    private mutating func readAfterPython(_ bench: Bench) throws {
        for _ in 0..<5 {
            try bench.python.ask("set", name)
            let key = keys.next()
            let time = try Stopwatch.nanoseconds { _ = try dict[key] }
            bench.book.add(swift: time, to: .of("dict.get.afterPython", n))
        }
    }
}

extension DictBench<Int> {
    /// Gets with a system call each.
    static var systemCallContest: BenchContest {
        let row = BenchCase.of("dict.get.fstat", 10)
        return BenchContest(rows: [row]) { bench in
            var dict = try DictBench(
                10, "", BenchData.number, { $0 }, options: RememoryOptions(coherence: .systemCall), bench)
            for _ in 0..<bench.rounds {
                try bench.python.write(dict.name)
                bench.book.add(python: try bench.python.time("dict.get", dict.name), to: row)
                try dict.set(1000)
                bench.book.add(swift: try dict.getting(batch: 1000), to: row)
            }
            guard try dict.dict.coherenceInUse == .systemCall else {
                throw CheckFailure("\(dict.name) was opened with coherence .systemCall and uses another")
            }
        }
    }

    /// What a watcher costs somebody who sets in a loop.
    static var watchedContest: BenchContest {
        let bound = "dict.set, n = 1000, watched over alone"
        return BenchContest(bound: bound) { bench in
            var dict = try DictBench(1000, "", BenchData.number, { $0 }, bench)
            let sets = 1_000_000  // a tenth of a second, for many looks
            try dict.set(sets / 10)
            var overAlone: [Double] = []
            for _ in 0..<bench.rounds {
                let alone = try Stopwatch.nanoseconds { try dict.set(sets) }
                let watcher = Task { [handle = dict.dict] in for try await _ in handle.changes() {} }
                let watched = try Stopwatch.nanoseconds { try dict.set(sets) }
                watcher.cancel()
                overAlone.append(watched / alone)
            }
            guard let median = overAlone.median else { return }
            bench.book.bounds.append(BenchBound(bound, median, in: 0...1.05))
        }
    }
}

extension BenchCase {
    /// `get` of `dict.get.codable`.
    var verb: String {
        let words = name.split(separator: ".")
        return words.count > 1 ? String(words[1]) : name
    }
}
