import Foundation
import Testing

@testable import Rememory

@Suite struct SegmentOpeningTests {
    private static let content: [UInt8] = [0x80, 4, 0x4B, 7, 0x2E]

    @Test func attachingWritesNothing() throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 65536, content: SegmentOpeningTests.content)
        let segment = try Segment.open(block.name, creating: .container(capacity: 1024, initialBytes: [1]))
        #expect(try block.contentByPath() == SegmentOpeningTests.content)
        #expect(try block.facts().size == 65536)
        try segment.withLock { access in #expect(unsafe access.bytes.count == 65536) }
    }

    @Test(arguments: [(1, 5), (2, 5), (3, 6), (4, 8), (5, 5), (6, 6)])
    func aCapacityTooSmallForTheFirstValueGrowsAsInPython(capacity: Int, size: Int) throws {
        let block = try UniqueBlock()
        let dict = try RememoryDict<String, Int>(block.string, capacity: capacity)
        #expect(try block.facts().size == size)
        #expect(try dict.count == 0)
        try dict.set(7, for: "key")
        #expect(try dict["key"] == 7)
    }

    @Test func modeIs0600WhateverTheUmask() throws {
        let block = try UniqueBlock()
        let before = umask(0o777)
        defer { umask(before) }
        let segment = try Segment.open(block.name, creating: .zeros(8))
        #expect(try block.facts().permissions == 0o600)
        #expect(try SystemCalls.facts(block.semaphorePath).permissions == 0o600)
        segment.close()
    }

    @Test func waitsForTheSizeAndTheFirstValue() throws {
        let block = try UniqueBlock()
        let file = try FileDescriptor.open(block.segmentPath, flags: O_CREAT | O_EXCL, mode: 0o600)
        let path = block.segmentPath
        let creator = Thread {
            SystemCalls.sleep(nanoseconds: 20_000_000)
            _ = unsafe truncate(path, 4096)
            SystemCalls.sleep(nanoseconds: 20_000_000)
            if let file = try? FileDescriptor.open(path), let mapped = try? MappedSegment(file) {
                unsafe mapped.bytes.copyBytes(from: SegmentOpeningTests.content)
            }
        }
        creator.start()
        let segment = try Segment.open(block.name, creating: .container(capacity: 1024, initialBytes: [1]))
        try segment.withLock { access in
            #expect(unsafe Array(access.bytes.prefix(5)) == SegmentOpeningTests.content)
        }
        #expect(try file.facts().size == 4096)
    }

    @Test func leavesAYoungScalarAlone() throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 8, content: [])
        let started = SystemCalls.monotonicTime()
        _ = try RememoryInt(block.string)
        #expect(SystemCalls.monotonicTime() - started > 20_000_000)
    }

    @Test func aSizeThatNeverComesIsAnError() throws {
        let block = try UniqueBlock()
        _ = try FileDescriptor.open(block.segmentPath, flags: O_CREAT | O_EXCL, mode: 0o600)
        let error = #expect(throws: RememoryError.self) { try Segment.open(block.name, creating: .zeros(8)) }
        #expect(error?.code == .corruptContent)
    }

    @Test func refusesSymbolicLinks() throws {
        let block = try UniqueBlock()
        let target = try UniqueBlock("target")
        try target.createAsPython(size: 8, content: [1])
        try #require(unsafe symlink(target.segmentPath, block.segmentPath) == 0)
        let error = #expect(throws: RememoryError.self) { try Segment.open(block.name, creating: .zeros(8)) }
        #expect(error?.code == .notPermitted)
    }

    @Test func refusesSymbolicLinksAsSemaphores() throws {
        let block = try UniqueBlock()
        let target = try UniqueBlock("target")
        try target.createAsPython(size: 32, content: [1])
        try #require(unsafe symlink(target.segmentPath, block.semaphorePath) == 0)
        let error = #expect(throws: RememoryError.self) { try RememoryLock(block.string) }
        #expect(error?.code == .notPermitted)
    }

    @Test func refusesSemaphoresThatAreNot32Bytes() throws {
        let block = try UniqueBlock()
        let file = try FileDescriptor.open(block.semaphorePath, flags: O_CREAT | O_EXCL, mode: 0o600)
        try file.setSize(31)
        let error = #expect(throws: RememoryError.self) { try RememoryLock(block.string) }
        #expect(error?.code == .notPermitted)
    }

    @Test(.enabled(if: getuid() == 0, "only root may give files away"))
    func refusesOtherUsersUnlessToldOtherwise() throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 8, content: [1])
        #expect(unsafe chown(block.segmentPath, 12345, 12345) == 0)
        let error = #expect(throws: RememoryError.self) { try RememoryInt(block.string) }
        #expect(error?.code == .notPermitted)
        let open = try RememoryInt(block.string, options: RememoryOptions(acceptsOtherOwners: true))
        #expect(try open.get() == 1)
    }

    @Test func aFullFileSystemIsAnError() throws {
        let block = try UniqueBlock()
        let error = #expect(throws: RememoryError.self) { try Segment.open(block.name, creating: .zeros(1 << 50)) }
        #expect(error?.code == .noRoom)
        #expect(try SystemCalls.factsIfAny(block.segmentPath) == nil)
    }

    @Test func manyThreadsCreateOne() throws {
        let block = try UniqueBlock()
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            #expect(throws: Never.self) {
                let hits = try RememoryInt(block.string)
                for _ in 0..<1_000 { try hits.add(1) }
            }
        }
        #expect(try RememoryInt(block.string).get() == 16_000)
    }
}
