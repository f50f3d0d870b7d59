// Is the process dead that has the lock?
//
// A killed process gives nothing back: its semaphore stays at 0. Who waits for long looks for a proof that the holder is
// dead, and only with one takes over. Three things are proof.
//
// 1. The holder's own word. A Swift process leaves in the semaphore's page who it is while it has the lock: its number,
//    what tells its namespaces apart, and when it was started.
//
//        who   f0000ffc_0000126b    namespaces, process 4715      no process 4715, or one that was started at another
//        since 00000000_000372b1    225969 ticks after boot       time: dead, whoever else has the block open
//
//    The word is written after the semaphore was taken and wiped before it is given back, so between 0 and 1 of the
//    semaphore only the holder's stands there. Python leaves none. (Who gives a dead process's semaphore back by hand
//    breaks this, until the next Swift process has taken it.)
//
// 2. The kernel's word that nobody else has the file open (`NamedSemaphore.Look.isAlone`), in any namespace. It leaves the
//    threads of this process.
//
// 3. A look at all processes: only from the initial PID namespace, where all can be seen, and if each can be looked into.
//    Who has the lock has the file mapped. A Swift process that has it mapped doesn't have the lock unless its word is
//    there; any other may have it, whatever it does: a Python that sleeps in the semaphore may wait for itself, since it
//    can't take its lock twice.
//
// 2 and 3 take it that who has the lock and is Swift has left its word. Between the two stores that stand for that a thread
// may be interrupted for any time. So each thread is looked at twice: one that is in a system call, or has run in
// between, is not there.

import CRememoryPlatform

/// What stands in the semaphore's page about the process that has it.
struct HolderWord: Equatable {
    var who: UInt64
    var start: UInt64

    /// Whether anybody has said anything.
    var isSaid: Bool { who != 0 }
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
        let word = lock.holderWord
        switch fate(of: word) {
        case .alive(let process):
            return LockEvidence(state: .held, holder: HolderSearch.describe(process), processes: [], unreadable: 0)
        case .dead(let process):
            let state: LockEvidence.State = isStill(word) ? .abandoned(.holderEnded(process: process)) : .unknown
            return list(state, scans && state == .unknown)
        case .unknown: break
        }
        if lock.isHeldByThisProcess {
            let own = SystemCalls.processIdentifier
            return LockEvidence(state: .held, holder: HolderSearch.describe(own), processes: [], unreadable: 0)
        }
        if isAlone(look), isStill(word) { return list(.abandoned(.openNowhereElse), false) }
        return scans ? lookAtAll(word) : list(.unknown, false)
    }

    /// Whether nothing has happened since the word was read.
    private func isStill(_ word: HolderWord) -> Bool {
        lock.semaphore.isTaken && !lock.isHeldByThisProcess && lock.holderWord == word
    }

    // MARK: The holder's word

    private func fate(of word: HolderWord) -> Fate {
        guard word.isSaid, word.namespaces == rm_namespaces() else { return .unknown }
        let process = word.process
        guard SystemCalls.isAlive(process) else { return .dead(process) }
        guard ProcessTable.isOurs, let facts = ProcessTable.facts(of: process) else { return .alive(process) }
        return facts.startTime != word.start || facts.isDead ? .dead(process) : .alive(process)
    }

    // MARK: The kernel's word

    private func isAlone(_ look: borrowing NamedSemaphore.Look?) -> Bool {
        guard look != nil, let before = ProcessTable.threads(of: SystemCalls.processIdentifier) else { return false }
        SystemCalls.sleep(nanoseconds: HolderSearch.pause)
        switch look {
        case .some(let look): guard look.isAlone() else { return false }
        case .none: return false
        }
        return isOutOfTheWay(SystemCalls.processIdentifier, since: before)
    }

    // MARK: All processes

    private func lookAtAll(_ word: HolderWord) -> LockEvidence {
        let first = ProcessTable.mappings(of: lock.semaphore.identity)
        let processes = first.mappings.map { HolderSearch.describe($0.process, $0) }
        var evidence = LockEvidence(
            state: .unknown, holder: nil, processes: processes, unreadable: first.unreadable)
        guard !word.isSaid, rm_is_in_initial_namespace(), ProcessTable.isOurs, ProcessTable.seesAllProcesses,
            first.unreadable == 0, first.mappings.allSatisfy(\.isSwift)
        else { return evidence }
        var threads: [Int32: [ProcessTable.ThreadFacts]] = [:]
        for mapping in first.mappings { threads[mapping.process] = ProcessTable.threads(of: mapping.process) }
        SystemCalls.sleep(nanoseconds: HolderSearch.pause)
        let second = ProcessTable.mappings(of: lock.semaphore.identity)
        guard second.unreadable == 0, second.mappings.allSatisfy(\.isSwift),
            second.mappings.allSatisfy({ isOutOfTheWay($0.process, since: threads[$0.process] ?? []) }), isStill(word)
        else { return evidence }
        evidence.state = .abandoned(.allProcessesSeen)
        return evidence
    }

    /// Whether no thread of a Swift process can just have taken the semaphore without having said so.
    private func isOutOfTheWay(_ process: Int32, since before: [ProcessTable.ThreadFacts]) -> Bool {
        guard let now = ProcessTable.threads(of: process) else { return !SystemCalls.isAlive(process) }
        return now.allSatisfy { thread in
            guard let old = before.first(where: { $0.thread == thread.thread }) else { return thread.call != nil }
            return thread.call != nil || old.call != nil || thread.runTime != old.runTime
        }
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
    /// What the holder says.
    var holderWord: HolderWord {
        let holder = unsafe semaphore.holder
        while true {
            let word = unsafe rm_load_acquire_u64(&holder.pointee.word)
            let start = unsafe rm_load_acquire_u64(&holder.pointee.start)
            if unsafe rm_load_acquire_u64(&holder.pointee.word) == word {
                return HolderWord(who: word, start: start)
            }
        }
    }

    /// Whether a thread of this process has it. What a forked child finds there may be a thread of its parent.
    var isHeldByThisProcess: Bool {
        let owner = unsafe rm_load_relaxed_u64(&state.pointee.owner)
        return owner != 0 && owner >> 48 == rm_forks() & 0xffff
    }
}
