import CRememoryPlatform

/// Whether the name still stands for this segment: asked at every operation, with the lock held.
///
/// Looking costs a system call, half a microsecond where the lock costs nanoseconds. The sentinel (see
/// `CRememorySentinel.h`) makes it loads from memory, once a process has done enough operations to be worth its set-up,
/// and its 30 ms at exit. It is armed first and the name is looked at afterwards: what happens in between is noticed
/// twice, not never. Now and then the name is looked at all the same: should /dev/shm be unmounted, nothing tells.
extension SegmentCore {
    static let looksBeforeSentinel: UInt32 = 256
    /// A sentinel that could not be had is asked for again after so many looks.
    static let looksBeforeNextTry: UInt32 = 1024
    private static let trustLimit: UInt32 = 2048

    /// Whether operations are as good as free of system calls now.
    var usesSentinel: Bool { unsafe state.pointee.seen != 0 }

    /// The long way: looks at the name.
    var isCurrentByName: Bool {
        if isRetired { return false }
        // What has no guards yet is looked at once more, so the sentinel's word must not do.
        let word = !awaitsGuards && wantsSentinel ? armedWord() : 0
        let needsGuards = canGuard && !awaitsGuards
        awaitsGuards = false
        guard hasName(of: mapped.identity, guarded: needsGuards), hasLockName(guarded: needsGuards) else {
            unsafe state.pointee.seen = 0
            return false
        }
        unsafe state.pointee.seen = word
        unsafe state.pointee.trust = SegmentCore.trustLimit
        return true
    }

    /// Whether the segment's name stands for that segment, and if wished whether that has a guard.
    func hasName(of segment: FileFacts.Identity, guarded: Bool) -> Bool {
        guard let facts = try? SystemCalls.factsIfAny(path) else { return false }
        return facts.identity == segment && (facts.linkCount > 1 || !guarded)
    }

    private var wantsSentinel: Bool {
        if options.coherence == .systemCall { return false }
        if unsafe state.pointee.patience == 0 { return true }
        unsafe state.pointee.patience -= 1
        return false
    }

    /// The sentinel's word once it is armed and watches this segment and its semaphore; 0 if that can't be had.
    private func armedWord() -> UInt64 {
        // The second time if it turns out only now that somebody has closed its descriptors.
        for _ in 0..<2 {
            let setup = rm_sentinel_setup()
            if watch == nil || watch?.setup != setup {
                watch = nil
                guard mapped.hasFile(orOpensOneOf: [path]) else { return 0 }
                watch = SegmentWatch(mapped.file)
            }
            if lockWatch == nil || lockWatch?.setup != watch?.setup {
                lockWatch = nil
                // A name that is another's by now is found to be so afterwards.
                guard let file = try? FileDescriptor.open(lockPath) else { return 0 }
                lockWatch = SegmentWatch(file)
            }
            guard let watch, lockWatch != nil else { break }
            let word = rm_sentinel_arm(watch.setup)
            if word != 0 { return word }
        }
        unsafe state.pointee.patience = SegmentCore.looksBeforeNextTry
        return 0
    }
}
