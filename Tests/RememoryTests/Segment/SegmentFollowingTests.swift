import Foundation
import Testing

@testable import Rememory

/// What Python does to a segment's name, done by hand, and what becomes of the block.
@Suite struct SegmentFollowingTests {
    private static let empty: [UInt8] = [0x80, 4, 0x7D, 0x94, 0x2E]
    private static let used: [UInt8] = [0x80, 4, 0x4B, 7, 0x2E]
    static let checks: [RememoryOptions.Coherence] = [.systemCall, .sentinel]

    private func open(_ block: UniqueBlock, _ coherence: RememoryOptions.Coherence) throws -> Segment {
        let segment = try Segment.open(
            block.name,
            creating: .container(capacity: 4096, initialBytes: SegmentFollowingTests.empty),
            options: RememoryOptions(coherence: coherence)
        )
        try segment.withLock { access in unsafe access.bytes.copyBytes(from: SegmentFollowingTests.used) }
        try segment.withLock { _ in }
        #expect(segment.core.usesSentinel == (coherence == .sentinel))
        return segment
    }

    private func content(_ segment: Segment) throws -> [UInt8] {
        try segment.withLock { access in unsafe Array(access.bytes.prefix(5)) }
    }

    @Test(arguments: checks) func restoresTheSameSegment(_ check: RememoryOptions.Coherence) throws {
        let block = try UniqueBlock()
        let segment = try open(block, check)
        let before = try block.facts().identity
        for _ in 0..<10 {
            block.unlinkAsPython()
            #expect(try content(segment) == SegmentFollowingTests.used)
            #expect(try block.facts().identity == before)
        }
    }

    @Test(arguments: checks) func adoptsAPeersGrowth(_ check: RememoryOptions.Coherence) throws {
        let block = try UniqueBlock()
        let segment = try open(block, check)
        let identity = try segment.withLock { $0.identity }
        try block.replaceAsPython(size: 8192, content: [9, 9, 9, 9, 9])
        #expect(try content(segment) == [9, 9, 9, 9, 9])
        #expect(try segment.withLock { $0.identity } != identity)
        #expect(try SystemCalls.facts(block.guardPath).identity == block.facts().identity)
    }

    @Test(arguments: checks) func putsItselfOverAnAbandonedNewcomer(_ check: RememoryOptions.Coherence) throws {
        let block = try UniqueBlock()
        let segment = try open(block, check)
        let before = try block.facts().identity
        try block.replaceAsPython(size: 4096, content: SegmentFollowingTests.empty)
        #expect(try content(segment) == SegmentFollowingTests.used)
        #expect(try block.facts().identity == before)
    }

    @Test(arguments: checks) func givesItsContentToANewcomerThatIsInUse(_ check: RememoryOptions.Coherence) throws {
        let block = try UniqueBlock()
        let segment = try open(block, check)
        try block.replaceAsPython(size: 4096, content: SegmentFollowingTests.empty)
        let newcomer = try MappedSegment(try FileDescriptor.open(block.segmentPath))
        #expect(try content(segment) == SegmentFollowingTests.used)
        #expect(try block.facts().identity == newcomer.identity)
        #expect(unsafe Array(newcomer.bytes.prefix(5)) == SegmentFollowingTests.used)
    }

    @Test(arguments: checks) func reportsAConflict(_ check: RememoryOptions.Coherence) throws {
        let block = try UniqueBlock()
        let segment = try open(block, check)
        try block.replaceAsPython(size: 4096, content: [9, 9, 9])
        let error = #expect(throws: RememoryError.self) { try content(segment) }
        #expect(error?.code == .conflict)
        #expect(try block.contentByPath() == [9, 9, 9])
        segment.close()
        let again = try Segment.open(block.name, creating: .zeros(4096))
        #expect(try content(again).prefix(3) == [9, 9, 9])
    }

    @Test(arguments: checks) func aRemovedBlockStaysRemoved(_ check: RememoryOptions.Coherence) throws {
        let block = try UniqueBlock()
        let segment = try open(block, check)
        let other = try open(block, check)
        try segment.unlink(semaphore: true)
        let error = #expect(throws: RememoryError.self) { try content(other) }
        #expect(error?.code == .vanished)
        for path in [block.segmentPath, block.guardPath, block.semaphorePath] {
            #expect(try SystemCalls.factsIfAny(path) == nil)
        }
        let again = try Segment.open(block.name, creating: .zeros(8))
        try again.withLock { access in #expect(unsafe access.bytes.count == 8) }
    }

    @Test(arguments: checks) func survivesTheLossOfItsGuardToo(_ check: RememoryOptions.Coherence) throws {
        let block = try UniqueBlock()
        let segment = try open(block, check)
        _ = try SystemCalls.removeIfAny(block.guardPath)
        #expect(try content(segment) == SegmentFollowingTests.used)
        #expect(try SystemCalls.facts(block.guardPath).identity == block.facts().identity)
        block.unlinkAsPython()
        _ = try SystemCalls.removeIfAny(block.guardPath)
        #expect(try content(segment) == SegmentFollowingTests.used)
        #expect(try block.contentByPath() == SegmentFollowingTests.used)
    }

    @Test func aNewHandleFindsTheGuardedSegment() throws {
        let block = try UniqueBlock()
        let segment = try open(block, .systemCall)
        let before = try block.facts().identity
        block.unlinkAsPython()
        // As another process would: past the registry.
        let lock = segment.core.lock
        let core = try SegmentCore.open(block.name, segment.core.template, lock, RememoryOptions())
        #expect(core !== segment.core)
        #expect(try block.facts().identity == before)
    }

    @Test func theLastHandleRemovesTheGuard() throws {
        let block = try UniqueBlock()
        let first = try open(block, .sentinel)
        let second = try open(block, .sentinel)
        first.close()
        #expect(try SystemCalls.factsIfAny(block.guardPath) != nil)
        #expect(try content(second) == SegmentFollowingTests.used)
        second.close()
        #expect(try SystemCalls.factsIfAny(block.guardPath) == nil)
        #expect(try block.contentByPath() == SegmentFollowingTests.used)
        let error = #expect(throws: RememoryError.self) { try content(second) }
        #expect(error?.code == .closed)
    }

    @Test func aClosedHandleIsNotInTheWayOfTheNext() throws {
        let block = try UniqueBlock()
        let first = try open(block, .systemCall)
        let observer = try FileDescriptor.open(block.segmentPath)
        let isFreeWhileOpen = observer.tryLock(exclusive: true)
        #expect(!isFreeWhileOpen)
        first.close()
        let isFreeAfterClose = observer.tryLock(exclusive: true)
        #expect(isFreeAfterClose, "a closed handle still holds the lock of the segment's file")
        observer.unlock()
        let second = try open(block, .systemCall)
        let isFreeAfterReopening = observer.tryLock(exclusive: true)
        #expect(!isFreeAfterReopening, "the new handle does not hold the lock")
        block.unlinkAsPython()
        #expect(try content(second) == SegmentFollowingTests.used)
        withExtendedLifetime(first) {}
    }

    @Test func aStaleGuardIsReplaced() throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 8, content: [5])
        try SystemCalls.rename(block.segmentPath, block.guardPath)
        let hits = try RememoryInt(block.string)
        #expect(try hits.get() == 0)
        #expect(try SystemCalls.facts(block.guardPath).identity == block.facts().identity)
    }

    @Test func guardsOfTheDeadAreRemovedAndOthersKept() throws {
        let dead = try UniqueBlock("dead")
        try dead.createAsPython(size: 8, content: [5])
        try SystemCalls.rename(dead.segmentPath, dead.guardPath)
        let living = try UniqueBlock("living")
        let segment = try open(living, .systemCall)
        living.unlinkAsPython()
        SegmentCore.removeStaleGuards()
        #expect(try SystemCalls.factsIfAny(dead.guardPath) == nil)
        #expect(try content(segment) == SegmentFollowingTests.used)
    }

    /// Somebody grows the block all the time, under its lock: every addition has to land in the newest segment.
    @Test(arguments: checks) func losesNothingWhileOthersGrow(_ check: RememoryOptions.Coherence) throws {
        let block = try UniqueBlock()
        let segment = try Segment.open(
            block.name,
            creating: .container(capacity: 64, initialBytes: [1]),
            options: RememoryOptions(coherence: check)
        )
        let lock = try RememoryLock(block.string)
        // The replacement has another size and content each time, so that it counts as growth.
        let growths = 12
        let grower = Thread {
            var size = 64
            for _ in 0..<growths {
                SystemCalls.sleep(nanoseconds: 2_000_000)
                size *= 2
                try? lock.withLock {
                    let content = try block.contentByPath()
                    try block.replaceAsPython(size: size, content: content)
                }
            }
        }
        grower.start()
        var count = 0
        while !grower.isFinished || count < 1_000 {
            try segment.withLock { access in
                let value = unsafe access.bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                unsafe access.bytes.storeBytes(of: value + 1, toByteOffset: 8, as: UInt64.self)
            }
            count += 1
        }
        let total = try segment.withLock { access in
            #expect(unsafe access.bytes.count == 64 << growths)
            return unsafe access.bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        }
        #expect(total == UInt64(count))
    }
}
