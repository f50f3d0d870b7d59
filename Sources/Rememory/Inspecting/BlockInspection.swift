/// What can be said about a block from outside: without opening it, writing to it, or taking its lock.
///
/// ```swift
/// for block in BlockInspection.all() {
///     print(block.name, block.kind?.rawValue ?? "?", block.usedBytes, block.lock)
/// }
/// ```
///
/// The type of a block is stored nowhere: ``kind`` is a guess from size and content, and ``reason`` says what from.
/// Everything is a look at one moment. A process that writes meanwhile may be seen in the middle; a content that looks
/// damaged is looked at again before it is called so.
public struct BlockInspection: Sendable {
    /// Who wrote last.
    public enum Writer: String, Sendable, CustomStringConvertible {
        /// A process with this library: its stamp is whole and fits the content.
        case swift
        /// A Python process, or another that writes as Python does.
        case python
        /// It can't be told: nothing was written yet, or the content has no mark of either.
        case unknown

        /// The writer's name.
        public var description: String { rawValue }
    }

    /// What the lock looks like.
    public enum Lock: String, Sendable, CustomStringConvertible {
        /// Nobody has it.
        case free
        /// Somebody has it, or had it when it was killed; ``RememoryLock`` tells which.
        case held
        /// There is no semaphore. The next process that opens the block makes one.
        case none

        /// The state's name.
        public var description: String { rawValue }
    }

    /// What the content is.
    public enum Content: Hashable, Sendable {
        /// NULs only.
        case empty
        /// A number, a boolean or text: the bytes themselves.
        case plain
        /// A pickle, of that protocol.
        case pickle(protocol: Int)
        /// JSON text, as versions 0.1 and 0.2 of the Python package wrote dicts and lists.
        case json
        /// What should be a pickle or text and is not, with the reason. Python reads it as empty, or fails.
        case damaged(String)
    }

    /// A process that has the block open.
    public struct Process: Hashable, Sendable {
        /// The process's number.
        public let pid: Int32
        /// Its command line, or the name of its program.
        public let command: String
        /// Whether it has the segment mapped that has the name. If not, it has only the lock, or an older segment.
        public let hasSegment: Bool
        /// Whether it has the lock open that has the name. If not, somebody removed the lock's name, and this process goes
        /// on with the old lock, or it was just about to open it.
        public let hasLock: Bool
    }

    /// The block's name. It may be one that ``BlockName`` refuses: then some other program made it, or a Python process
    /// that could not open it.
    public let name: String
    /// The type, as far as that can be guessed.
    public let kind: BlockKind?
    /// Why that type.
    public let reason: String
    /// The format of a number, as far as that can be guessed: by Python's name.
    public let format: String?
    /// The size of the segment in bytes; `nil` if there is only a lock of that name.
    public let size: Int?
    /// How many bytes of it hold content, without the free space behind.
    public let usedBytes: Int
    /// How many keys or items a dict or list has.
    public let entries: Int?
    /// What the content is.
    public let content: Content
    /// Who wrote last.
    public let writer: Writer
    /// How often Swift processes have changed the content since it was last written whole; `nil` where Python wrote.
    public let generation: UInt64?
    /// A number that changes when the content does.
    ///
    /// - Complexity: linear in the content.
    public var fingerprint: UInt64 { bytes.fingerprint }
    /// What the lock looks like.
    public let lock: Lock
    /// The processes that have the block open, in the order of their numbers.
    public let processes: [Process]
    /// How many processes could not be looked into: they may have it open, too.
    public let unreadableProcesses: Int

    /// The bytes of the content, as they were seen.
    package let bytes: [UInt8]

    /// Looks at one block.
    ///
    /// - Returns: `nil` if there is neither a segment nor a lock of that name.
    /// - Throws: ``RememoryError`` if it can't be read. That it is damaged, or its lock is held, is no error.
    /// - Complexity: linear in the content, and in the mappings of all processes.
    public init?(_ name: String) throws(RememoryError) {
        guard let look = try BlockLook(name) else { return nil }
        self.init(look, ProcessTable.attachments(to: look.identities))
    }

    /// All blocks of this machine, by name: segments that have a lock, and locks that have no segment.
    ///
    /// - Parameter includesOthers: Whether segments without a lock are wanted, too. They may be other programs'.
    /// - Throws: Nothing for blocks that vanish meanwhile, or that may not be read: they are left out.
    /// - Complexity: linear in the contents, and in the mappings of all processes, which are looked through once.
    public static func all(includingOthers includesOthers: Bool = false) -> [BlockInspection] {
        let listed = SharedMemoryPlace.names()
        let names = Set(listed.semaphores).union(includesOthers ? listed.others : [])
        let looks = names.sorted().compactMap { try? BlockLook($0) }
        let attachments = ProcessTable.attachments(to: looks.reduce(into: []) { $0.formUnion($1.identities) })
        var commands: [Int32: String] = [:]
        return looks.map { BlockInspection($0, attachments, commands: &commands) }
    }

    private init(_ look: BlockLook, _ attachments: ProcessTable.Attachments) {
        var commands: [Int32: String] = [:]
        self.init(look, attachments, commands: &commands)
    }

    private init(_ look: BlockLook, _ attachments: ProcessTable.Attachments, commands: inout [Int32: String]) {
        name = look.name
        let guess = look.guess
        kind = guess.kind
        reason = guess.reason
        format = guess.format
        size = look.size
        usedBytes = guess.usedBytes
        entries = guess.entries
        content = guess.content
        writer = guess.writer
        generation = guess.generation
        lock = look.lock
        bytes = Array(look.bytes.prefix(guess.usedBytes))
        unreadableProcesses = attachments.unreadable
        let segment = Set(look.segment.flatMap { attachments.processes[$0] } ?? [])
        let semaphore = Set(look.semaphore.flatMap { attachments.processes[$0] } ?? [])
        let all = segment.union(semaphore)
        processes = all.sorted().map { pid in
            let command = commands[pid] ?? ProcessTable.command(of: pid)
            commands[pid] = command
            return Process(
                pid: pid, command: command, hasSegment: segment.contains(pid), hasLock: semaphore.contains(pid))
        }
    }
}
