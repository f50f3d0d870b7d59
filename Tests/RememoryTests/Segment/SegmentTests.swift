import Testing

@testable import Rememory

@Suite struct SegmentTests {
    private static let emptyDict: [UInt8] = [0x80, 4, 0x7D, 0x94, 0x2E]
    private static let template = SegmentTemplate.container(capacity: 65536, initialBytes: emptyDict)

    @Test func createsWithContentModeAndSize() throws {
        let block = try UniqueBlock()
        let segment = try Segment.open(block.name, creating: SegmentTests.template)
        let facts = try block.facts()
        #expect(facts.size == 65536)
        #expect(facts.permissions == 0o600)
        #expect(try block.contentByPath() == SegmentTests.emptyDict)
        let semaphore = try SystemCalls.facts(block.semaphorePath)
        #expect(semaphore.size == 32)
        #expect(semaphore.permissions == 0o600)
        segment.close()
    }

    @Test func grows() throws {
        let block = try UniqueBlock()
        let segment = try Segment.open(block.name, creating: SegmentTests.template)
        try segment.withLock { access in
            let before = access.identity
            try unsafe access.grow(toAtLeast: 70000) { unsafe $0[0] = 0x99 }
            #expect(unsafe access.bytes.count == 131072)
            #expect(unsafe access.bytes[0] == 0x99)
            #expect(access.identity != before)
        }
        #expect(try block.facts().size == 131072)
        #expect(try SystemCalls.facts(block.guardPath).identity == block.facts().identity)
    }

    @Test func putsItselfBackUnderALostName() throws {
        let block = try UniqueBlock()
        let segment = try Segment.open(block.name, creating: SegmentTests.template)
        let before = try block.facts().identity
        block.unlinkAsPython()
        try segment.withLock { _ in }
        #expect(try block.facts().identity == before)
    }
}
