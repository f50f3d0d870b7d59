// Is the process dead that has the lock?
//
// A killed process gives nothing back: its semaphore stays at 0. Who waits for long looks for a proof that the holder is
// dead, and only with one takes over. Three things are proof.
//
// 1. The holder's own mark. A Swift process puts it into the semaphore's word with the same step that takes the semaphore
//    (see `CRememoryLock.h`), and it stands for a place in the table behind:
//
//        who   f0000ffc_0000126b    namespaces, process 4715      no process 4715, or one that was started at another
//        since 00000000_000372b1    225969 ticks after boot       time: dead, whoever else has the block open
//
//    Python leaves none. (Who gives a dead process's semaphore back by hand breaks this, until the next Swift process has
//    taken it.)
//
// 2. The kernel's word that nobody else has the file open (`NamedSemaphore.Look.isAlone`), in any namespace. It leaves the
//    threads of this process, which would have left its mark.
//
// 3. A look at all processes, twice: only from the initial PID namespace, where all can be seen, and if each can be looked
//    into. Who has the lock has the file mapped. A Swift process that has a place in the table doesn't have the lock
//    unless its mark is there. Any other may have it, whatever it does: a Python that sleeps in the semaphore may wait for
//    itself, since it can't take its lock twice, and a forked child has no place until it uses the lock.

import CRememoryPlatform

/// The mark in the semaphore's word, and the process that it stands for.
struct HolderMark: Equatable {
    var mark: UInt64
    var who: UInt64
    var start: UInt64

    /// Whether a Swift process has it, or had it when it died.
    var isSwift: Bool { mark != 0 }
    var process: Int32 { Int32(truncatingIfNeeded: who) }
    var namespaces: UInt32 { UInt32(who >> 32) }
}

/// One look for the holder of a lock that is taken.
struct HolderSearch {
    let lock: BlockLock

    private enum Fate {
        case alive(Int32)
        case dead(Int32)
        case unknown
    }

    private static let pause: Int64 = 20_000_000

    /// - Parameters:
    ///   - look: What only one process has at a time: without it there is no second proof.
    ///   - scans: Whether all processes may be looked at, which takes milliseconds, more with each process there is.
    func evidence(_ look: borrowing NamedSemaphore.Look?, scans: Bool = true) -> LockEvidence {
        guard lock.semaphore.isTaken else { return list(.free, scans) }
        let mark = lock.holderMark
        switch fate(of: mark) {
        case .alive(let process):
            return LockEvidence(state: .held, holder: HolderSearch.describe(process), processes: [], unreadable: 0)
        case .dead(let process):
            let state: LockEvidence.State = isStill(mark) ? .abandoned(.holderEnded(process: process)) : .unknown
            return list(state, scans && state == .unknown)
        case .unknown: break
        }
        if lock.isHeldByThisProcess {
            let own = SystemCalls.processIdentifier
            return LockEvidence(state: .held, holder: HolderSearch.describe(own), processes: [], unreadable: 0)
        }
        if isAlone(look), isStill(mark) { return list(.abandoned(.openNowhereElse), false) }
        return scans ? lookAtAll(mark) : list(.unknown, false)
    }

    /// Whether nothing has happened since the mark was read.
    private func isStill(_ mark: HolderMark) -> Bool {
        lock.semaphore.isTaken && !lock.isHeldByThisProcess && lock.holderMark == mark
    }

    // MARK: The holder's mark

    private func fate(of mark: HolderMark) -> Fate {
        guard mark.isSwift, mark.namespaces == rm_namespaces() else { return .unknown }
        let process = mark.process
        guard SystemCalls.isAlive(process) else { return .dead(process) }
        guard ProcessTable.isOurs, let facts = ProcessTable.facts(of: process) else { return .alive(process) }
        return facts.startTime != mark.start || facts.isDead ? .dead(process) : .alive(process)
    }

    // MARK: The kernel's word

    private func isAlone(_ look: borrowing NamedSemaphore.Look?) -> Bool {
        guard lock.leavesMarks else { return false }
        switch look {
        case .some(let look): return look.isAlone()
        case .none: return false
        }
    }

    // MARK: All processes

    private func lookAtAll(_ mark: HolderMark) -> LockEvidence {
        let first = ProcessTable.mappings(of: lock.semaphore.identity)
        let processes = first.mappings.map { HolderSearch.describe($0.process, $0) }
        var evidence = LockEvidence(
            state: .unknown, holder: nil, processes: processes, unreadable: first.unreadable)
        guard !mark.isSwift, rm_is_in_initial_namespace(), ProcessTable.isOurs, ProcessTable.seesAllProcesses,
            isNobodyCandidate(first)
        else { return evidence }
        SystemCalls.sleep(nanoseconds: HolderSearch.pause)
        guard isNobodyCandidate(ProcessTable.mappings(of: lock.semaphore.identity)), isStill(mark) else {
            return evidence
        }
        evidence.state = .abandoned(.allProcessesSeen)
        return evidence
    }

    /// Whether each process that has the semaphore mapped would have left its mark if it had it.
    private func isNobodyCandidate(_ found: (mappings: [ProcessTable.Mapping], unreadable: Int)) -> Bool {
        found.unreadable == 0 && found.mappings.allSatisfy { $0.isSwift && lock.hasPlace($0.process) }
    }

    // MARK: Describing

    private func list(_ state: LockEvidence.State, _ scans: Bool) -> LockEvidence {
        guard scans else { return LockEvidence(state: state, holder: nil, processes: [], unreadable: 0) }
        let found = ProcessTable.mappings(of: lock.semaphore.identity)
        return LockEvidence(
            state: state, holder: nil, processes: found.mappings.map { HolderSearch.describe($0.process, $0) },
            unreadable: found.unreadable)
    }

    private static func describe(_ process: Int32, _ mapping: ProcessTable.Mapping? = nil) -> LockEvidence.Process {
        let facts = ProcessTable.facts(of: process)
        return LockEvidence.Process(
            process: process, command: ProcessTable.command(of: process),
            age: facts.map { ProcessTable.age(startedAt: $0.startTime) }, activity: activity(process, facts, mapping),
            isSwift: mapping?.isSwift ?? true)
    }

    private static func activity(
        _ process: Int32, _ facts: ProcessTable.Facts?, _ mapping: ProcessTable.Mapping?
    ) -> LockEvidence.Process.Activity {
        guard let facts else { return .unknown }
        if facts.state == "T" || facts.state == "t" { return .stopped }
        if let mapping, let threads = ProcessTable.threads(of: process),
            threads.allSatisfy({ thread in
                thread.call == Int(rm_futex_call())
                    && mapping.pages.contains { page in thread.operand.map(page.contains) ?? false }
            })
        {
            return .waiting
        }
        return facts.state == "R" ? .running : .sleeping
    }
}

extension BlockLock {
    /// Who has it, if it is a Swift process.
    var holderMark: HolderMark {
        var holder = rm_identity()
        let mark = unsafe rm_lock_holder(state, &holder)
        return HolderMark(mark: mark, who: holder.word, start: holder.start)
    }

    /// Whether this process has a place in the table.
    var leavesMarks: Bool { unsafe state.pointee.mark != 0 && state.pointee.marked_in == rm_forks() }

    /// Whether a process of our PID namespace has a place in the table.
    func hasPlace(_ process: Int32) -> Bool {
        let word = UInt64(rm_namespaces()) << 32 | UInt64(UInt32(bitPattern: process))
        return (0..<RM_PLACE_COUNT).contains { place in
            unsafe rm_load_acquire_u64(&semaphore.places[place].word) == word
        }
    }

    /// Whether a thread of this process has it. What a forked child finds there may be a thread of its parent.
    var isHeldByThisProcess: Bool {
        let owner = unsafe rm_load_relaxed_u64(&state.pointee.owner)
        return owner != 0 && owner >> 48 == rm_forks() & 0xffff
    }
}
