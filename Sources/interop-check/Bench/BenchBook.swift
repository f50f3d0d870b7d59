/// The figures of a run while they come in, round by round.
final class BenchBook {
    private let cases: [BenchCase]
    private var swift: [BenchCase: [Double]] = [:]
    private var python: [BenchCase: [Double]] = [:]
    var bounds: [BenchBound] = []
    /// Ways of coherence that were seen at work, except where another one was asked for.
    var coherences: Set<String> = []

    /// - Parameter cases: The rows that there may be, in the order of the table.
    init(cases: [BenchCase] = BenchCase.all) {
        self.cases = cases
    }

    func add(swift nanoseconds: Double, to row: BenchCase) { swift[row, default: []].append(nanoseconds) }

    func add(python nanoseconds: Double, to row: BenchCase) { python[row, default: []].append(nanoseconds) }

    /// The median of Swift's rounds so far.
    func swiftMedian(of row: BenchCase) -> Double? { swift[row].flatMap(\.median) }

    /// The rows that both sides were measured for, in the order of the table.
    var rows: [BenchRow] {
        cases.compactMap { row in
            guard let swift = swiftMedian(of: row), let python = python[row].flatMap(\.median) else { return nil }
            return BenchRow(what: row, swift: swift, python: python)
        }
    }
}

extension [Double] {
    /// The one in the middle, or the mean of the two there; none of nothing.
    var median: Double? {
        guard !isEmpty else { return nil }
        let ordered = sorted()
        return (ordered[(count - 1) / 2] + ordered[count / 2]) / 2
    }
}
