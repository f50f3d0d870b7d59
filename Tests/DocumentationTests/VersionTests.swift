import Foundation
import Rememory
import Testing

/// The version stands in one place; what else says it, agrees.
@Suite struct VersionTests {
    private func text(_ path: String) throws -> String {
        try String(contentsOf: Document.root.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func changelogBeginsWithIt() throws {
        let changelog = try text("CHANGELOG.md")
        let first = try #require(changelog.split(separator: "\n").first { $0.hasPrefix("## ") })
        #expect(first.hasPrefix("## \(RememoryPackage.version)"))
    }

    @Test(arguments: ["README.md"])
    func textsNameIt(_ path: String) throws {
        let text = try text(path)
        let versions = text.matches(of: /from: "([^"]+)"/).map { String($0.output.1) }
        #expect(!versions.isEmpty)
        #expect(versions.allSatisfy { $0 == RememoryPackage.version })
        #expect(text.contains(RememoryPackage.pythonVersion))
    }
}
