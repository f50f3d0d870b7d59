import Foundation
import PickleCodec
import Testing

/// What fuzzers found once: it is read, written, printed and converted without a trap, and comes back as it was.
struct FixtureTests {
    static let fixtures: [URL] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures")
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).filter { $0.pathExtension == "pickle" }.sorted { $0.path < $1.path }
    }()

    @Test func fixturesAreThere() {
        #expect(Self.fixtures.count >= 7)
    }

    @Test(arguments: fixtures)
    func comesBackAsItWas(file: URL) throws {
        let pickle = try [UInt8](Data(contentsOf: file))
        let graph = try PickleGraph(decoding: pickle)
        let again = try PickleGraph(decoding: graph.encoded())
        let value = PickleValue(graph)
        #expect(PickleValue(again) == value)
        #expect(PickleValue(again).hashValue == value.hashValue)
        #expect(PickleValue(again).description == value.description)
        if let tagged = try? value.taggedJSON() { #expect(try PickleValue(taggedJSON: tagged) == value) }
        #expect(!PickleListing(pickle).lines.isEmpty)
    }
}
