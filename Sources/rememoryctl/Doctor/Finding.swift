import PeerProtocol

/// Something that is wrong, and what can be done about it.
struct Finding {
    /// The block's name.
    let block: String
    /// What is wrong, and how that is known.
    let what: String
    /// What `--fix` does; where it can do nothing, what a person can do.
    let cure: Cure

    enum Cure {
        /// A step that `--fix` takes; it gives what came of it.
        case step(String, () throws -> String)
        /// For a person.
        case advice(String)
    }

    var json: JSON {
        switch cure {
        case .step(let plan, _):
            ["block": .string(block), "problem": .string(what), "fix": .string(plan), "advice": nil]
        case .advice(let advice):
            ["block": .string(block), "problem": .string(what), "fix": nil, "advice": .string(advice)]
        }
    }
}
