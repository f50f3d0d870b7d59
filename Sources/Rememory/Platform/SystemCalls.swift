import CRememoryPlatform

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Calls on paths and on the process, one line each.
enum SystemCalls {
    static func facts(_ path: String) throws(SystemFailure) -> FileFacts {
        var facts = stat()
        try retrying("lstat", path) { unsafe lstat(path, &facts) }
        return FileFacts(facts)
    }

    /// The facts, or `nil` when there is no such file.
    static func factsIfAny(_ path: String) throws(SystemFailure) -> FileFacts? {
        do {
            return try facts(path)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    /// Gives a file another name. Fails when the new name is taken.
    static func link(_ from: String, _ to: String) throws(SystemFailure) {
        try retrying("link", to) { unsafe linkat(AT_FDCWD, from, AT_FDCWD, to, 0) }
    }

    /// Gives an open file another name, also one that never had a name. Fails when the new name is taken.
    static func link(_ file: borrowing FileDescriptor, _ to: String) throws(SystemFailure) {
        let from = "/proc/self/fd/\(file.number)"
        try retrying("link", to) { unsafe linkat(AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW) }
    }

    static func rename(_ from: String, _ to: String) throws(SystemFailure) {
        try retrying("rename", to) { unsafe renameat(AT_FDCWD, from, AT_FDCWD, to) }
    }

    /// Swaps what two names stand for.
    static func exchange(_ from: String, _ to: String) throws(SystemFailure) {
        try retrying("renameat2", to) { unsafe rm_rename_exchange(from, to) }
    }

    /// Renames, unless the new name is taken.
    static func renameExclusively(_ from: String, _ to: String) throws(SystemFailure) {
        try retrying("renameat2", to) { unsafe rm_rename_exclusive(from, to) }
    }

    /// Removes a name; whether there was one.
    @discardableResult
    static func removeIfAny(_ path: String) throws(SystemFailure) -> Bool {
        do {
            try retrying("unlink", path) { unsafe unlink(path) }
            return true
        } catch {
            if error.isMissing { return false }
            throw error
        }
    }

    /// The names in a directory; none if it can't be read.
    static func entries(of path: String) -> [String] {
        guard let directory = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    static func map(_ file: borrowing FileDescriptor, count: Int) throws(SystemFailure) -> UnsafeMutableRawBufferPointer
    {
        let number = file.number
        guard let base = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, number, 0),
            unsafe base != MAP_FAILED
        else { throw SystemFailure("mmap", file.path) }
        return unsafe UnsafeMutableRawBufferPointer(start: base, count: count)
    }

    /// Maps a file in the place of what is mapped there, in one step: whoever reads meanwhile reads the one or the other.
    static func map(_ file: borrowing FileDescriptor, over bytes: UnsafeMutableRawBufferPointer) throws(SystemFailure) {
        guard let base = bytes.baseAddress else { return }
        let number = file.number
        try retrying("mmap", file.path) { unsafe rm_map_over(base, bytes.count, number) }
    }

    static func unmap(_ bytes: UnsafeMutableRawBufferPointer) {
        if let base = bytes.baseAddress { _ = unsafe munmap(base, bytes.count) }
    }

    /// Nanoseconds on a clock that never jumps.
    static func monotonicTime() -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Nanoseconds since the machine was started, those asleep included: the clock that processes' ages are told by.
    static func bootTime() -> Int64 {
        #if os(Linux)
            var time = timespec()
            _ = unsafe clock_gettime(CLOCK_BOOTTIME, &time)
            return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        #else
            return monotonicTime()
        #endif
    }

    static var clockTicksPerSecond: Int64 { max(Int64(sysconf(Int32(_SC_CLK_TCK))), 1) }

    static var pageSize: Int { max(sysconf(Int32(_SC_PAGESIZE)), 4096) }

    /// What a symbolic link says, up to 255 bytes of it.
    static func linkTarget(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: 255)
        let count = unsafe readlink(path, &target, target.count)
        return count < 0 ? nil : String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Nanoseconds since 1970.
    static func wallTime() -> Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static func sleep(nanoseconds: Int64) {
        var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        _ = unsafe nanosleep(&time, nil)
    }

    /// Whether there is such a process, be it dead and not yet asked for by its parent.
    static func isAlive(_ process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }

    /// A device number as `/proc/PID/maps` writes it.
    static func hexadecimalDevice(_ device: UInt64) -> String {
        let major = (device >> 8) & 0xFFF | (device >> 32) & ~0xFFF
        let minor = device & 0xFF | (device >> 12) & ~0xFF
        func padded(_ number: UInt64) -> String { (number < 16 ? "0" : "") + String(number, radix: 16) }
        return "\(padded(major)):\(padded(minor))"
    }

    /// Runs a function when the process ends in good order.
    static func atExit(_ body: @escaping @convention(c) () -> Void) { _ = atexit(body) }

    /// The largest size that this process may give a file.
    static var fileSizeLimit: Int {
        var limit = rlimit()
        #if canImport(Glibc)
            let which = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
        #else
            let which = RLIMIT_FSIZE
        #endif
        guard unsafe getrlimit(which, &limit) == 0 else { return .max }
        return Int(clamping: limit.rlim_cur)
    }

    static var userIdentifier: UInt32 { geteuid() }

    static var processIdentifier: Int32 { getpid() }
}
