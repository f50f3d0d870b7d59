import Foundation
import Testing

/// A table in a guide.
struct Table {
    /// What stands in a cell as code.
    struct Cell {
        var code: [String]
    }

    /// The rows under the header.
    let rows: [[Cell]]

    /// The first table below a heading.
    init(under heading: String, in text: String) throws {
        let start = try #require(text.range(of: heading))
        let lines = text[start.upperBound...].split(separator: "\n").drop { !$0.hasPrefix("|") }.prefix {
            $0.hasPrefix("|")
        }
        rows = lines.dropFirst(2).map { line in
            line.split(separator: " | ").map { Cell(code: $0.matches(of: /`([^`]+)`/).map { String($0.output.1) }) }
        }
    }
}
