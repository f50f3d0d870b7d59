import CRememoryPlatform
import ChildProcess
import Foundation
import Synchronization
import Testing

@testable import Rememory

@Suite struct BlockLockTests {
    @Test func isReentrantOnAThreadAcrossHandles() throws {
        let block = try UniqueBlock()
        let lock = try RememoryLock(block.string)
        let hits = try RememoryInt(block.string)
        try lock.withLock {
            try lock.withLock { _ = try hits.add(1) }
            try RememoryLock(block.string).withLock { _ = try hits.add(1) }
        }
        #expect(try hits.get() == 2)
    }

    @Test func aHandleThatGoesWhileItsLockIsHeldLosesNothing() throws {
        let block = try UniqueBlock()
        try RememoryLock(block.string).acquire()
        try RememoryLock(block.string).acquire(timeout: .zero)
        try RememoryLock(block.string).release()
        try RememoryLock(block.string).release()
        #expect(throws: RememoryError.self) { try RememoryLock(block.string).release() }
        try RememoryLock(block.string).withLock(timeout: .zero) {}
    }

    @Test func keepsOtherThreadsOutAndTellsWho() throws {
        let block = try UniqueBlock()
        let lock = try RememoryLock(block.string)
        let code = Mutex<RememoryError?>(nil)
        try lock.withLock {
            let other = Thread {
                do {
                    try lock.withLock(timeout: .milliseconds(30)) {}
                } catch {
                    code.withLock { $0 = error as? RememoryError }
                }
            }
            other.start()
            while !other.isFinished { SystemCalls.sleep(nanoseconds: 1_000_000) }
        }
        let error = try #require(code.withLock { $0 })
        #expect(error.code == .lockTimeout)
        #expect(error.message.contains("This process"))
        try lock.withLock {}
    }

    @Test func namesTheProcessesThatHaveIt() throws {
        let block = try UniqueBlock()
        let lock = try RememoryLock(block.string)
        try lock.acquire()
        // Another process that has the semaphore open: it sleeps on it, through the same file.
        let other = try ChildProcess(["sh", "-c", "exec 3<>'\(block.semaphorePath)'; exec sleep 5"])
        defer { other.kill() }
        // Only mappings count, and a shell maps nothing: it must not be accused.
        let found = ProcessTable.mappings(
            of: try SegmentRegistry.shared.lock(block.name, acceptsOtherOwners: false).semaphore.identity)
        #expect(found.mappings.map(\.process) == [getpid()])
        #expect(found.mappings.map(\.isSwift) == [true])
        try lock.release()
    }

    @Test func releaseWithoutHavingItIsAnError() throws {
        let block = try UniqueBlock()
        let lock = try RememoryLock(block.string)
        let error = #expect(throws: RememoryError.self) { try lock.release() }
        #expect(error?.code == .notPermitted)
    }

    @Test func aSurplusIsAbsorbed() throws {
        let block = try UniqueBlock()
        let lock = try RememoryLock(block.string)
        let semaphore = try SegmentRegistry.shared.lock(block.name, acceptsOtherOwners: false).semaphore
        for _ in 0..<3 { unsafe rm_sem_post(semaphore.pointer) }
        try lock.withLock { #expect(unsafe rm_sem_value(semaphore.pointer) == 0) }
        #expect(unsafe rm_sem_value(semaphore.pointer) == 1)
    }

    /// Whoever is in when the handle is closed has the lock, and gives it back.
    @Test func aHandleThatIsClosedInTheMiddleOfAnOperationLeavesNoLockTaken() throws {
        let block = try UniqueBlock()
        let options = RememoryOptions(coherence: .systemCall)
        let kept = try RememoryInt(block.string, options: options)
        let semaphore = kept.store.scalar.segment.core.lock.semaphore
        for round in 0..<500 {
            let handle = try RememoryInt(block.string, options: options)
            let isIn = Atomic<Bool>(false)
            let other = Thread {
                while (try? handle.get()) != nil { isIn.store(true, ordering: .relaxed) }
            }
            other.start()
            while !isIn.load(ordering: .relaxed) { rm_spin_hint() }
            handle.close()
            while !other.isFinished { SystemCalls.sleep(nanoseconds: 10_000) }
            try #require(!semaphore.isTaken, "round \(round)")
        }
    }

    @Test func timeoutOfZeroAndNoneAtAll() throws {
        let block = try UniqueBlock()
        let lock = try RememoryLock(block.string, options: RememoryOptions(timeout: nil))
        try lock.withLock(timeout: .zero) {}
        let inside = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<1_000 {
                try? lock.withLock { inside.withLock { $0 += 1 } }
            }
        }
        #expect(inside.withLock { $0 } == 4_000)
    }
}
