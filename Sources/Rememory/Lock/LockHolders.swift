/// The processes that have a block's semaphore mapped: one of them has the lock, or had it when it died.
struct LockHolders: CustomStringConvertible {
    struct Candidate: CustomStringConvertible {
        var process: Int32
        var command: String

        var description: String { "\(process) (\(command))" }
    }

    let candidates: [Candidate]
    /// How many processes could not be looked into.
    let unreadable: Int

    /// Looks through `/proc`.
    init(of semaphore: NamedSemaphore) {
        let found = ProcessTable.processes(mapping: semaphore.identity)
        candidates = found.processes.map { Candidate(process: $0, command: ProcessTable.command(of: $0)) }
        unreadable = found.unreadable
    }

    var description: String {
        let own = SystemCalls.processIdentifier
        let others = candidates.filter { $0.process != own }
        var words: String
        if others.isEmpty {
            words = """
                No other process has it open: this process has it in another thread, or its holder was killed. Then \
                remove the file sem.rememorydict_NAME from /dev/shm while no process uses the block
                """
        } else {
            let list = others.map(\.description).joined(separator: ", ")
            words = """
                These processes have it open, and one of them has it, or had it when it was killed: \(list). Look what \
                they do, or try again with a longer timeout
                """
        }
        if unreadable > 0 { words += " (\(unreadable) processes could not be looked into)" }
        return words
    }
}
