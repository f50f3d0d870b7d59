#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is only read, by calls: no mapping that would end the process when somebody cuts the file short, no
/// page set aside, no byte changed.
struct FileReader: ~Copyable {
    private let number: Int32
    let path: String
    let facts: FileFacts

    /// Opens a regular file. Never follows a symbolic link, never waits for a pipe.
    ///
    /// - Returns: `nil` if it is no regular file.
    init?(_ path: String) throws(SystemFailure) {
        let opened = try retrying("open", path) {
            unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        }
        var facts = stat()
        guard unsafe fstat(opened, &facts) == 0, FileFacts(facts).isRegular else {
            _ = close(opened)
            return nil
        }
        number = opened
        self.path = path
        self.facts = FileFacts(facts)
    }

    deinit { _ = close(number) }

    /// Up to `count` bytes from an offset; fewer where the file ends before.
    func read(_ count: Int, at offset: Int = 0) throws(SystemFailure) -> [UInt8] {
        let available = max(0, min(count, facts.size - offset))
        var failure: SystemFailure?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: available) { buffer, filled in
            while filled < available {
                let rest = available - filled
                let start = unsafe buffer.baseAddress.map { unsafe $0 + filled }
                let got = unsafe pread(number, start, rest, off_t(offset + filled))
                if got > 0 {
                    filled += got
                } else if got == 0 {
                    return
                } else if errno != EINTR {
                    failure = SystemFailure("pread", path)
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
