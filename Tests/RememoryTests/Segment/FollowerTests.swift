import CRememoryPlatform
import Foundation
import Synchronization
import Testing

@testable import Rememory

/// What happens to a block while this process does nothing with it. What Python does to a name is done by hand; what
/// Python would find is looked at by path.
@Suite struct FollowerTests {
    private static let empty: [UInt8] = [0x80, 4, 0x7D, 0x94, 0x2E]
    private static let used: [UInt8] = [0x80, 4, 0x4B, 7, 0x2E]
    private static let newer: [UInt8] = [0x80, 4, 0x4B, 8, 0x2E]

    private func open(_ block: UniqueBlock, content: [UInt8] = used) throws -> Segment {
        let segment = try Segment.open(
            block.name, creating: .container(capacity: 4096, initialBytes: FollowerTests.empty))
        try segment.withLock { access in unsafe access.bytes.copyBytes(from: content) }
        return segment
    }

    /// Another Swift process, as far as the names are concerned: opened past the registry, it isn't followed.
    private func openUnfollowed(_ block: UniqueBlock) throws -> SegmentCore {
        let lock = try BlockLock(block.name, acceptsOtherOwners: false, recover: { _, _ in })
        return try SegmentCore.open(block.name, .container(capacity: 4096, initialBytes: []), lock, RememoryOptions())
    }

    private func isThere(_ block: UniqueBlock, _ content: [UInt8]) -> Bool { (try? block.contentByPath()) == content }

    @Test func aNameThatIsLostComesBack() throws {
        let block = try UniqueBlock()
        let segment = try open(block)
        let before = try block.facts().identity
        for _ in 0..<20 {
            block.unlinkAsPython()
            #expect(UniqueBlock.eventually { (try? block.facts().identity) == before })
        }
        segment.close()
    }

    @Test func aGuardThatIsLostComesBack() throws {
        let block = try UniqueBlock()
        let segment = try open(block)
        #expect(UniqueBlock.eventually { (try? block.facts().linkCount) == 2 })
        _ = try SystemCalls.removeIfAny(block.guardPath)
        #expect(UniqueBlock.eventually { (try? block.facts().linkCount) == 2 })
        segment.close()
    }

    @Test func aPythonsGrowthIsFollowed() throws {
        let block = try UniqueBlock()
        let segment = try open(block)
        try block.replaceAsPython(size: 8192, content: FollowerTests.newer)
        let larger = try block.facts().identity
        #expect(UniqueBlock.eventually { (try? SystemCalls.facts(block.guardPath).identity) == larger })
        // The larger one is watched from then on.
        block.unlinkAsPython()
        #expect(UniqueBlock.eventually { (try? block.facts().identity) == larger })
        segment.close()
    }

    @Test func anotherSwiftProcessesGrowthIsFollowed() throws {
        let block = try UniqueBlock()
        let segment = try open(block)
        let other = try openUnfollowed(block)
        try other.lock.acquire(timeout: .seconds(10))
        try unsafe other.grow(to: 8192) { bytes in unsafe bytes.copyBytes(from: FollowerTests.newer) }
        other.lock.release()
        #expect(UniqueBlock.eventually { segment.core.sizeIfFree == 8192 })
        #expect(isThere(block, FollowerTests.newer))
        segment.close()
    }

    @Test func aNewcomerInTheGapGetsTheContent() throws {
        let block = try UniqueBlock()
        let segment = try open(block)
        var newcomer: MappedSegment?
        try RememoryLock(block.string).withLock {
            block.unlinkAsPython()
            try block.createAsPython(size: 4096, content: FollowerTests.empty)
            newcomer = try MappedSegment(try FileDescriptor.open(block.segmentPath))
        }
        #expect(UniqueBlock.eventually { isThere(block, FollowerTests.used) })
        #expect(try block.facts().identity == newcomer?.identity)
        #expect(UniqueBlock.eventually { (try? SystemCalls.facts(block.guardPath).identity) == newcomer?.identity })
        segment.close()
    }

    @Test func anAbandonedNewcomerInTheGapGoes() throws {
        let block = try UniqueBlock()
        let segment = try open(block)
        let before = try block.facts().identity
        try block.replaceAsPython(size: 4096, content: FollowerTests.empty)
        #expect(UniqueBlock.eventually { (try? block.facts().identity) == before })
        #expect(isThere(block, FollowerTests.used))
        segment.close()
    }

    /// It is the same segment that comes back, not what this process saw in it last.
    @Test func whatOthersWroteMeanwhileStays() throws {
        let block = try UniqueBlock()
        let segment = try open(block)
        let python = try MappedSegment(try FileDescriptor.open(block.segmentPath))
        try RememoryLock(block.string).withLock {
            block.unlinkAsPython()
            unsafe python.bytes.copyBytes(from: FollowerTests.newer)
        }
        #expect(UniqueBlock.eventually { isThere(block, FollowerTests.newer) })
        segment.close()
    }

    @Test func whatWasRemovedOnPurposeStaysRemoved() throws {
        let block = try UniqueBlock()
        let segment = try open(block)
        let other = try openUnfollowed(block)
        try other.lock.acquire(timeout: .seconds(10))
        try other.remove(semaphore: false)
        other.lock.release()
        #expect(UniqueBlock.eventually { segment.core.isRetired })
        #expect(try SystemCalls.factsIfAny(block.segmentPath) == nil)
        #expect(try SystemCalls.factsIfAny(block.guardPath) == nil)
        let error = #expect(throws: RememoryError.self) { try segment.withLock { _ in } }
        #expect(error?.code == .vanished)
    }

    /// With `nameLoss: .vanish`, a Python program's `unlink()` is one.
    @Test func aLostNameMayBeARemoval() throws {
        let block = try UniqueBlock()
        let segment = try Segment.open(
            block.name, creating: .container(capacity: 4096, initialBytes: FollowerTests.empty),
            options: RememoryOptions(nameLoss: .vanish))
        try block.replaceAsPython(size: 8192, content: FollowerTests.newer)
        #expect(UniqueBlock.eventually { segment.core.sizeIfFree == 8192 }, "a growth was taken for a removal")
        block.unlinkAsPython()
        #expect(UniqueBlock.eventually { segment.core.isRetired })
        #expect(try UniqueBlock.eventually { try SystemCalls.factsIfAny(block.guardPath) == nil })
        #expect(try SystemCalls.factsIfAny(block.segmentPath) == nil)
        let error = #expect(throws: RememoryError.self) { try segment.withLock { _ in } }
        #expect(error?.code == .vanished)
    }

    @Test func aConflictEndsWithTheOtherSegment() throws {
        let block = try UniqueBlock()
        let segment = try open(block)
        let before = try block.facts().identity
        try block.replaceAsPython(size: 4096, content: FollowerTests.newer)
        #expect(UniqueBlock.eventually { Follower.current.state.withLock { $0.wantsNames } })
        #expect(isThere(block, FollowerTests.newer))
        block.unlinkAsPython()
        #expect(UniqueBlock.eventually { (try? block.facts().identity) == before })
        segment.close()
    }

    @Test func whoHasTheLockIsWaitedForWithoutHurry() throws {
        let block = try UniqueBlock()
        let segment = try open(block)
        let before = try block.facts().identity
        try RememoryLock(block.string).withLock {
            block.unlinkAsPython()
            SystemCalls.sleep(nanoseconds: 50_000_000)
            let isThere = isThere(block, FollowerTests.used)
            #expect(!isThere, "somebody acted without the lock")
        }
        #expect(UniqueBlock.eventually { (try? block.facts().identity) == before })
        segment.close()
    }

    @Test func aClosedBlockIsLeftAlone() throws {
        let block = try UniqueBlock()
        try open(block).close()
        block.unlinkAsPython()
        let other = try UniqueBlock()
        let segment = try open(other)
        for _ in 0..<3 {
            // When this one is back, there was time enough for the other.
            other.unlinkAsPython()
            #expect(UniqueBlock.eventually { (try? other.facts()) != nil })
        }
        #expect(try SystemCalls.factsIfAny(block.segmentPath) == nil)
        segment.close()
    }

    @Test func manyBlocksAreFollowedByOneThread() throws {
        let blocks = try (0..<300).map { _ in try UniqueBlock("many") }
        let segments = try blocks.map { try open($0) }
        let before = try blocks.map { try $0.facts().identity }
        for block in blocks { block.unlinkAsPython() }
        for (block, identity) in zip(blocks, before) {
            #expect(UniqueBlock.eventually { (try? block.facts().identity) == identity })
        }
        for segment in segments { segment.close() }
    }

    /// Attaching waits for no guard: the second look sees to it, also of who makes system calls no more.
    @Test(arguments: [RememoryOptions.Coherence.sentinel, .systemCall])
    func whatWasAttachedHasItsGuardsByTheSecondLook(coherence: RememoryOptions.Coherence) throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 4096, content: FollowerTests.used)
        let lock = try BlockLock(block.name, acceptsOtherOwners: false, recover: { _, _ in })
        let core = try SegmentCore.open(
            block.name, .container(capacity: 4096, initialBytes: []), lock, RememoryOptions(coherence: coherence))
        try lock.acquire(timeout: .seconds(10))
        defer { lock.release() }
        #expect(core.isCurrentByName && !core.usesSentinel)
        #expect(try block.facts().linkCount == 1)
        #expect(!core.isCurrentByName)
        try core.becomeCurrent()
        #expect(try block.facts().linkCount == 2)
        #expect(try SystemCalls.facts(core.lockGuardPath).identity == lock.semaphore.identity)
        #expect(core.isCurrentByName && core.usesSentinel == (coherence == .sentinel))
        core.dropGuard()
    }

    /// A short-lived process ends while the acting thread is still busy with what it opened.
    @Test func aProcessThatEndsLeavesNoLockTaken() async throws {
        let block = try UniqueBlock()
        let lock = try SegmentRegistry.shared.lock(block.name, acceptsOtherOwners: false)
        await #expect(processExitsWith: .success) { [name = block.string as String] in
            let flag = try RememoryBool(name)
            let lock = flag.scalar.segment.core.lock
            let isBusy = Atomic<Bool>(false)
            Follower.current.expect(lock.name, for: lock) {
                guard lock.acquire(withinNanoseconds: 1_000_000_000) else { return .loss }
                isBusy.store(true, ordering: .releasing)
                SystemCalls.sleep(nanoseconds: 20_000_000)
                lock.release()
                return .loss
            }
            while !isBusy.load(ordering: .acquiring) { SystemCalls.sleep(nanoseconds: 100_000) }
            exit(0)
        }
        #expect(!lock.semaphore.isTaken)
        #expect(try SystemCalls.factsIfAny(block.guardPath) == nil)
    }

    @Test func nothingIsDoneWhileNothingHappens() throws {
        let block = try UniqueBlock()
        let segment = try open(block)
        let id = ObjectIdentifier(segment.core)
        #expect(UniqueBlock.eventually { Follower.current.state.withLock { $0.entries[id]?.due == nil } })
        let before = unsafe segment.state.pointee.lock.pointee.turn
        SystemCalls.sleep(nanoseconds: 50_000_000)
        let after = unsafe segment.state.pointee.lock.pointee.turn
        #expect(after == before, "somebody took the lock")
        segment.close()
    }
}
