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
                if target.path.contains("/Benchmarks/Results/") { continue }  // made by Benchmarks/run
                #expect(FileManager.default.fileExists(atPath: target.path), "\(path) links to \(link.output.1)")
                count += 1
            }
        }
        #expect(count > 10)
    }
}
