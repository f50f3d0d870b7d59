import Synchronization
import Testing

@testable import Rememory

@Suite(.timeLimit(.minutes(2))) struct RememoryHandleTests {
    /// Another thread that has the lock until it is told to give it back.
    final class Holder: Sendable {
        private let isDone = Atomic<Bool>(false)
        private let hasLock = Atomic<Bool>(false)
        private let isOver = Atomic<Bool>(false)

        init(_ name: String) throws {
            let lock = try RememoryLock(name)
            try WorkerThread.start {
                try? lock.withLock {
                    self.hasLock.store(true, ordering: .releasing)
                    while !self.isDone.load(ordering: .acquiring) { SystemCalls.sleep(nanoseconds: 100_000) }
                }
                self.isOver.store(true, ordering: .releasing)
            }
            while !hasLock.load(ordering: .acquiring) { SystemCalls.sleep(nanoseconds: 100_000) }
        }

        func giveBack() {
            isDone.store(true, ordering: .releasing)
            while !isOver.load(ordering: .acquiring) { SystemCalls.sleep(nanoseconds: 100_000) }
        }
    }

    private final class Count: Sendable {
        let number = Atomic<Int>(0)
    }

    @Test func operationsRunAtOnceWhenTheLockIsFree() async throws {
        let block = try UniqueBlock("whenfree")
        defer { block.removeAll() }
        let int = try RememoryInt(block.string)
        #expect(try await int.whenFree { try $0.add(2) } == 2)
        let other = try UniqueBlock("whenfree")
        defer { other.removeAll() }
        let dict = try RememoryDict<String, Int>(other.string)
        let count = try await dict.whenFree { dict in
            try dict.set(1, for: "a")
            try dict.transaction { tx in try tx.set(2, for: "b") }
            return try dict.count
        }
        #expect(count == 2)
        #expect(try await dict.lock.whenFree { try dict["b"] } == 2)
    }

    @Test func manyTasksWaitWithoutThreadsAndInOrder() async throws {
        let block = try UniqueBlock("whenfree")
        defer { block.removeAll() }
        let list = try RememoryList<Int>(block.string)
        let holder = try Holder(block.string)
        let begun = Count()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {  // more than the pool has threads: blocked ones would let nothing below run
                group.addTask {
                    begun.number.add(1, ordering: .relaxed)
                    try await list.whenFree { try $0.append(number) }
                }
            }
            while begun.number.load(ordering: .relaxed) < 200 { await Task.yield() }
            holder.giveBack()
            try await group.waitForAll()
        }
        #expect(try list.items().sorted() == Array(0..<200))
    }

    @Test func waitingEndsWithTheTimeout() async throws {
        let block = try UniqueBlock("whenfree")
        defer { block.removeAll() }
        let int = try RememoryInt(block.string)
        let holder = try Holder(block.string)
        await #expect {
            try await int.whenFree(timeout: .milliseconds(30)) { try $0.set(1) }
        } throws: {
            ($0 as? RememoryError)?.code == .lockTimeout
        }
        holder.giveBack()
        #expect(try int.get() == 0)
        #expect(try await int.whenFree(timeout: .zero) { try $0.add(1) } == 1)
    }

    @Test func waitingEndsWithCancellation() async throws {
        let block = try UniqueBlock("whenfree")
        defer { block.removeAll() }
        let int = try RememoryInt(block.string)
        let holder = try Holder(block.string)
        let waiting = Task { try await int.whenFree(timeout: nil) { try $0.set(1) } }
        while int.store.scalar.segment.core.lock.queue.isEmpty { await Task.yield() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        #expect(int.store.scalar.segment.core.lock.queue.isEmpty)
        holder.giveBack()
        #expect(try int.get() == 0)
        let cancelled = Task {
            while !Task.isCancelled { await Task.yield() }
            try await int.whenFree { try $0.set(1) }
        }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
    }

    @Test func whatTheOperationsThrowComesOutAndFreesTheLock() async throws {
        let block = try UniqueBlock("whenfree")
        defer { block.removeAll() }
        let dict = try RememoryDict<String, Int>(block.string)
        let holder = try Holder(block.string)
        let waiting = Task { try await dict.whenFree { try $0.pop("missing") } }
        while dict.segment.core.lock.queue.isEmpty { await Task.yield() }
        holder.giveBack()
        await #expect { try await waiting.value } throws: { ($0 as? RememoryError)?.code == .keyNotFound }
        #expect(try dict.isEmpty)
    }

    @Test func tasksAddWithoutLosingAny() async throws {
        let block = try UniqueBlock("whenfree")
        defer { block.removeAll() }
        let int = try RememoryInt(block.string)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<500 {
                        if task % 2 == 0 {
                            try await int.whenFree { try $0.add(1) }
                        } else {
                            try int.add(1)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try int.get() == 4000)
    }
}
