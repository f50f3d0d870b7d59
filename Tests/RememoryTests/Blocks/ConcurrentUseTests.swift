import Foundation
import Synchronization
import Testing

@testable import Rememory

/// Many threads and tasks, on one handle and on many; handles that are closed meanwhile; forked children.
@Suite struct ConcurrentUseTests {
    private static let threads = 8
    private static let additions = 300

    /// Runs the body on several threads at once, with the number of each.
    private func onThreads(_ body: @escaping @Sendable (Int) throws -> Void) throws {
        let failure = Mutex<(any Error)?>(nil)
        let threads = (0..<ConcurrentUseTests.threads).map { number in
            Thread {
                do {
                    try body(number)
                } catch {
                    failure.withLock { $0 = error }
                }
            }
        }
        for thread in threads { thread.start() }
        for thread in threads { while !thread.isFinished { SystemCalls.sleep(nanoseconds: 500_000) } }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    @Test(arguments: [true, false]) func threadsLoseNothing(isOneHandle: Bool) throws {
        let block = try UniqueBlock("threads")
        let shared = try RememoryDict<String, Int>(block.string, capacity: 256)
        try onThreads { number in
            let dict = isOneHandle ? shared : try RememoryDict<String, Int>(block.string)
            for _ in 0..<ConcurrentUseTests.additions {
                try dict.update("all") { $0 = ($0 ?? 0) + 1 }
                try dict.update("\(number)") { $0 = ($0 ?? 0) + 1 }
            }
        }
        #expect(try shared["all"] == ConcurrentUseTests.threads * ConcurrentUseTests.additions)
        for number in 0..<ConcurrentUseTests.threads {
            #expect(try shared["\(number)"] == ConcurrentUseTests.additions)
        }
        #expect(try shared.count == ConcurrentUseTests.threads + 1)
    }

    @Test func tasksLoseNothing() async throws {
        let block = try UniqueBlock("tasks")
        let shared = try RememoryInt(block.string)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    let handle = number % 2 == 0 ? shared : try RememoryInt(block.string)
                    for _ in 0..<100 {
                        try handle.add(1)
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try shared.get() == 5_000)
    }

    /// Whoever works with a closed handle gets an error; another handle of the block goes on.
    @Test func handlesMayBeClosedWhileOthersWork() throws {
        let block = try UniqueBlock("close")
        let kept = try RememoryDict<String, Int>(block.string)
        let handles = try (0..<ConcurrentUseTests.threads / 2).map { _ in try RememoryDict<String, Int>(block.string) }
        let counted = Atomic<Int>(0)
        try onThreads { number in
            if number < handles.count {
                do {
                    while true {
                        try handles[number].update("n") { $0 = ($0 ?? 0) + 1 }
                        counted.add(1, ordering: .relaxed)
                    }
                } catch let error as RememoryError where error.code == .closed {}
            } else {
                for _ in 0..<100 { try kept.set(number, for: "other") }
                handles[number - handles.count].close()
            }
        }
        #expect(try kept["n"] == counted.load(ordering: .relaxed))
        kept.close()
    }

    /// The last handle is closed and the block opened anew, again and again, while others do the same.
    @Test func blocksMayBeOpenedAndClosedAtOnce() throws {
        let block = try UniqueBlock("reopen")
        let first = try RememoryInt(block.string)
        try first.set(0)
        first.close()
        try onThreads { _ in
            for _ in 0..<50 {
                let handle = try RememoryInt(block.string)
                try handle.add(1)
                handle.close()
            }
        }
        #expect(try RememoryInt(block.string).get() == 50 * ConcurrentUseTests.threads)
    }

    /// A child that uses the block follows it by itself, also when its parent is done with it.
    @Test func aForkedChildKeepsTheBlock() async {
        await #expect(processExitsWith: .success) {
            do {
                let block = try UniqueBlock("fork")
                defer { block.removeAll() }
                let dict = try RememoryDict<String, Int>(block.string)
                try dict.set(1, for: "a")
                // What the threads that follow it do for the first time takes locks of Swift's own, which a child that is
                // forked meanwhile would find taken.
                let segment = try block.facts().identity
                for _ in 0..<2 {
                    block.unlinkAsPython()
                    #expect(UniqueBlock.eventually { (try? block.facts().identity) == segment }, "not put back")
                }
                SystemCalls.sleep(nanoseconds: 50_000_000)
                var toChild: [Int32] = [0, 0]
                var toParent: [Int32] = [0, 0]
                _ = unsafe pipe(&toChild)
                _ = unsafe pipe(&toParent)
                let child = fork()
                if child == 0 {
                    close(toChild[1])
                    var byte: UInt8 = 0
                    let isDone = (try? dict.set(2, for: "b")) != nil
                    _ = unsafe write(toParent[1], isDone ? "y" : "n", 1)
                    _ = unsafe read(toChild[0], &byte, 1)
                    let count = try? dict.count
                    _exit(count == 3 ? 0 : 1)
                }
                close(toParent[1])
                #expect(ConcurrentUseTests.reply(from: toParent[0]) == UInt8(ascii: "y"))
                // The parent goes on, and another process comes.
                try dict.set(3, for: "c")
                let before = try block.facts().identity
                dict.close()
                for _ in 0..<5 {
                    block.unlinkAsPython()
                    #expect(UniqueBlock.eventually { (try? block.facts().identity) == before }, "not followed")
                }
                close(toChild[1])
                #expect(ConcurrentUseTests.end(of: child) == 0)
            } catch {
                Issue.record(error)
            }
        }
    }

    /// The status that a child ends with; nil if it does not end, or not by itself.
    private static func end(of child: pid_t) -> Int32? {
        var status: Int32 = -1
        let hasEnded = UniqueBlock.eventually { unsafe waitpid(child, &status, WNOHANG) == child }
        if !hasEnded { kill(child, SIGKILL) }
        return hasEnded ? status : nil
    }

    /// The next byte from a pipe; nil if none comes.
    private static func reply(from pipe: Int32) -> UInt8? {
        var state = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        return unsafe poll(&state, 1, 10_000) == 1 && read(pipe, &byte, 1) == 1 ? byte : nil
    }

    /// A child that comes into being while another thread opens and closes blocks can open one itself: not while a thread
    /// opens the process's first, for then Swift's own locks are taken too, of what is made once.
    @Test func aChildForkedMeanwhileOpensBlocks() async {
        await #expect(processExitsWith: .success) {
            do {
                let blocks = [try UniqueBlock("forks"), try UniqueBlock("forks")]
                defer { for block in blocks { block.removeAll() } }
                let names = blocks.map(\.string)
                let isOver = Atomic<Bool>(false)
                for name in names {
                    try RememoryDict<String, FlatCodingTests.Pair>(name).set(.init(x: 1, y: 2), for: "a")
                }
                let thread = Thread {
                    while !isOver.load(ordering: .relaxed) {
                        for name in names { _ = try? RememoryDict<String, FlatCodingTests.Pair>(name)["a"] }
                    }
                }
                thread.start()
                for round in 0..<100 {
                    let child = fork()
                    if child == 0 {
                        let found = try? RememoryDict<String, FlatCodingTests.Pair>(names[0])["a"]
                        _exit(found?.x == 1 ? 0 : 1)
                    }
                    try #require(ConcurrentUseTests.end(of: child) == 0, "round \(round)")
                }
                isOver.store(true, ordering: .relaxed)
                while !thread.isFinished { SystemCalls.sleep(nanoseconds: 500_000) }
            } catch {
                Issue.record(error)
            }
        }
    }
}
