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

    /// How long an operation waits for the lock before it throws `lockTimeout`; without a limit when `nil`.
    public var timeout: Duration?

    /// What happens when a value doesn't fit.
    public var growth: Growth

    /// Whether segments and semaphores that belong to another user are accepted.
    public var acceptsOtherOwners: Bool

    /// How replacements are noticed. The first handle of a name in a process decides.
    public var coherence: Coherence

    /// - Parameters:
    ///   - timeout: How long an operation waits for the lock; without a limit when `nil`.
    ///   - growth: What happens when a value doesn't fit.
    ///   - acceptsOtherOwners: Whether segments and semaphores of other users are accepted.
    ///   - coherence: How replacements are noticed.
    public init(
        timeout: Duration? = .seconds(10),
        growth: Growth = .replace,
        acceptsOtherOwners: Bool = false,
        coherence: Coherence = .automatic
    ) {
        self.coherence = coherence
        self.timeout = timeout
        self.growth = growth
        self.acceptsOtherOwners = acceptsOtherOwners
    }
}
