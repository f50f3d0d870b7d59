import CRememoryPlatform

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `fstat` says about a file, as far as it matters here.
struct FileFacts {
    /// Tells files apart: device and inode.
    struct Identity: Hashable {
        var device: UInt64
        var inode: UInt64
    }

    var identity: Identity
    var size: Int
    var allocated: Int
    /// Whether every page has been written or set aside: of a segment that is being made, the last one has not.
    var hasAllPages: Bool { allocated >= size }
    var owner: UInt32
    var linkCount: Int
    var permissions: UInt32
    var isRegular: Bool

    init(_ facts: stat) {
        identity = Identity(device: UInt64(truncatingIfNeeded: facts.st_dev), inode: UInt64(facts.st_ino))
        size = Int(facts.st_size)
        allocated = Int(facts.st_blocks) * 512
        owner = facts.st_uid
        linkCount = Int(facts.st_nlink)
        permissions = UInt32(facts.st_mode) & 0o7777
        isRegular = UInt32(facts.st_mode) & 0o170000 == 0o100000
    }
}

/// An open file, closed when it is released.
struct FileDescriptor: ~Copyable {
    private(set) var number: Int32
    /// For messages only.
    let path: String

    init(taking number: Int32, path: String) {
        self.number = number
        self.path = path
    }

    deinit { if number >= 0 { _ = close(number) } }

    /// Forgets the number, which has turned out to be somebody else's by now.
    mutating func disown() { number = -1 }

    /// Opens a file for reading and writing. Never follows a symbolic link, never hands the descriptor to a child.
    static func open(_ path: String, flags: Int32 = 0, mode: UInt32 = 0) throws(SystemFailure) -> FileDescriptor {
        let all = flags | O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
        var tries = 0
        while true {
            do {
                let number = try retrying("open", path) { unsafe rm_open(path, all, mode_t(mode)) }
                return FileDescriptor(taking: number, path: path)
            } catch {
                // Somebody is just looking whether nobody else has it open: for microseconds.
                guard error.isBusy, tries < 1_000 else { throw error }
                SystemCalls.sleep(nanoseconds: 100_000)
                tries += 1
            }
        }
    }

    /// The same file, opened once more, also when it has no name.
    func reopened() throws(SystemFailure) -> FileDescriptor {
        let link = "/proc/self/fd/\(number)"
        let again = try retrying("open", link) { unsafe rm_open(link, O_RDWR | O_CLOEXEC | O_NONBLOCK, 0) }
        return FileDescriptor(taking: again, path: path)
    }

    func facts() throws(SystemFailure) -> FileFacts {
        var facts = stat()
        try retrying("fstat", path) { unsafe fstat(number, &facts) }
        return FileFacts(facts)
    }

    /// Past the process's limit the kernel would not only refuse, but also end the process by SIGXFSZ.
    private func check(_ size: Int) throws(SystemFailure) {
        if size > SystemCalls.fileSizeLimit { throw SystemFailure("ftruncate", path, number: EFBIG) }
    }

    func setSize(_ size: Int) throws(SystemFailure) {
        try check(size)
        try retrying("ftruncate", path) { ftruncate(number, off_t(size)) }
    }

    /// Makes the file system set all pages aside, so that a full one is an error now instead of a SIGBUS later.
    func reserve(_ size: Int) throws(SystemFailure) {
        #if os(Linux)
            try check(size)
            while true {
                let failure = posix_fallocate(number, 0, off_t(size))
                if failure == 0 { return }
                if failure != EINTR { throw SystemFailure("posix_fallocate", path, number: failure) }
            }
        #endif
    }

    func setPermissions(_ mode: UInt32) throws(SystemFailure) {
        try retrying("fchmod", path) { fchmod(number, mode_t(mode)) }
    }

    /// How long ago the file came into being, in nanoseconds, where the file system says so.
    var age: Int64? { birthTime.map { max(SystemCalls.wallTime() - $0, 0) } }

    /// When the file came into being, in nanoseconds since 1970; `nil` where the file system doesn't say.
    var birthTime: Int64? {
        let time = rm_birth_time(number)
        return time == 0 ? nil : time
    }

    /// Whether somebody else has the file open or mapped, or that can't be known. Only for the process's one descriptor.
    var isOpenElsewhere: Bool { rm_is_open_elsewhere(number) != 0 }

    /// Takes the file's lock (`flock`) if nobody else's is in the way.
    func tryLock(exclusive: Bool) -> Bool {
        while true {
            if flock(number, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 { return true }
            if errno != EINTR { return false }
        }
    }

    /// Gives the file's lock up.
    func unlock() { _ = flock(number, LOCK_UN) }
}
