import CRememoryPlatform

/// A segment's file and its bytes in this process, until released.
///
/// While it lives it keeps a shared file lock on the inode: the sign that the guard link has an owner.
@safe final class MappedSegment: @unchecked Sendable {
    private(set) var file: FileDescriptor
    let identity: FileFacts.Identity
    let bytes: UnsafeMutableRawBufferPointer

    /// The count of forks when the file was opened. A forked child shares its parent's file locks, and may not change
    /// them.
    private var forks = rm_forks()

    /// No segment: what is left to a block of which all handles are closed.
    static let none = MappedSegment()

    /// Maps a file that was checked.
    ///
    /// - Parameter facts: What is known of the file, so that it need not be asked for again.
    init(_ file: consuming FileDescriptor, _ facts: FileFacts? = nil) throws(SystemFailure) {
        let facts = if let facts { facts } else { try file.facts() }
        if facts.allocated < facts.size { try file.reserve(facts.size) }
        unsafe bytes = try SystemCalls.map(file, count: facts.size)
        identity = facts.identity
        self.file = file
        try holdLock()
    }

    private init() {
        file = FileDescriptor(taking: -1, path: "")
        identity = FileFacts.Identity(device: 0, inode: 0)
        unsafe bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    /// A new segment that nobody sees yet: NULs, no name, all pages set aside.
    convenience init(namelessOfSize size: Int) throws(SystemFailure) {
        try self.init(try SharedMemoryPlace.makeNameless(size: size))
    }

    private func holdLock() throws(SystemFailure) {
        // Whoever looks for stale guards has it exclusively for microseconds.
        var tries = 0
        while !file.tryLock(exclusive: false) {
            guard tries < 1_000 else { throw SystemFailure("flock", file.path) }
            SystemCalls.sleep(nanoseconds: 100_000)
            tries += 1
        }
    }

    /// Whether no other process has it mapped that keeps the lock. A `true` turns the lock into an exclusive one.
    func isLastHolder() -> Bool { forks == rm_forks() && file.tryLock(exclusive: true) }

    /// Lives by a file lock of its own in a forked child, so that the guard doesn't go with its parent.
    func belongToThisProcess() {
        guard forks != rm_forks(), isFileOurs, let own = try? file.reopened() else { return }
        file = own
        forks = rm_forks()
        try? holdLock()
    }

    /// Gives up the lock, and with it the guard, while the bytes stay mapped.
    func letGo() {
        if forks == rm_forks(), isFileOurs { file.unlock() }
    }

    /// Whether `file` can be used. A program may close all descriptors that it finds, and get others with the same
    /// numbers: then the segment is opened again by one of its names, if it has any.
    func hasFile(orOpensOneOf names: [String]) -> Bool {
        if isFileOurs { return true }
        for name in names {
            guard let found = try? FileDescriptor.open(name), let facts = try? found.facts(),
                facts.identity == identity
            else { continue }
            file.disown()
            file = found
            return (try? holdLock()) != nil
        }
        return false
    }

    private var isFileOurs: Bool { (try? file.facts())?.identity == identity }

    deinit {
        if !isFileOurs { file.disown() }
        unsafe SystemCalls.unmap(bytes)
    }
}
