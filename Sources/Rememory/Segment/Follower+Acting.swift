import Logging

/// The acting thread: there is one as long as there is something to put right.
extension Follower {
    /// How long it waits for one block's lock while others may wait for it.
    private static let lockPatience: Int64 = 4_000_000

    private enum Outcome {
        case inOrder
        /// Somebody has the lock, or the machine has no room.
        case notNow
        case conflict(RememoryError)
        case over
    }

    /// Runs as long as the process.
    func act() {
        while true {
            var hasActed = false
            while let job = next() {
                hasActed = true
                switch job {
                case .block(let id, let core): note(putRight(core), id, core)
                case .expectation(let id, let body):
                    let wish = body()
                    state.withLock { $0.note(wish, id) }
                }
            }
            let (bell, pause) = state.withLock { state in
                let pause = state.pause
                state.wakesAt = pause.map { SystemCalls.monotonicTime() + $0 } ?? .max
                return (state.bell, pause)
            }
            if hasActed { bell?.ring() }
            signal.wait(nanoseconds: pause)
            lookAtUnwatched()
            freeAbandonedLocks()
        }
    }

    private func next() -> Job? {
        state.withLock { state in
            let job = state.takeJob()
            state.isActing = job != nil
            return job
        }
    }

    /// For somebody who makes no operations, this is all that happens for blocks that can't be watched.
    private func lookAtUnwatched() {
        guard state.withLock({ $0.isPolling }) else { return }
        let cores = state.withLock { state in
            state.entries.values.filter { $0.isUnwatched || state.phase == .unwatched }.map(\.core)
        }
        for core in cores { look(core) }
        if state.withLock({ $0.phase == .unwatched }) { touchNames { _ in true } }
    }

    private func putRight(_ core: SegmentCore) -> Outcome {
        if core.isRetired { return .over }
        // Who made the block has given it its guards, and others needn't find its lock taken.
        if core.isInOrder, core.hasLockName(guarded: core.canGuard) { return .inOrder }
        guard core.lock.acquire(withinNanoseconds: Follower.lockPatience) else { return .notNow }
        defer { core.lock.release() }
        do {
            try core.becomeCurrent(timeout: .milliseconds(50))
            return .inOrder
        } catch {
            if core.isRetired { return .over }
            return error.code == .conflict ? .conflict(error) : .notNow
        }
    }

    private func note(_ outcome: Outcome, _ id: ObjectIdentifier, _ core: SegmentCore) {
        var reports: RememoryError?
        state.withLock { state in
            guard var entry = state.entries[id] else { return }
            switch outcome {
            case .over:
                state.entries[id] = nil
                state.changes.append(.removed(id))
                for (key, expectation) in state.expectations where expectation.name == core.name {
                    state.expectations[key]?.due = SystemCalls.monotonicTime()
                }
                return
            case .inOrder:
                // If the watching thread does not find it so, that counts as a failure.
                entry.due = nil
                entry.failures += 1
                entry.waitsForName = false
                entry.isReported = false
            case .notNow:
                entry.failures += 1
                entry.due = SystemCalls.monotonicTime() + entry.pause
            case .conflict(let error):
                entry.due = nil
                entry.waitsForName = true
                if !entry.isReported { reports = error }
                entry.isReported = true
            }
            state.entries[id] = entry
            state.changes.append(.acted(id))
        }
        if let reports { Logger(label: "rememory").warning("\(reports)") }
    }
}
