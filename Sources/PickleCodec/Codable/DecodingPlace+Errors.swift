extension DecodingPlace {
    /// An error for an object of another Python type than the Swift type can be made of.
    func mismatch(_ type: any Any.Type, _ expected: String) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath, debugDescription: "Expected \(expected) for \(type), found \(found).")
        return kind == .none ? .valueNotFound(type, context) : .typeMismatch(type, context)
    }

    /// An error for an object of the right type with the wrong content.
    func corrupted(_ problem: String) -> DecodingError {
        let message = problem.prefix(1).uppercased() + problem.dropFirst() + byteNote + "."
        return .dataCorrupted(.init(codingPath: codingPath, debugDescription: message))
    }

    func tooManyValues() -> DecodingError {
        corrupted(
            "the pickle names shared objects so often that it holds too many values; raise maximumValueCount to read it"
        )
    }

    /// What the pickle has here, for a message: `a str at byte 12`.
    private var found: String { description + byteNote }

    private var byteNote: String { graph.byteOffset(of: node).map { " at byte \($0)" } ?? "" }

    private var description: String {
        switch kind {
        case .global: "the name \(session.pythonClass(node).path)"
        case .reduce, .newObject, .newObjectWithKeywords, .instance:
            object.map { "an object that \($0.type.path) builds" } ?? kind.inWords
        default: kind.inWords
        }
    }
}

extension PickleGraph {
    /// Where the bytes of a node stand in the pickle; for what has children, those of the first one that has any.
    func byteOffset(of node: Node) -> Int? {
        var node = node
        for _ in 0..<8 {
            guard node.smallInteger == nil else { return nil }
            let record = record(of: node)
            if record.kind.isLeaf { return record.has(GraphRecord.inExtra) ? nil : record.payload }
            guard let first = children(of: node).first else { return nil }
            node = first
        }
        return nil
    }
}
