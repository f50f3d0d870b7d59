/// How a block is opened and used.
public struct RememoryOptions: Sendable, Hashable {
    /// What happens when a value doesn't fit into its segment.
    public enum Growth: Sendable, Hashable {
        /// A larger segment takes the name, as Python does it. Python processes that were attached before keep the old
        /// one: that is how the protocol is.
        case replace
        /// The write throws `valueTooLarge` and changes nothing. For those who share with Python processes that live long.
        case fail
    }

    /// How an operation notices that the segment lost its name or was replaced.
    public enum Coherence: Sendable, Hashable {
        /// A system call for the first operations, then, where the kernel offers it, memory alone: ``sentinel``.
        case automatic
        /// One system call each operation: about half a microsecond, always possible.
        case systemCall
        /// Two loads an operation, as strict: the kernel tells by a counter in memory. Where that can't be had, a
        /// system call. It makes the process end some 30 ms later.
        case sentinel
    }

    /// What it means that a block has lost its name, and no Swift process removed it.
    public enum NameLoss: Sendable, Hashable {
        /// A Python process has exited, and its resource tracker took the name with it: the name comes back. A Python
        /// program's `unlink()` looks the same, and is undone as well.
        case restore
        /// A Python program has removed the block: operations throw `vanished`. So they do after the exit of any Python
        /// process that used it, unless that process imports `rememory_guard`.
        case vanish
    }

    /// How long an operation waits for the lock before it throws `lockTimeout`; without a limit when `nil`.
    public var timeout: Duration?

    /// What happens when a value doesn't fit.
    public var growth: Growth

    /// Whether segments and semaphores that belong to another user are accepted.
    public var acceptsOtherOwners: Bool

    /// How replacements are noticed. The first handle of a name in a process decides.
    public var coherence: Coherence

    /// What a lost name means. The first handle of a name in a process decides.
    public var nameLoss: NameLoss

    /// - Parameters:
    ///   - timeout: How long an operation waits for the lock; without a limit when `nil`.
    ///   - growth: What happens when a value doesn't fit.
    ///   - acceptsOtherOwners: Whether segments and semaphores of other users are accepted.
    ///   - coherence: How replacements are noticed.
    ///   - nameLoss: What a lost name means.
    public init(
        timeout: Duration? = .seconds(10),
        growth: Growth = .replace,
        acceptsOtherOwners: Bool = false,
        coherence: Coherence = .automatic,
        nameLoss: NameLoss = .restore
    ) {
        self.nameLoss = nameLoss
        self.coherence = coherence
        self.timeout = timeout
        self.growth = growth
        self.acceptsOtherOwners = acceptsOtherOwners
    }
}
