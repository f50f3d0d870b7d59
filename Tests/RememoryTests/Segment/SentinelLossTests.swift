import ChildProcess
import Foundation
import Testing

@testable import Rememory

/// What can befall the sentinel: no replacement goes unnoticed, and nobody else's descriptors are touched.
///
/// Each test is a process of its own.
@Suite struct SentinelLossTests {
    @Test func closedDescriptorsAreNoticed() async {
        await #expect(processExitsWith: .success) {
            SentinelLoss.run { loss in
                for _ in 0..<20 {
                    try loss.settle()
                    loss.closeAllDescriptors()
                    try loss.replace()
                    try #expect(loss.countAfterAdding() == loss.count, "an addition was lost")
                    try loss.settle()
                }
            }
        }
    }

    /// Silent is not lost: the sentinel that can't be armed again still goes off.
    @Test func theProgramsDescriptorsAreLeftAlone() async {
        await #expect(processExitsWith: .success) {
            SentinelLoss.run { loss in
                try loss.settle()
                loss.closeAllDescriptors()
                // Same numbers, other files: pipes with something in them, and inotify instances in an epoll.
                var pipes: [(Int32, Int32)] = []
                for _ in 0..<10 {
                    var ends: [Int32] = [0, 0]
                    _ = unsafe pipe(&ends)
                    _ = unsafe write(ends[1], "precious", 8)
                    pipes.append((ends[0], ends[1]))
                }
                for _ in 0..<3 {
                    try loss.replace()
                    try #expect(loss.countAfterAdding() == loss.count, "an addition was lost")
                }
                try loss.settle()
                loss.segment.close()
                for (reading, writing) in pipes {
                    var bytes = [UInt8](repeating: 0, count: 8)
                    #expect(unsafe read(reading, &bytes, 8) == 8, "somebody read from a pipe")
                    #expect(close(reading) == 0 && close(writing) == 0, "somebody closed a pipe")
                }
            }
        }
    }

    /// A name that is lost while its descriptor is somebody else's: `link` must not give it to another file.
    @Test func aLostNameComesBackWithoutItsDescriptor() async {
        await #expect(processExitsWith: .success) {
            SentinelLoss.run { loss in
                let stranger = try UniqueBlock("stranger")
                try stranger.createAsPython(size: 64, content: [7])
                try loss.settle()
                loss.closeAllDescriptors()
                for _ in 0..<20 { _ = unsafe open(stranger.segmentPath, O_RDWR) }
                loss.block.unlinkAsPython()
                try #expect(loss.countAfterAdding() == loss.count, "an addition was lost")
                loss.block.unlinkAsPython()
                _ = try SystemCalls.removeIfAny(loss.block.guardPath)
                loss.closeAllDescriptors()
                try #expect(loss.countAfterAdding() == loss.count, "an addition was lost with the guard")
                #expect(try loss.block.facts().size == 64, "another file has the name")
                #expect(try stranger.contentByPath() == [7], "the other file was changed")
                stranger.removeAll()
            }
        }
    }

    @Test func theThreadThatArmedItMayEnd() async {
        await #expect(processExitsWith: .success) {
            SentinelLoss.run { loss in
                for _ in 0..<100 {
                    let segment = loss.segment
                    let thread = Thread { try? segment.withLock { _ in } }
                    thread.start()
                    while !thread.isFinished { SystemCalls.sleep(nanoseconds: 200_000) }
                    let isArmed = try RememoryLock(loss.block.string).withLock { segment.core.usesSentinel }
                    #expect(isArmed, "not armed")
                    try loss.replace()
                    try #expect(loss.countAfterAdding() == loss.count, "an addition was lost")
                }
            }
        }
    }

    @Test func aForkedChildHasItsOwn() async {
        await #expect(processExitsWith: .success) {
            SentinelLoss.run { loss in
                try loss.settle()
                let peer = try GrowthRace.start(.follow, loss.block, 2_000)
                let additions = 20_000
                var children: [Int32] = []
                for _ in 0..<2 {
                    let child = fork()
                    if child == 0 { _exit(SentinelLoss.addAsChild(loss.segment, additions)) }
                    children.append(child)
                }
                for _ in 0..<additions { try GrowthRace.add(loss.segment) }
                for child in children {
                    var status: Int32 = 0
                    #expect(unsafe waitpid(child, &status, 0) == child && status == 0, "child: \(status)")
                }
                #expect(peer.wait() == .exited(0), "the peer failed")
                try #expect(
                    GrowthRace.counter(loss.segment) == loss.count + 3 * additions + 2_000, "an addition was lost"
                )
            }
        }
    }

    /// The parent's other thread is in the middle of an operation when the child comes into being.
    @Test func aForkedChildIsNotInItsParentsOperation() async {
        await #expect(processExitsWith: .success) {
            SentinelLoss.run { loss in
                let segment = loss.segment
                let isIn = DispatchSemaphore(value: 0)
                let mayLeave = DispatchSemaphore(value: 0)
                let thread = Thread {
                    try? segment.withLock { _ in
                        isIn.signal()
                        mayLeave.wait()
                    }
                }
                thread.start()
                isIn.wait()
                var pipeEnds: [Int32] = [0, 0]
                _ = unsafe pipe(&pipeEnds)
                let child = fork()
                if child == 0 {
                    var byte: UInt8 = 0
                    _ = unsafe read(pipeEnds[0], &byte, 1)
                    _exit(SentinelLoss.addAsChild(segment, 3))
                }
                mayLeave.signal()
                while !thread.isFinished { SystemCalls.sleep(nanoseconds: 200_000) }
                try loss.replace()
                _ = unsafe write(pipeEnds[1], "x", 1)
                var status: Int32 = 0
                #expect(unsafe waitpid(child, &status, 0) == child && status == 0, "child: \(status)")
                try #expect(GrowthRace.counter(segment) == loss.count + 3, "an addition was lost")
            }
        }
    }

    @Test func withoutASentinelTheNameIsLookedAt() async {
        await #expect(processExitsWith: .success) {
            SentinelLoss.run(.automatic) { loss in
                // Room for two descriptors more, one of them for who follows a replacement. As with too many inotify instances: the calls fail with the same error.
                try loss.replace()
                #expect(try loss.countAfterAdding() == loss.count)
                var limit = rlimit()
                _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                // The lowest number after which there is none in use.
                let highest = SystemCalls.entries(of: "/proc/self/fd").compactMap { Int32($0) }.max() ?? 2
                var next = dup(0)
                while next <= highest { next = dup(0) }
                close(next)
                var low = rlimit(rlim_cur: rlim_t(next + 2), rlim_max: limit.rlim_max)
                _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &low)
                for round in 0..<SegmentCore.looksBeforeSentinel {
                    try #expect(loss.countAfterAdding() == loss.count, "an addition was lost")
                    #expect(!loss.segment.core.usesSentinel, "this needs more descriptors")
                    if round % 16 == 0 { try loss.replace() }
                }
                _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                // It is asked for again after a while.
                for _ in 0..<2 * SegmentCore.looksBeforeNextTry {
                    try #expect(loss.countAfterAdding() == loss.count, "an addition was lost")
                }
                #expect(loss.segment.core.usesSentinel, "a sentinel could be had")
            }
        }
    }
}

/// A counter whose segment is replaced, in a process that something happens to.
final class SentinelLoss {
    let block: UniqueBlock
    let segment: Segment
    private(set) var count = 0
    private var peer: MappedSegment?
    /// What the process needs to report.
    private let spared: Set<Int32>

    private init(_ block: UniqueBlock, _ segment: Segment, spared: Set<Int32>) {
        self.block = block
        self.segment = segment
        self.spared = spared
    }

    private static func openDescriptors() -> Set<Int32> {
        Set(SystemCalls.entries(of: "/proc/self/fd").compactMap { Int32($0) })
    }

    static func run(
        _ coherence: RememoryOptions.Coherence = .sentinel, _ body: (SentinelLoss) throws -> Void
    ) {
        do {
            let spared = openDescriptors()
            let block = try UniqueBlock("loss")
            defer { block.removeAll() }
            let loss = SentinelLoss(block, try GrowthRace.open(block, coherence), spared: spared)
            try body(loss)
        } catch {
            Issue.record(error)
        }
    }

    /// Makes operations trust the sentinel.
    func settle() throws {
        for _ in 0..<3 { try segment.withLock { _ in } }
        #expect(segment.core.usesSentinel)
    }

    /// Adds, and returns what whoever has the name sees then.
    func countAfterAdding() throws -> Int {
        try GrowthRace.add(segment)
        count += 1
        let named = try MappedSegment(try FileDescriptor.open(block.segmentPath))
        return unsafe named.bytes.loadUnaligned(fromByteOffset: 8, as: Int.self)
    }

    /// What another Swift process does that grows the block, past everything that this process knows.
    func replace() throws {
        let lock = try RememoryLock(block.string)
        try lock.withLock {
            var content = [UInt8](repeating: 0, count: 16)
            content[0] = 1
            unsafe content.withUnsafeMutableBytes { unsafe $0.storeBytes(of: count, toByteOffset: 8, as: Int.self) }
            peer = nil
            let larger = try MappedSegment(namelessOfSize: 64)
            unsafe larger.bytes.copyBytes(from: content)
            block.unlinkAsPython()
            try SystemCalls.link(larger.file, block.segmentPath)
            // In one step: a guard that is away for a moment makes the semaphore's look like a left-over.
            let incoming = SharedMemoryPlace.incoming(block.name)
            try SystemCalls.link(larger.file, incoming)
            try SystemCalls.rename(incoming, block.guardPath)
            peer = larger
        }
    }

    /// All but those that were open before the block was.
    func closeAllDescriptors() {
        for number in 0..<Int32(256) where !spared.contains(number) { close(number) }
    }

    /// What a forked child does; its exit status.
    static func addAsChild(_ segment: Segment, _ additions: Int) -> Int32 {
        do {
            for _ in 0..<additions { try GrowthRace.add(segment) }
            return segment.core.usesSentinel ? 0 : 2
        } catch {
            return 3
        }
    }
}
