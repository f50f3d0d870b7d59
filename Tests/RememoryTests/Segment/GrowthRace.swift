import ChildProcess
import Foundation
import Synchronization

@testable import Rememory

/// Threads of this process add to the 64-bit counter at offset 8 of a segment, while other processes add to it as well
/// and put it into a new segment each time. Whoever misses a single replacement loses an addition.
struct GrowthRace {
    enum Peer: String {
        case follow, double, hold
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Outcome: CustomStringConvertible {
        var additions: Int
        var growths: Int
        var counter: Int
        var seconds: Double
        var usesSentinel: Bool

        var lost: Int { additions + growths - counter }

        var description: String {
            """
            \(growths) growths by others, \(additions) additions here, \(lost) lost, \
            \(String(format: "%.1f", seconds)) s, \(usesSentinel ? "sentinel" : "system call")
            """
        }
    }

    /// How many growths a test makes: set `REMEMORY_STRESS_GROWTHS=300000` for a long run of one of them, as in
    /// `REMEMORY_STRESS_GROWTHS=300000 swift test -c release -Xswiftc -enable-testing --filter CoherenceTests`.
    static func growths(unlessStressed count: Int) -> Int {
        ProcessInfo.processInfo.environment["REMEMORY_STRESS_GROWTHS"].flatMap { Int($0) } ?? count
    }

    var coherence: RememoryOptions.Coherence
    var peer = Peer.follow
    var threads = 1
    var peers = 1
    var busyThreads = 0
    /// By all peers together.
    var growths: Int

    func run() throws -> Outcome {
        let block = try UniqueBlock("growth")
        let segment = try GrowthRace.open(block, coherence)
        let started = SystemCalls.monotonicTime()
        let isOver = Atomic<Bool>(false)
        let additions = Atomic<Int>(0)
        let failure = Mutex<(any Error)?>(nil)
        try GrowthRace.add(segment)
        let running = try (0..<peers).map { _ in try GrowthRace.start(peer, block, growths / peers) }
        let adders = (0..<threads).map { _ in
            Thread {
                var count = 0
                do {
                    while !isOver.load(ordering: .relaxed) {
                        try GrowthRace.add(segment)
                        count += 1
                    }
                } catch {
                    failure.withLock { $0 = error }
                }
                additions.add(count, ordering: .relaxed)
            }
        }
        let hogs = (0..<busyThreads).map { _ in Thread { while !isOver.load(ordering: .relaxed) {} } }
        for thread in adders + hogs { thread.start() }
        let endings = running.map { $0.wait() }
        isOver.store(true, ordering: .relaxed)
        for thread in adders + hogs {
            while !thread.isFinished { SystemCalls.sleep(nanoseconds: 1_000_000) }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        guard endings.allSatisfy({ $0 == .exited(0) }) else { throw Failure(description: "a peer failed") }
        let counter = try GrowthRace.counter(segment)
        // What came last may have been a replacement: then it is armed now.
        for _ in 0..<2 { try segment.withLock { _ in } }
        return Outcome(
            additions: additions.load(ordering: .relaxed) + 1,
            growths: growths / peers * peers,
            counter: counter,
            seconds: Double(SystemCalls.monotonicTime() - started) / 1e9,
            usesSentinel: segment.core.usesSentinel
        )
    }

    static func open(_ block: UniqueBlock, _ coherence: RememoryOptions.Coherence) throws -> Segment {
        try Segment.open(
            block.name,
            creating: .container(capacity: 64, initialBytes: [1]),
            options: RememoryOptions(timeout: .seconds(60), coherence: coherence)
        )
    }

    static func add(_ segment: Segment) throws {
        try segment.withLock { access in
            let value = unsafe access.bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            unsafe access.bytes.storeBytes(of: value + 1, toByteOffset: 8, as: UInt64.self)
        }
    }

    static func counter(_ segment: Segment) throws -> Int {
        try segment.withLock { access in
            Int(unsafe access.bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    /// Another process; see Tests/Support/GrowthPeer.
    static func start(_ peer: Peer, _ block: UniqueBlock, _ count: Int) throws -> ChildProcess {
        try ChildProcess([try Products.path("growth-peer"), block.string, "\(count)", peer.rawValue])
    }
}
