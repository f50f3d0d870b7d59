import CRememoryPlatform

/// Whether the name still stands for this segment: asked at every operation, with the lock held.
///
/// Looking costs a system call, half a microsecond where the lock costs nanoseconds. The sentinel (see
/// `CRememorySentinel.h`) makes it two loads, once a process has done enough operations to be worth its set-up, and its
/// 30 ms at exit. It is armed first and the name is looked at afterwards: what happens in between is noticed twice, not
/// never. Now and then the name is looked at all the same, in case somebody has closed the sentinel's descriptors.
extension SegmentCore {
    private static let looksBeforeSentinel: UInt32 = 256
    private static let trustLimit: UInt32 = 2048
    /// Asks after the sentinel's descriptors, which takes microseconds, at every so many looks.
    private static let looksBetweenInspections: UInt32 = 8

    /// Whether operations are as good as free of system calls now.
    var usesSentinel: Bool { unsafe state.pointee.seen != 0 }

    /// The long way: looks at the name.
    var isCurrentByName: Bool {
        if isRetired { return false }
        let word = wantsSentinel ? armedWord() : 0
        guard let facts = try? SystemCalls.factsIfAny(path),
            facts.identity == mapped.identity, facts.linkCount > 1 || !canGuard
        else {
            unsafe state.pointee.seen = 0
            return false
        }
        unsafe state.pointee.seen = word
        unsafe state.pointee.trust = SegmentCore.trustLimit
        return true
    }

    private var wantsSentinel: Bool {
        switch options.coherence {
        case .systemCall: return false
        case .sentinel: return true
        case .automatic:
            if unsafe state.pointee.looks >= SegmentCore.looksBeforeSentinel { return true }
            unsafe state.pointee.looks += 1
            return false
        }
    }

    /// The sentinel's word once it is armed and watches this segment; 0 if that can't be had.
    private func armedWord() -> UInt64 {
        unsafe state.pointee.looks &+= 1
        if unsafe state.pointee.looks % SegmentCore.looksBetweenInspections == 0 { _ = rm_sentinel_is_intact() }
        if watch == nil || watch?.setup != rm_sentinel_setup() {
            watch = nil
            watch = SegmentWatch(mapped.file)
        }
        return watch == nil ? 0 : rm_sentinel_arm()
    }
}
