import CRememoryPlatform

/// A segment's file and its bytes in this process, until released.
///
/// While it lives it keeps a shared file lock on the inode: the sign that the guard link has an owner.
@safe final class MappedSegment: @unchecked Sendable {
    let file: FileDescriptor
    let identity: FileFacts.Identity
    let bytes: UnsafeMutableRawBufferPointer

    /// The count of forks when it was mapped. A forked child shares its parent's file locks, and may not change them.
    private let forks = rm_forks()

    /// Maps a file that was checked.
    init(_ file: consuming FileDescriptor) throws(SystemFailure) {
        let facts = try file.facts()
        if facts.allocated < facts.size { try file.reserve(facts.size) }
        unsafe bytes = try SystemCalls.map(file, count: facts.size)
        identity = facts.identity
        self.file = file
        // Whoever looks for stale guards has it exclusively for microseconds.
        var tries = 0
        while !self.file.tryLock(exclusive: false) {
            guard tries < 1_000 else { throw SystemFailure("flock", self.file.path) }
            SystemCalls.sleep(nanoseconds: 100_000)
            tries += 1
        }
    }

    /// A new segment that nobody sees yet: NULs, no name, all pages set aside.
    convenience init(namelessOfSize size: Int) throws(SystemFailure) {
        try self.init(try SharedMemoryPlace.makeNameless(size: size))
    }

    /// Whether no other process has it mapped that keeps the lock. A `true` turns the lock into an exclusive one.
    func isLastHolder() -> Bool { forks == rm_forks() && file.tryLock(exclusive: true) }

    /// Gives up the lock, and with it the guard, while the bytes stay mapped: who closed a block may hold on to the
    /// handle, and must not be in the way of the next one.
    func letGo() {
        if forks == rm_forks() { file.unlock() }
    }

    deinit { unsafe SystemCalls.unmap(bytes) }
}
