#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `/proc` tells about other processes. Nothing elsewhere.
enum ProcessTable {
    /// The processes that have a file mapped, by device and inode (the path may be a deleted one), and how many could
    /// not be looked into.
    static func processes(mapping file: FileFacts.Identity) -> (processes: [Int32], unreadable: Int) {
        var found: [Int32] = []
        var unreadable = 0
        for process in all() {
            switch maps(of: process, contain: file) {
            case true: found.append(process)
            case false: break
            case nil: unreadable += 1
            }
        }
        return (found, unreadable)
    }

    /// The command line, or the name of the program.
    static func command(of process: Int32) -> String {
        let line = contents("/proc/\(process)/cmdline") ?? []
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        if !words.isEmpty { return String(words.prefix(100)) }
        let name = contents("/proc/\(process)/comm") ?? []
        return String(decoding: name.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    static func all() -> [Int32] { SystemCalls.entries(of: "/proc").compactMap { Int32($0) } }

    /// Whether a process maps a file; `nil` if it can't be looked into. A process that is gone maps nothing.
    private static func maps(of process: Int32, contain file: FileFacts.Identity) -> Bool? {
        guard let text = contents("/proc/\(process)/maps") else {
            return SystemCalls.isAlive(process) ? nil : false
        }
        // 7f2c…-7f2c… rw-s 00000000 00:1a 42    /dev/shm/sem.x
        let device = SystemCalls.hexadecimalDevice(file.device)
        let inode = "\(file.inode)"
        return text.split(separator: UInt8(ascii: "\n")).contains { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5, omittingEmptySubsequences: true)
            return fields.count >= 5 && fields[3].elementsEqual(device.utf8)
                && fields[4].elementsEqual(inode.utf8)
        }
    }

    /// A file of `/proc`, up to 16 MB of it.
    static func contents(_ path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while bytes.count < 1 << 24 {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        return bytes
    }
}
