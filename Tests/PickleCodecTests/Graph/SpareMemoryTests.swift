import Foundation
import Testing

@testable import PickleCodec

@Suite struct SpareMemoryTests {
    private func block(_ byteCount: Int) throws -> UnsafeMutableRawPointer {
        unsafe try #require(malloc(byteCount))
    }

    @Test func aBlockThatFitsComesBack() throws {
        let spare = SpareMemory()
        let large = unsafe try block(300_000)
        let small = unsafe try block(90_000)
        unsafe spare.give(large, byteCount: 300_000)
        unsafe spare.give(small, byteCount: 90_000)
        #expect(unsafe spare.take(100_000) == nil, "300,000 bytes are too many, 90,000 too few")
        let taken = unsafe try #require(spare.take(200_000))
        #expect(unsafe taken.baseAddress == large && taken.count == 300_000)
        #expect(unsafe spare.take(200_000) == nil, "it is in use")
        unsafe spare.give(large, byteCount: 300_000)
    }

    @Test func smallAndHugeBlocksAreNotKept() throws {
        let byteCount = SpareMemory.largestSum + 1
        let spare = SpareMemory()
        unsafe spare.give(try block(byteCount), byteCount: byteCount)
        #expect(unsafe spare.take(byteCount) == nil)
        unsafe SpareMemory.give(try block(1000), byteCount: 1000)
        #expect(unsafe SpareMemory.take(1000) == nil)
    }

    @Test func theOldestMakeRoom() throws {
        let spare = SpareMemory()
        let sizes = (1...20).map { $0 * SpareMemory.smallestBlock * 2 }.filter { $0 < SpareMemory.largestSum }
        for byteCount in sizes { unsafe spare.give(try block(byteCount), byteCount: byteCount) }
        var kept: [Int] = []
        for byteCount in sizes.reversed() {
            guard let block = unsafe spare.take(byteCount) else { continue }
            kept.append(byteCount)
            unsafe free(block.baseAddress)
        }
        #expect(kept.first == sizes.last)
        #expect(!kept.isEmpty && kept.count <= SpareMemory.largestCount)
        #expect(kept.reduce(0, +) <= SpareMemory.largestSum)
    }

    @Test func buffersThatPassKeepTheirElements() {
        // Over the size from which memory is kept, and back to it, with what others left in it.
        for round in 0..<50 {
            var buffer = FlatBuffer<UInt32>(capacity: 16, .passing)
            for index in 0..<100_000 { buffer.append(UInt32(index &* 7 &+ round)) }
            #expect((0..<100_000).allSatisfy { buffer[$0] == UInt32($0 &* 7 &+ round) })
        }
    }

    @Test func manyThreadsReadAndWriteAtOnce() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for round in 0..<20 {
                        let values = (0..<20_000).map { "text \(task) \(round) \($0)" }
                        let bytes = try PickleEncoder().encode(values)
                        #expect(try PickleDecoder().decode([String].self, from: bytes) == values)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
