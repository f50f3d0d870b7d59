#if REMEMORY_KILL_POINTS
    #if canImport(Glibc)
        import Glibc
    #elseif canImport(Musl)
        import Musl
    #elseif canImport(Darwin)
        import Darwin
    #endif
#endif

/// The steps between which a process may be killed with something half done. Where one is passed, a test can have the
/// process kill itself: with `REMEMORY_KILL_AT=appendWritten` in its environment. Builds for release contain none of it.
///
/// Each is passed when what it is named for has been done and nothing else.
enum KillPoint: String, CaseIterable {
    // A change by one store, and by instructions behind the others
    case patchBegun, patchStored, patchStamped
    case appendBegun, appendWritten, appendCommitted, appendStamped
    // Content by Python is marked
    case markExchanged, markStamped
    // A new program beside the old one
    case besideBegun, besideWritten, besideCommitted, besideStamped
    // All of the content written over in place, what it was kept in the semaphore's page or in a file
    case undoPaged, undoLinked, wholeBegun, wholeWritten, wholeCleared, wholeStamped, undoCleared, undoRemoved
    // Growth
    case growthFilled, growthLinked, growthExchanged, growthUnlinked
    // Creation
    case creationFilled, creationNamed, creationGuarded
    // The guard
    case guardLinked, guardBeside, guardMoved
    // The name was lost, nothing or something else has it
    case restored
    case newcomerCopied
    case takeNameLinked, takeNameMoved
    // The lock is taken over from a dead process
    case lockSeized, stampDistrusted, contentReplayed, recovered

    /// Here.
    @inline(__always)
    static func pass(_ point: KillPoint) {
        #if REMEMORY_KILL_POINTS
            if point == chosen { kill(getpid(), SIGKILL) }
        #endif
    }

    #if REMEMORY_KILL_POINTS
        private static let chosen: KillPoint? = unsafe getenv("REMEMORY_KILL_AT").flatMap {
            unsafe KillPoint(rawValue: String(cString: $0))
        }
    #endif
}
