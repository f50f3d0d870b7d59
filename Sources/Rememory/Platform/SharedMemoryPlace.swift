#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where segments and semaphores are files on Linux, and the names that hidden ones have there.
///
/// A hidden name contains bytes that no block's name may contain, so it is never in anybody's way:
///
///     NAME                       the segment
///     sem.rememorydict_NAME      its semaphore, 32 bytes
///     .rememory§NAME             the guard: a second name of the segment while Swift processes have it open
///     .rememory§NAME§            a segment on its way to the name, under the lock
///     .rmundo§NAME               what the content was that is being written over, under the lock
///     .rmsem§NAME                the semaphore's guard, as long as the segment has one
///     .rmsem§NAME§               a semaphore on its way to the name or the guard, under the lock
enum SharedMemoryPlace {
    static let directory = "/dev/shm"
    private static let hiddenPrefix = ".rememory\u{A7}"
    private static let semaphoreGuardPrefix = ".rmsem\u{A7}"
    private static let semaphorePrefix = "sem.rememorydict_"

    // Who opens a block asks for these two, and waits for them.
    private static let segmentStart = "\(directory)/"
    private static let semaphoreStart = "\(directory)/\(semaphorePrefix)"

    static func segment(_ name: BlockName) -> String { segmentStart + name.description }
    static func semaphore(_ name: BlockName) -> String { semaphoreStart + name.description }
    static func guardLink(_ name: BlockName) -> String { "\(directory)/\(hiddenPrefix)\(name)" }
    static func undo(_ name: BlockName) -> String { "\(directory)/.rmundo\u{A7}\(name)" }
    static func incoming(_ name: BlockName) -> String { guardLink(name) + "\u{A7}" }

    static func semaphoreGuard(_ name: BlockName) -> String { "\(directory)/\(semaphoreGuardPrefix)\(name)" }
    static func incomingSemaphore(_ name: BlockName) -> String { semaphoreGuard(name) + "\u{A7}" }

    /// A hidden name, and the one that decides whether it is a left-over.
    struct HiddenLink {
        var path: String
        var owner: String
    }

    /// All hidden names of segments there are; their owner is the public name.
    static var segmentLinks: [HiddenLink] { links(hiddenPrefix, ownedWith: "") }

    /// All hidden names of semaphores there are; their owner is the segment's guard.
    static var semaphoreLinks: [HiddenLink] { links(semaphoreGuardPrefix, ownedWith: hiddenPrefix) }

    private static func links(_ prefix: String, ownedWith ownerPrefix: String) -> [HiddenLink] {
        SystemCalls.entries(of: directory).filter { $0.hasPrefix(prefix) }.map { hidden in
            let name = hidden.dropFirst(prefix.count).prefix { $0.isASCII }
            return HiddenLink(path: "\(directory)/\(hidden)", owner: "\(directory)/\(ownerPrefix)\(name)")
        }
    }

    /// Whether a Swift process has the block open: its guard's file is locked then.
    static func isGuarded(_ name: BlockName) -> Bool {
        guard let file = try? FileDescriptor.open(guardLink(name)) else { return false }
        return !file.tryLock(exclusive: true)
    }

    /// The names of everything that is not hidden: those of semaphores with this package's prefix, without it, and all
    /// others. They may be names that no block can have.
    static func names() -> (semaphores: [String], others: [String]) {
        var names: (semaphores: [String], others: [String]) = ([], [])
        for entry in SystemCalls.entries(of: directory) where !entry.hasPrefix(".") {
            if entry.hasPrefix(semaphorePrefix) {
                names.semaphores.append(String(entry.dropFirst(semaphorePrefix.count)))
            } else if !entry.hasPrefix("sem.") {
                names.others.append(entry)
            }
        }
        return names
    }

    /// The paths of a segment and its semaphore, also for names that no block can have.
    static func paths(ofListed name: String) -> (segment: String, semaphore: String) {
        ("\(directory)/\(name)", "\(directory)/\(semaphorePrefix)\(name)")
    }

    /// A new file of that size without a name, all its pages set aside, mode 0600 whatever the umask.
    static func makeNameless(size: Int) throws(SystemFailure) -> FileDescriptor {
        let file = try FileDescriptor.open(directory, flags: namelessFile, mode: 0o600)
        try file.setPermissions(0o600)
        try file.setSize(size)
        try file.reserve(size)
        return file
    }
}

/// `O_TMPFILE`, whose macro Swift does not import.
private let namelessFile: Int32 = 0o20_000_000 | O_DIRECTORY
