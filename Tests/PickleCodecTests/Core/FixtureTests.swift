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
        #expect(Self.fixtures.count >= 8)
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

    /// What is read within a limit is what is read without, though less room may be set aside for it.
    @Test(arguments: fixtures)
    func limitsOnlyRefuse(file: URL) throws {
        let pickle = try [UInt8](Data(contentsOf: file))
        let graph = try PickleGraph(decoding: pickle)
        let bytes = try graph.encoded()
        for limit in 0..<pickle.count {
            let options = PickleReadingOptions(maximumByteCount: limit)
            guard let limited = try? PickleGraph(decoding: pickle, options: options) else { continue }
            #expect(limited.objectCount == graph.objectCount, "\(limit) bytes")
            #expect(try limited.encoded() == bytes, "\(limit) bytes")
        }
    }
}
