import Foundation
import Testing

/// The guide on what can go wrong names a test for each case. They are all there.
@Suite struct SurvivalGuideTests {
    @Test func testsThatItNamesExist() throws {
        let guide = Document.root.appendingPathComponent("Sources/Rememory/Rememory.docc/Survival.md")
        let rows = try String(contentsOf: guide, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| ") }
        let names = rows.flatMap { row in
            (row.split(separator: " | ").last ?? "").matches(of: /`(\w+\.)?(\w+)`/).map { String($0.output.2) }
        }
        #expect(names.count > 30)
        let sources = try Document.paths(ending: [".swift"]).filter {
            $0.hasPrefix("Tests/") || $0.hasPrefix("Sources/interop-check/")
        }.map { try String(contentsOf: Document.root.appendingPathComponent($0), encoding: .utf8) }
        for name in names {
            let isThere = sources.contains { source in
                ["func \(name)(", "struct \(name) ", "\"\(name)\""].contains(where: source.contains)
            }
            #expect(isThere, "\(name)")
        }
    }
}
