import Logging

/// What a Swift process does first when it has taken a lock over from a dead holder, whatever type of block it uses
/// itself: the lock guards the segment for all.
enum SegmentRecovery {
    /// Runs with the lock held.
    static func run(_ lock: BlockLock, _ proof: LockEvidence.Proof) {
        Logger(label: "rememory").warning(
            "took over the lock of a block from a process that was killed",
            metadata: ["block": "\(lock.name)", "proof": "\(proof)"])
    }
}
