import PickleCodec
import Testing

@testable import Rememory

@Suite struct RememoryBlockTests {
    struct Player: Codable, Equatable {
        var name: String
        var score: Int
    }

    @Test func storesAPickle() throws {
        let block = try UniqueBlock()
        let player = try RememoryBlock(block.string, of: Player.self, size: .s1024)
        #expect(try block.facts().size == 1024)
        try player.set(Player(name: "Ada", score: 1))
        #expect(try player.update { $0.score += 1 }.score == 2)
        #expect(try player.get() == Player(name: "Ada", score: 2))
        #expect(try block.contentByPath() == PickleEncoder().encode(Player(name: "Ada", score: 2)))
        #expect(try player.compareAndSet(expected: Player(name: "Ada", score: 2), to: Player(name: "Bob", score: 0)))
        #expect(try player.exchange(Player(name: "Eve", score: 0)).name == "Bob")
    }

    @Test func nothingReadsAsNone() throws {
        let block = try UniqueBlock()
        #expect(try RememoryBlock(block.string, of: Player?.self).get() == nil)
        #expect(try RememoryBlock(block.string, of: PickleValue.self).get() == nil)
        #expect(throws: (any Error).self) { try RememoryBlock(block.string, of: Player.self).get() }
        #expect(try block.facts().size == 4096)
    }

    @Test func growsAsPythonDoes() throws {
        let block = try UniqueBlock()
        let value = try RememoryBlock(block.string, of: String.self, size: 100)
        let fixed = try RememoryBlock(block.string, of: String.self, options: RememoryOptions(growth: .fail))
        try value.set("small")
        let long = String(repeating: "x", count: 150)
        #expect(#expect(throws: RememoryError.self) { try fixed.set(long) }?.code == .valueTooLarge)
        #expect(try fixed.get() == "small")
        try value.set(long)
        #expect(try block.facts().size == 200)
        #expect(try fixed.get() == long)
        try value.set(String(repeating: "y", count: 1_000))
        #expect(try block.facts().size == PickleEncoder().encode(String(repeating: "y", count: 1_000)).count)
    }

    @Test func corruptContentIsAnErrorAndStays() throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 64, content: [0x80, 4, 0x5D])
        let value = try RememoryBlock(block.string, of: PickleValue.self)
        #expect(#expect(throws: RememoryError.self) { try value.get() }?.code == .corruptContent)
        #expect(try block.contentByPath() == [0x80, 4, 0x5D])
    }
}
