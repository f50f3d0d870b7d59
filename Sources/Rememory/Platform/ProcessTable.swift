import CRememoryPlatform

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What `/proc` tells about processes. Nothing elsewhere.
enum ProcessTable {
    /// How a process has a semaphore mapped: glibc maps one page, Swift two (see `NamedSemaphore`).
    struct Mapping {
        var process: Int32
        /// The addresses of the semaphore's page in that process.
        var pages: [Range<UInt>] = []
        /// Whether nobody but Rememory for Swift maps it there.
        var isSwift = true
    }

    /// What `/proc/PID/stat` says.
    struct Facts {
        /// R, S, D, T, t, Z, X.
        var state: Character
        var threads: Int
        /// In clock ticks since the machine was started.
        var startTime: UInt64

        /// Dead, but its parent has not asked yet. (A leader that has ended looks like that while its threads go on.)
        var isDead: Bool { (state == "Z" || state == "X") && threads <= 1 }
    }

    /// What a thread was doing when it was looked at.
    struct ThreadFacts {
        /// The system call it is in, with the address that is its first operand; `nil` if it runs its own code.
        var call: Int?
        var operand: UInt?
    }

    /// Whether `/proc` shows the processes of the namespace that we are in: numbers mean the same there and here.
    static var isOurs: Bool { SystemCalls.linkTarget("/proc/self") == "\(SystemCalls.processIdentifier)" }

    /// Whether other users' processes are not hidden from us, as `/proc` can be mounted.
    static var seesAllProcesses: Bool { (try? SystemCalls.facts("/proc/1")) != nil }

    /// The processes that have a file mapped, by device and inode (the path may be a deleted one), and how many could
    /// not be looked into.
    static func mappings(of file: FileFacts.Identity) -> (mappings: [Mapping], unreadable: Int) {
        var found: [Mapping] = []
        var unreadable = 0
        for process in all() {
            guard let pages = pages(of: file, in: process) else {
                unreadable += 1
                continue
            }
            guard !pages.isEmpty else { continue }
            let isSwift = pages.allSatisfy { $0.count > Int(SystemCalls.pageSize) }
            found.append(Mapping(process: process, pages: pages, isSwift: isSwift))
        }
        return (found, unreadable)
    }

    /// The command line, or the name of the program.
    static func command(of process: Int32) -> String {
        let line = contents("/proc/\(process)/cmdline") ?? []
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        if !words.isEmpty { return String(words.prefix(200)) }
        let name = contents("/proc/\(process)/comm") ?? []
        return String(decoding: name.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// `nil` if there is no such process, or nothing can be seen of it.
    static func facts(of process: Int32) -> Facts? { facts(in: "/proc/\(process)") }

    private static func facts(in path: String) -> Facts? {
        guard let text = contents("\(path)/stat"), let end = text.lastIndex(of: UInt8(ascii: ")")) else {
            return nil
        }
        // 4711 (any) thing) S 1 4711 4711 0 -1 … : from the third field on
        let fields = text[(end + 1)...].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 19, let state = fields[0].first, let threads = Int(fields[17]),
            let startTime = UInt64(fields[19])
        else { return nil }
        return Facts(state: state, threads: threads, startTime: startTime)
    }

    /// How old a process is.
    static func age(startedAt ticks: UInt64) -> Duration {
        let nanoseconds = Int64(ticks) * (1_000_000_000 / SystemCalls.clockTicksPerSecond)
        return .nanoseconds(max(SystemCalls.bootTime() - nanoseconds, 0))
    }

    /// What all threads of a process do; `nil` if that can't be seen.
    static func threads(of process: Int32) -> [ThreadFacts]? {
        var found: [ThreadFacts] = []
        for thread in numbers("/proc/\(process)/task") {
            let path = "/proc/\(process)/task/\(thread)"
            guard let call = contents("\(path)/syscall") else {
                if (try? SystemCalls.facts(path)) == nil { continue }  // it has ended
                return nil
            }
            // 202 0x7f3a8c8f3000 0x189 …, -1 0x7ffc… 0x7f…, or "running"
            let words = call.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            let number = words.first.flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
            let operand = words.dropFirst().first.flatMap { UInt($0.dropFirst(2), radix: 16) }
            found.append(ThreadFacts(call: number, operand: operand))
        }
        return found.isEmpty ? nil : found
    }

    static func all() -> [Int32] { numbers("/proc") }

    private static func numbers(_ path: String) -> [Int32] { SystemCalls.entries(of: path).compactMap { Int32($0) } }

    /// Where a process has a file mapped; `nil` if it can't be looked into. All threads of a process map the same, but
    /// one that has ended, as the first may have, maps nothing any more.
    private static func pages(of file: FileFacts.Identity, in process: Int32) -> [Range<UInt>]? {
        for thread in numbers("/proc/\(process)/task") {
            if let text = contents("/proc/\(process)/task/\(thread)/maps") {
                if !text.isEmpty { return pages(of: file, in: text) }
            } else if let facts = facts(in: "/proc/\(process)/task/\(thread)"), facts.state != "Z", facts.state != "X" {
                return nil
            }
        }
        return []
    }

    private static func pages(of file: FileFacts.Identity, in text: [UInt8]) -> [Range<UInt>] {
        // 7f2c…-7f2c… rw-s 00000000 00:1a 42    /dev/shm/sem.x
        let device = SystemCalls.hexadecimalDevice(file.device)
        let inode = "\(file.inode)"
        return text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5, omittingEmptySubsequences: true)
            guard fields.count >= 5, fields[3].elementsEqual(device.utf8), fields[4].elementsEqual(inode.utf8) else {
                return nil
            }
            let ends = fields[0].split(separator: UInt8(ascii: "-")).compactMap {
                UInt(String(decoding: $0, as: UTF8.self), radix: 16)
            }
            return ends.count == 2 && ends[0] <= ends[1] ? ends[0]..<ends[1] : nil
        }
    }

    /// A file of `/proc`, up to 16 MB of it; `nil` if it can't be read to its end.
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
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
        return nil
    }
}
