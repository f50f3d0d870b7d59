/// What is measured: a row of the table.
struct BenchCase: Hashable, Sendable {
    let name: String
    /// How many entries; none for numbers.
    let n: Int?
    /// The least ratio of Python's median to Swift's that is promised, if one is.
    let atLeast: Double?

    init(_ name: String, _ n: Int? = nil, atLeast: Double? = nil) {
        self.name = name
        self.n = n
        self.atLeast = atLeast
    }

    /// Every row, in the order of the table.
    static let all: [BenchCase] =
        [
            BenchCase("int.get", atLeast: 40), BenchCase("int.get.fstat"), BenchCase("int.set", atLeast: 40),
            BenchCase("int.add", atLeast: 80), BenchCase("int.add.contended", atLeast: 30),
        ]
        + rows("dict.get", [10: 500, 1000: 1000, 10_000: 10_000, 100_000: 50_000])
        + [BenchCase("dict.get.fstat", 10)]
        + rows("dict.set", [10: 500, 1000: 1000, 10_000: 10_000, 100_000: 50_000])
        + rows("dict.get.codable", [10: 100, 10_000: 3000]) + rows("dict.set.codable", [10: 100, 10_000: 3000])
        + [
            BenchCase("dict.get.afterPython", 10_000, atLeast: 5), BenchCase("dict.delete", 10_000, atLeast: 10),
            BenchCase("dict.iterate", 10_000, atLeast: 10), BenchCase("dict.iterate.codable", 10_000, atLeast: 2),
        ]
        + ["list.append", "list.get", "list.set"].flatMap { rows($0, [10: 300, 1000: 300, 10_000: 300]) }
        + [
            BenchCase("attach", 1000, atLeast: 10_000), BenchCase("python.get.swiftWritten", 10, atLeast: 10),
            BenchCase("python.get.journal", 1000, atLeast: 0.66),
        ]

    /// The rows of one name, by what each size is to reach.
    private static func rows(_ name: String, _ goals: KeyValuePairs<Int, Double>) -> [BenchCase] {
        goals.map { BenchCase(name, $0.key, atLeast: $0.value) }
    }

    /// The row of that name and size.
    static func of(_ name: String, _ n: Int? = nil) -> BenchCase {
        all.first { $0.name == name && $0.n == n } ?? BenchCase(name, n)
    }
}

extension BenchCase: CustomStringConvertible {
    var description: String { n.map { "\(name), n = \($0)" } ?? name }
}
