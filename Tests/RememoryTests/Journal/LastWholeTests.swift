import Testing

@testable import Rememory

/// What would be put back must be what the last change left, byte by byte, whatever the changes were.
struct LastWholeTests {
    @Test(arguments: [4096, 65536])
    func followsEachChange(_ capacity: Int) throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed)
        let block = try UniqueBlock("whole")
        let dict = try RememoryDict<String, Int>(block.string, capacity: capacity)
        // The first step may be to remove what is not there, and nothing is written then, not even a stamp.
        try dict.set(0, for: "first")
        var epochs: Set<UInt64> = []
        for step in 0..<2_000 {
            let key = "key\(Int.random(in: 0..<60, using: &random))"
            switch Int.random(in: 0..<10, using: &random) {
            case 0: try dict.removeValue(for: key)
            case 1: try dict.merge([(key, 1), ("new\(step % 20)", step)])
            default: try dict.set([7, 700, 70_000, 70_001].randomElement(using: &random) ?? 0, for: key)
            }
            try dict.segment.withLock { access in
                let (journal, comment): (_, Comment) = (dict.journal, "seed \(seed), step \(step)")
                let stamp = try #require(Stamp(of: access.content)?.read(), comment)
                #expect(journal.known?.stamp == stamp && journal.lastWhole.stamp == stamp, comment)
                #expect(journal.lastWhole.isStill(access.content), comment)
                #expect(journal.lastWhole.bytes.count == Int(stamp.end) + 1, comment)
                epochs.insert(stamp.epoch)
            }
        }
        #expect(epochs.count > 100, "hardly ever was a new program written: seed \(seed)")
    }
}
