import Foundation
import Testing

/// Links between the files of the package lead somewhere.
@Suite struct LinkTests {
    @Test func filesAreThere() throws {
        var count = 0
        for path in try Document.paths(ending: [".md"]) where !path.contains(".docc/") {
            let file = Document.root.appendingPathComponent(path)
            let text = try String(contentsOf: file, encoding: .utf8)
            for link in text.matches(of: /\]\(([^)#:\s]+)(?:#[^)]*)?\)/) {
                let target = file.deletingLastPathComponent().appendingPathComponent(String(link.output.1))
                #expect(FileManager.default.fileExists(atPath: target.path), "\(path) links to \(link.output.1)")
                count += 1
            }
        }
        #expect(count > 10)
    }

    /// Source files that a text names are there, under that name.
    @Test(arguments: ["ARCHITECTURE.md", "CONTRIBUTING.md"])
    func sourcesAreThere(_ path: String) throws {
        let text = try String(contentsOf: Document.root.appendingPathComponent(path), encoding: .utf8)
        let sources = try Document.paths(ending: [".swift", ".c", ".py"]).map { "/" + $0 }
        let names = text.matches(of: /`([\w+\/\-]+\.(?:swift|c|py))`/).map { String($0.output.1) }
        #expect(names.count > 2)
        for name in names {
            #expect(sources.contains { $0.hasSuffix("/" + name) }, "\(path) names \(name)")
        }
    }
}
