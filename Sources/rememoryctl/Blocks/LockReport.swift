import Rememory

/// What is told about a block's lock.
struct LockReport {
    /// `free`, `held`, `dead` (its holder is, and that is proven) or `none`.
    let word: String
    /// Who has it, and how that is known; nothing where nobody has.
    let details: String?
    /// Whether the holder is proven dead: whoever waits for the lock next takes it over.
    var isAbandoned: Bool { word == "dead" }

    /// - Complexity: constant for a lock that is free; otherwise a look at all processes, some tens of milliseconds.
    init(_ block: BlockInspection) {
        guard block.lock == .held, let evidence = try? RememoryLock(block.name).evidence() else {
            (word, details) = (block.lock.rawValue, nil)
            return
        }
        switch evidence.state {
        case .free: (word, details) = ("free", nil)
        case .abandoned: (word, details) = ("dead", evidence.description)
        case .held, .unknown: (word, details) = ("held", evidence.description)
        }
    }
}
