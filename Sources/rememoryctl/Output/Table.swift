/// Rows of text in columns as wide as they need.
struct Table {
    struct Column {
        let title: String
        var isNumber = false
    }

    let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// Adds a row; its cells are made safe here.
    mutating func add(_ cells: [String]) {
        rows.append(cells.map { SafeText.escaped($0) })
    }

    /// The lines, title first. The last column is as long as it is.
    ///
    /// - Parameter width: Where lines are cut.
    func lines(width: Int? = nil) -> [String] {
        let widths = columns.indices.map { place in
            max(columns[place].title.count, rows.map { $0[place].count }.max() ?? 0)
        }
        return ([columns.map(\.title)] + rows).map { cells in
            let line = cells.indices.map { place -> String in
                if place == cells.count - 1, !columns[place].isNumber { return cells[place] }
                guard columns[place].isNumber else { return cells[place].padded(to: widths[place]) }
                return String(repeating: " ", count: max(0, widths[place] - cells[place].count)) + cells[place]
            }.joined(separator: "  ")
            guard let width, line.count > width else { return line }
            return line.prefix(max(0, width - 1)) + "…"
        }
    }
}

extension String {
    /// The text with spaces behind it, up to a width.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
