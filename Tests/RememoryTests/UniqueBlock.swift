import Testing

@testable import Rememory

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A name in shared memory that no other test has. Whatever the test leaves under it is removed with this.
final class UniqueBlock: Sendable {
    let name: BlockName

    init(_ topic: String = "test") throws {
        _ = UniqueBlock.cleaning
        name = try BlockName("rmtest-\(topic)-\(getpid())-\(UInt64.random(in: 0 ... .max))")
    }

    deinit { removeAll() }

    /// Once a run: what test processes have left that were killed. Their numbers are in the names.
    private static let cleaning: Void = {
        for file in SystemCalls.entries(of: SharedMemoryPlace.directory) {
            guard let match = file.firstMatch(of: /rmtest-[a-z]+-(\d+)-\d+/), let process = Int32(match.1),
                !SystemCalls.isAlive(process)
            else { continue }
            _ = try? SystemCalls.removeIfAny("\(SharedMemoryPlace.directory)/\(file)")
        }
    }()

    var string: String { name.description }
    var segmentPath: String { SharedMemoryPlace.segment(name) }
    var guardPath: String { SharedMemoryPlace.guardLink(name) }
    var semaphorePath: String { SharedMemoryPlace.semaphore(name) }

    /// What a Python process does at growth, in `unlink()`, and 34 to 95 ms after its exit.
    func unlinkAsPython() { _ = try? SystemCalls.removeIfAny(segmentPath) }

    /// What a Python process does to create the segment, content included.
    func createAsPython(size: Int, content: [UInt8]) throws {
        let file = try FileDescriptor.open(segmentPath, flags: O_CREAT | O_EXCL, mode: 0o600)
        try file.setSize(size)
        let mapped = try MappedSegment(file)
        unsafe mapped.bytes.copyBytes(from: content)
    }

    /// What a Python process does at growth, with the lock held; and what remains when one that exits takes the name
    /// with it and another makes the block anew, before anybody can act.
    func replaceAsPython(size: Int, content: [UInt8]) throws {
        try RememoryLock(string).withLock {
            unlinkAsPython()
            try createAsPython(size: size, content: content)
        }
    }

    /// The segment's bytes as another process sees them, up to the NULs at the end.
    func contentByPath() throws -> [UInt8] {
        let mapped = try MappedSegment(try FileDescriptor.open(segmentPath))
        let bytes = unsafe UnsafeRawBufferPointer(mapped.bytes)
        return unsafe Array(bytes[..<bytes.usedCount])
    }

    /// Waits until something is so, for at most ten seconds; whether it is.
    static func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
        let started = SystemCalls.monotonicTime()
        while try !condition() {
            if SystemCalls.monotonicTime() - started > 10_000_000_000 { return false }
            SystemCalls.sleep(nanoseconds: 500_000)
        }
        return true
    }

    func facts() throws -> FileFacts { try SystemCalls.facts(segmentPath) }

    /// Removes it on purpose, so that a handle that is still open doesn't bring it back.
    func removeAll() {
        for path in [segmentPath, guardPath] {
            if let file = try? FileDescriptor.open(path), let facts = try? file.facts() {
                try? file.setPermissions(facts.permissions | FileFacts.removedMark)
            }
        }
        for path in [
            segmentPath, guardPath, semaphorePath, SharedMemoryPlace.incoming(name), SharedMemoryPlace.undo(name),
            SharedMemoryPlace.semaphoreGuard(name), SharedMemoryPlace.incomingSemaphore(name),
        ] {
            _ = try? SystemCalls.removeIfAny(path)
        }
    }
}
