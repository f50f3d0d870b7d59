/// The guard link: a second, hidden name of the segment while Swift processes have it open.
///
/// Python removes the name of a segment that others still use: at growth, in `unlink()`, and when any attached process
/// exits. An inode that has lost all its names can't get one again; one that has a guard link can, and it is the *same*
/// segment, so that Pythons that stay attached stay in. There is one guard for each name. It belongs to the living by
/// file lock: every Swift process that has the segment mapped keeps a shared `flock` on its inode.
///
/// All changes to the guard are made with the block's lock held.
extension SegmentCore {
    var guardPath: String { SharedMemoryPlace.guardLink(name) }
    private var incomingPath: String { SharedMemoryPlace.incoming(name) }

    /// Lets the guard stand for our segment, which has its name; `false` if it has lost that meanwhile.
    func ensureGuard() throws(SystemFailure) -> Bool {
        #if os(Linux)
            do throws(SystemFailure) {
                try linkGuard()
            } catch {
                if error.isMissing { return false }
                guard error.reason == .notPermitted else { throw error }
                canGuard = false
            }
        #else
            canGuard = false
        #endif
        return true
    }

    private func linkGuard() throws(SystemFailure) {
        guard mapped.hasFile(orOpensOneOf: [path, guardPath]) else { return }
        do {
            try SystemCalls.link(mapped.file, guardPath)
            KillPoint.pass(.guardLinked)
        } catch {
            guard error.isTaken else { throw error }
            if try SystemCalls.factsIfAny(guardPath)?.identity == mapped.identity { return }
            try SystemCalls.removeIfAny(incomingPath)
            try SystemCalls.link(mapped.file, incomingPath)
            KillPoint.pass(.guardBeside)
            try SystemCalls.rename(incomingPath, guardPath)
            KillPoint.pass(.guardMoved)
        }
    }

    /// Removes the guard if nobody else lives by it.
    func dropGuard() {
        #if os(Linux)
            guard let facts = try? SystemCalls.factsIfAny(guardPath), facts.identity == mapped.identity,
                mapped.hasFile(orOpensOneOf: [guardPath]), mapped.isLastHolder()
            else { return }
            // The semaphore's guard has no life of its own.
            for path in [lockGuardPath, guardPath] { _ = try? SystemCalls.removeIfAny(path) }
            // A forked child may have the file open as well, and would keep others from it.
            mapped.letGo()
        #endif
    }

    /// As a process ends: nothing waits for anybody.
    func dropGuardAtExit() {
        guard !isRetired, lock.tryAcquire() else { return }
        defer { lock.release() }
        dropGuard()
    }

    /// Removes the hidden names that processes left behind which were killed, of segments that don't have their own
    /// name any more. (The others cost nothing, and go with the next Swift process that uses the block.)
    static func removeStaleGuards() {
        #if os(Linux)
            for link in SharedMemoryPlace.segmentLinks {
                // While we have the lock nobody lives by the file, and nobody else takes its hidden name for stale and
                // gives that to another.
                guard let file = try? FileDescriptor.open(link.path), file.tryLock(exclusive: true),
                    let identity = try? file.facts().identity,
                    (try? SystemCalls.facts(link.path))?.identity == identity,
                    (try? SystemCalls.facts(link.owner))?.identity != identity
                else { continue }
                _ = try? SystemCalls.removeIfAny(link.path)
            }
            for link in SharedMemoryPlace.semaphoreLinks {
                if (try? SystemCalls.facts(link.owner)) == nil { _ = try? SystemCalls.removeIfAny(link.path) }
            }
        #endif
    }

    /// The guard of a name if a Swift process lives by it. One that was left behind is removed.
    static func livingGuard(of name: BlockName) throws(SystemFailure) -> FileDescriptor? {
        #if os(Linux)
            let path = SharedMemoryPlace.guardLink(name)
            do {
                let file = try FileDescriptor.open(path)
                let facts = try file.facts()
                if facts.isRegular, !facts.isRemoved, isHeld(file) { return file }
                try SystemCalls.removeIfAny(path)
            } catch {
                if !error.isMissing { throw error }
            }
        #endif
        return nil
    }

    /// Whether a process lives by a file: has the lock shared. Who looks for stale guards has it exclusively, for
    /// microseconds.
    private static func isHeld(_ file: borrowing FileDescriptor) -> Bool {
        for _ in 0..<1_000 {
            if file.tryLock(exclusive: false) { return !file.tryLock(exclusive: true) }
            SystemCalls.sleep(nanoseconds: 100_000)
        }
        return true
    }
}

extension FileFacts {
    /// The sticky bit means nothing on a regular file. A Swift process that removes a block on purpose sets it on the
    /// segment: whoever still has that segment open sees it there, however many others have had the name since.
    static let removedMark: UInt32 = 0o1000

    var isRemoved: Bool { permissions & FileFacts.removedMark != 0 }
}
