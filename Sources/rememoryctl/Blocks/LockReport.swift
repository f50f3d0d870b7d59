import Rememory

/// What is told about a block's lock.
struct LockReport {
    /// `free`, `held`, `dead` or `none`.
    let word: String
    /// Who has it, and how that is known; nothing where nobody has.
    let details: String?

    init(_ block: BlockInspection) {
        word = block.lock.rawValue
        details = nil
    }
}
