import Logging

/// What a Swift process does first when it has taken a lock over from a dead holder, whatever type of block it uses
/// itself: the lock guards the segment for all.
///
///     1. the stamp is marked, in whatever has the name: nobody trusts it any more
///     2. what the holder was writing over is put back
///     3. whoever uses the content next looks at all of it (see Journal+Recovery.swift)
enum SegmentRecovery {
    /// Runs with the lock held.
    static func run(_ lock: BlockLock, _ proof: LockEvidence.Proof) {
        var outcome = "nothing had to be put back"
        do {
            var seen: Set<FileFacts.Identity> = []
            for path in [SharedMemoryPlace.segment(lock.name), SharedMemoryPlace.guardLink(lock.name)] {
                guard let facts = try SystemCalls.factsIfAny(path), facts.isRegular, facts.size > 0,
                    seen.insert(facts.identity).inserted
                else { continue }
                if try restore(path, lock, proof) { outcome = "put back the content that it was writing over" }
            }
            KillPoint.pass(.contentReplayed)
            UndoCopy(lock: lock).drop()
        } catch {
            outcome = "its segment can't be looked at: \(error)"
        }
        KillPoint.pass(.recovered)
        Logger(label: "rememory").warning(
            "took over the lock of a block from a process that was killed",
            metadata: ["block": "\(lock.name)", "proof": "\(proof)", "outcome": "\(outcome)"])
    }

    /// Whether there was something to put back.
    private static func restore(_ path: String, _ lock: BlockLock, _ proof: LockEvidence.Proof) throws -> Bool {
        let view = try SegmentView(path: path)
        let isSwift = if case .holderEnded = proof { true } else { false }
        unsafe Stamp(of: SegmentBytes(view.bytes))?.distrust(isSwift ? .swiftHolder : .anyHolder)
        KillPoint.pass(.stampDistrusted)
        return try unsafe UndoCopy(lock: lock).replay(into: view.bytes, of: view.identity)
    }
}
