import Foundation
import Testing

@testable import Rememory

/// Swift processes that are killed while they write over a content: what was there before comes back.
@Suite struct UndoCopyTests {
    /// Writes half of something over a content and dies.
    private static func dieWriting(over name: String) throws {
        let segment = try Segment.open(try BlockName(name), creating: .zeros(1))
        try segment.withLock { access in
            try unsafe access.overwrite { bytes in
                for place in 0..<bytes.count / 2 { unsafe bytes[place] = 0x2e }
                kill(getpid(), SIGKILL)
            }
        }
    }

    @Test(arguments: [10, 5_000])
    func aDictIsWhatItWas(_ count: Int) async throws {
        let block = try UniqueBlock("undo")
        let dict = try RememoryDict<String, Int>(block.string, layout: .canonical)
        try dict.replaceAll(with: (0..<count).map { ("key\($0)", $0) })
        let before = try block.contentByPath()
        await #expect(processExitsWith: .signal(SIGKILL)) { [name = block.string as String] in
            try UndoCopyTests.dieWriting(over: name)
        }
        #expect(try block.contentByPath() != before)
        #expect(try dict.count == count)
        #expect(try block.contentByPath() == before)
        #expect(try SystemCalls.factsIfAny(SharedMemoryPlace.undo(block.name)) == nil)
        #expect(try PythonReader().read(block.segmentPath).hasPrefix("{'key0': 0, 'key1': 1"))
    }

    @Test func aStringIsWhatItWas() async throws {
        let block = try UniqueBlock("undo")
        let string = try RememoryString(block.string)
        try string.set("what was there before")
        await #expect(processExitsWith: .signal(SIGKILL)) { [name = block.string as String] in
            try UndoCopyTests.dieWriting(over: name)
        }
        #expect(try string.get() == "what was there before")
    }

    /// Who takes over may have nothing but the lock.
    @Test func theLockAloneIsEnoughToPutItBack() async throws {
        let block = try UniqueBlock("undo")
        let dict = try RememoryDict<String, Int>(block.string)
        try dict.set(1, for: "a")
        let before = try block.contentByPath()
        await #expect(processExitsWith: .signal(SIGKILL)) { [name = block.string as String] in
            try UndoCopyTests.dieWriting(over: name)
        }
        let finder = try LockPeer(.swift)
        try finder.ask("lock.acquire", block, ["timeout": 30])
        #expect(try block.contentByPath() == before)
        try finder.ask("lock.release", block)
        #expect(try dict["a"] == 1)
    }

    /// What was left behind belongs to one segment and one semaphore.
    @Test func aCopyOfAnotherSegmentIsNotPutBack() async throws {
        let block = try UniqueBlock("undo")
        let large = [UInt8](repeating: 1, count: 60_000)
        try block.createAsPython(size: 65_536, content: large)
        await #expect(processExitsWith: .signal(SIGKILL)) { [name = block.string as String] in
            try UndoCopyTests.dieWriting(over: name)
        }
        #expect(try SystemCalls.factsIfAny(SharedMemoryPlace.undo(block.name)) != nil)
        block.unlinkAsPython()
        _ = try SystemCalls.removeIfAny(block.guardPath)
        try block.createAsPython(size: 65_536, content: [7])
        let lock = try RememoryLock(block.string)
        try lock.withLock(timeout: .seconds(30)) {}
        #expect(try block.contentByPath() == [7])
        #expect(try SystemCalls.factsIfAny(SharedMemoryPlace.undo(block.name)) == nil)
    }
}
