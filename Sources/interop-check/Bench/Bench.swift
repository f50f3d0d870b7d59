/// What all measurements of a run share.
struct Bench {
    let stage: Stage
    let python: BenchPython
    let book: BenchBook
    /// How often each side takes its turn.
    let rounds: Int

    /// Groups of rows that are measured together, on one block.
    static let contests: [BenchContest] =
        [IntBench.contest, RaceBench.contest]
        + [10, 1000, 10_000, 100_000].map { DictBench<Int>.contest(n: $0, codable: false, BenchData.number) { $0 } }
        + [DictBench<Int>.systemCallContest, DictBench<Int>.watchedContest]
        + [10, 10_000].map { DictBench<BenchPair>.contest(n: $0, codable: true, BenchPair.init) { $0.x + $0.y } }
        + [10, 1000, 10_000].map(ListBench.contest)
        + [AttachBench.contest, PythonReadsBench.swiftWritten, PythonReadsBench.journal]

    /// Python and Swift must hold the same, or what was measured means nothing.
    func expectTotal(_ found: Int, _ name: String, _ what: BenchCase) throws {
        let expected = try python.total(name)
        guard found == expected else {
            throw CheckFailure("\(what): Python reads a sum of \(expected), Swift of \(found)")
        }
    }
}
