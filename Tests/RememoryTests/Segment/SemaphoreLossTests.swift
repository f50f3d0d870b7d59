import Foundation
import Synchronization
import Testing

@testable import Rememory

/// Somebody removes the semaphore by hand, which is the usual cure for a stuck lock.
@Suite struct SemaphoreLossTests {
    private func open(_ block: UniqueBlock, _ coherence: RememoryOptions.Coherence = .automatic) throws -> Segment {
        let segment = try GrowthRace.open(block, coherence)
        #expect(try UniqueBlock.eventually { try SystemCalls.factsIfAny(segment.core.lockGuardPath) != nil })
        return segment
    }

    private func semaphore(_ block: UniqueBlock) -> FileFacts.Identity? {
        (try? SystemCalls.facts(block.semaphorePath))?.identity
    }

    private func removeSemaphore(_ block: UniqueBlock) { _ = try? SystemCalls.removeIfAny(block.semaphorePath) }

    @Test func itComesBackAtOnce() throws {
        let block = try UniqueBlock("sem")
        let segment = try open(block)
        let before = try #require(semaphore(block))
        for _ in 0..<20 {
            removeSemaphore(block)
            #expect(UniqueBlock.eventually { semaphore(block) == before })
        }
        segment.close()
    }

    /// Swift and Python add while it is removed again and again.
    @Test(arguments: [RememoryOptions.Coherence.sentinel, .systemCall])
    func noAdditionIsLost(_ coherence: RememoryOptions.Coherence) throws {
        let block = try UniqueBlock("sem")
        let segment = try open(block, coherence)
        let python = try LockPeer(.python)
        try python.ask("open", block)
        let isOver = Atomic<Bool>(false)
        let remover = Thread {
            while !isOver.load(ordering: .relaxed) {
                removeSemaphore(block)
                SystemCalls.sleep(nanoseconds: 2_000_000)
            }
        }
        remover.start()
        let additions = 5_000
        try python.tell("add", block, ["path": block.segmentPath, "count": additions])
        for _ in 0..<additions { try GrowthRace.add(segment) }
        _ = try python.listen()
        isOver.store(true, ordering: .relaxed)
        while !remover.isFinished { SystemCalls.sleep(nanoseconds: 1_000_000) }
        #expect(try GrowthRace.counter(segment) == 2 * additions)
        segment.close()
    }

    /// Python removes it and makes another before anybody can act: all Swift handles and processes go over to that.
    @Test(arguments: [RememoryOptions.Coherence.sentinel, .systemCall])
    func theOneThatIsInUseIsTaken(_ coherence: RememoryOptions.Coherence) throws {
        let block = try UniqueBlock("sem")
        let segment = try open(block, coherence)
        let other = try LockPeer(.swift)
        // What the block holds is no pickle, but open it is.
        #expect(throws: LockPeer.Failure.self) { try other.ask("block.get", block) }
        let python = try LockPeer(.python)
        try python.ask("open", block)
        let rounds = 10
        let additions = 300
        for _ in 0..<rounds {
            try python.ask("lock.replace", block)
            try python.tell("add", block, ["path": block.segmentPath, "count": additions])
            for _ in 0..<additions { try GrowthRace.add(segment) }
            _ = try python.listen()
        }
        #expect(try GrowthRace.counter(segment) == 2 * rounds * additions)
        #expect(segment.core.lock.semaphore.identity == semaphore(block))
        let reply = try segment.withLock { _ in
            #expect(throws: LockPeer.Failure.self) { try other.ask("block.get", block, ["timeout": 0.05]) }
        }
        #expect(reply?.description.contains("lockTimeout") == true, "the other Swift process has another lock")
        segment.close()
    }

    @Test func oneThatNobodyUsesGoes() throws {
        let block = try UniqueBlock("sem")
        let segment = try open(block)
        let before = try #require(semaphore(block))
        try segment.withLock { _ in
            removeSemaphore(block)
            let python = try LockPeer(.python)
            try python.ask("open", block)
            #expect(semaphore(block) != before)
            python.die()
        }
        #expect(UniqueBlock.eventually { semaphore(block) == before })
        segment.close()
    }

    @Test func aSwiftProcessThatComesInTheGapGetsTheOldOne() throws {
        let block = try UniqueBlock("sem")
        let segment = try open(block)
        try segment.withLock { _ in
            removeSemaphore(block)
            let second = try NamedSemaphore(block.name, acceptsOtherOwners: false)
            #expect(second.identity == segment.core.lock.semaphore.identity)
        }
        segment.close()
    }

    @Test func itsGuardGoesWithTheSegments() throws {
        let block = try UniqueBlock("sem")
        let segment = try open(block)
        let path = segment.core.lockGuardPath
        segment.close()
        #expect(try SystemCalls.factsIfAny(path) == nil)
        let again = try open(block)
        try again.unlink(semaphore: true)
        #expect(try SystemCalls.factsIfAny(path) == nil)
        #expect(try SystemCalls.factsIfAny(block.semaphorePath) == nil)
    }

    @Test func aGuardThatIsLeftOverGoes() throws {
        let block = try UniqueBlock("sem")
        let path = SharedMemoryPlace.semaphoreGuard(block.name)
        _ = try FileDescriptor.open(path, flags: O_CREAT | O_EXCL, mode: 0o600)
        SegmentCore.removeStaleGuards()
        #expect(try SystemCalls.factsIfAny(path) == nil)
    }
}
