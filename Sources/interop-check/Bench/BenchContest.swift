/// Rows that are measured together, or a bound that is no row.
struct BenchContest: Sendable {
    let rows: [BenchCase]
    /// What is measured, for who filters and who waits.
    let names: [String]
    let run: @Sendable (Bench) throws -> Void

    init(rows: [BenchCase], run: @escaping @Sendable (Bench) throws -> Void) {
        self.rows = rows
        names = rows.map(\.description)
        self.run = run
    }

    init(bound: String, run: @escaping @Sendable (Bench) throws -> Void) {
        rows = []
        names = [bound]
        self.run = run
    }
}
