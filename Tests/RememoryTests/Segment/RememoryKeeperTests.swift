import Testing

@testable import Rememory

/// Blocks that outlive the Python processes that use them.
@Suite struct RememoryKeeperTests {
    private static let content: [UInt8] = [0x80, 4, 0x4B, 7, 0x2E]

    @Test func guardsWhatThereIs() throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 4096, content: RememoryKeeperTests.content)
        let before = try block.facts().identity
        let keeper = try Rememory.keep([block.string, block.string])
        #expect(keeper.names == [block.string])
        #expect(keeper.guardedNames == [block.string])
        for _ in 0..<5 {
            block.unlinkAsPython()
            #expect(UniqueBlock.eventually { (try? block.facts().identity) == before })
        }
        #expect(try block.contentByPath() == RememoryKeeperTests.content)
        keeper.close()
        #expect(keeper.guardedNames.isEmpty)
        #expect(try SystemCalls.factsIfAny(block.guardPath) == nil)
    }

    @Test func guardsWhatAppearsLater() throws {
        let block = try UniqueBlock()
        let keeper = try Rememory.keep([block.string])
        #expect(try SystemCalls.factsIfAny(block.segmentPath) == nil)
        #expect(try SystemCalls.factsIfAny(block.semaphorePath) == nil)
        for _ in 0..<3 {
            try block.createAsPython(size: 4096, content: RememoryKeeperTests.content)
            #expect(UniqueBlock.eventually { keeper.guardedNames == [block.string] })
            // Removed on purpose it stays away, and the next one is kept again.
            let dict = try RememoryBlock<Int?>(block.string)
            try dict.unlink()
            #expect(UniqueBlock.eventually { keeper.guardedNames.isEmpty })
            #expect(try SystemCalls.factsIfAny(block.segmentPath) == nil)
        }
        keeper.close()
    }

    @Test func aReleasedKeeperKeepsNothing() throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 4096, content: RememoryKeeperTests.content)
        var keeper: RememoryKeeper? = try Rememory.keep([block.string])
        #expect(keeper?.guardedNames == [block.string])
        keeper = nil
        #expect(try SystemCalls.factsIfAny(block.guardPath) == nil)
    }

    @Test func aKeptBlockCanBeUsedAsWhatItIs() throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 65536, content: [0x80, 4, 0x7D, 0x94, 0x2E])
        let keeper = try Rememory.keep([block.string])
        let dict = try RememoryDict<String, Int>(block.string, capacity: 64)
        for number in 0..<10 { try dict.set(number, for: "\(number)") }
        #expect(try dict.count == 10)
        dict.close()
        #expect(keeper.guardedNames == [block.string])
        keeper.close()
    }

    @Test func refusesWhatIsNoName() throws {
        let error = #expect(throws: RememoryError.self) { try Rememory.keep(["good", "a/b"]) }
        #expect(error?.code == .invalidName)
    }
}
