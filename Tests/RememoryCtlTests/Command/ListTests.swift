import Foundation
import PeerProtocol
import Rememory
import Testing

@testable import interop_check

@Suite struct ListTests {
    @Test func whoWroteAndWhoIsAttached() throws {
        try CtlStage.play { stage in
            let (name, log) = (stage.name("game"), stage.name("log"))
            let python = try stage.python("d = rememory.RememoryDict(sys.argv[1]); d['a'] = 1", [name])
            let swift = try stage.swift()
            try swift.ok("list.append", log, value: 1)
            func block(_ name: String) throws -> JSON {
                try #require(try stage.ok("list", "--json").json.array?.first { $0["name"] == .string(name) })
            }
            let one = try block(name)
            #expect(one["type"] == "dict")
            #expect(one["writer"] == "python")
            #expect(one["size"] == 65536)
            #expect(one["entries"] == 1)
            #expect(one["lock"] == "free")
            #expect(one["reason"]?.string?.isEmpty == false)
            #expect(one["processes"]?.array?.map { $0["pid"] } == [.int(Int(python.pid))])
            #expect(one["processes"]?.array?.first?["command"]?.string?.contains("python") == true)
            let two = try block(log)
            #expect(two["type"] == "list")
            #expect(two["writer"] == "swift")
            #expect(two["processes"]?.array?.map { $0["pid"] } == [.int(Int(swift.process.pid))])
            let table = try stage.ok("list").output
            #expect(table.split(separator: "\n").first?.hasPrefix("NAME") == true)
            #expect(table.contains(name))
            #expect(try stage.ok("show", name).output.contains("'a': 1"))
        }
    }

    /// In one run: the time for a thousand blocks against that for the blocks there were before. One pass over all
    /// processes for all blocks together keeps it far below a thousand times as much.
    @Test func aThousandBlocksAreOneLook() throws {
        try CtlStage.play { stage in
            func time() throws -> Duration {
                try (0..<3).map { _ in
                    let clock = ContinuousClock()
                    return try clock.measure { try stage.ok("list", "--json") }
                }.min() ?? .zero
            }
            _ = try time()
            let before = try time()
            let blocks = try (0..<1000).map { number in
                let block = try RememoryDict<String, Int>("\(stage.name("many"))_\(number)", capacity: 4096)
                try block.set(number, for: "n")
                return block
            }
            let after = try time()
            let found = try stage.ok("list", "--json").json.array ?? []
            #expect(found.filter { $0["name"]?.string?.contains("_many_") == true && $0["entries"] == 1 }.count >= 1000)
            #expect(after < before * 150, "\(before) for what there was, \(after) with 1,000 blocks more")
            for block in blocks { block.close() }
        }
    }
}
