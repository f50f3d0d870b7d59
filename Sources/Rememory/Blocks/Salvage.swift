import PickleCodec

/// What could still be read of a dict or list whose content is damaged.
///
/// ```swift
/// let salvage = try players.salvage()
/// if let loss = salvage.loss { print(loss) }
/// try players.replaceAll(with: salvage.entries)
/// ```
public struct Salvage<Entry: Sendable>: Sendable {
    /// What is beyond doubt, in its order.
    public var entries: [Entry]

    /// What stood in the batch that was cut off, behind ``entries``. Most of it will be what it looks like; of a value
    /// that was cut in the middle its parts may look like entries. Look at them before you use them.
    public var doubtful: [Entry]

    /// What could not be read at all, in words; `nil` if nothing is missing.
    public var loss: String?

    /// Entries that were read and are not of the types asked for, as Python writes them. `PickleValue` takes them all.
    public var mistyped: [String]

    /// Whether everything was there and is in ``entries``.
    public var isComplete: Bool { loss == nil && doubtful.isEmpty && mistyped.isEmpty }

    init(loss: String?) {
        entries = []
        doubtful = []
        mistyped = []
        self.loss = loss
    }

    /// Takes one entry, unless it is not of its type.
    mutating func add(isCertain: Bool, _ parts: @autoclosure () -> [PickleValue], _ entry: () throws -> Entry) {
        guard let entry = try? entry() else {
            mistyped.append(parts().map { $0.repr(limit: 100) }.joined(separator: ": "))
            return
        }
        if isCertain { entries.append(entry) } else { doubtful.append(entry) }
    }
}

extension RememoryDict {
    /// Reads what can still be read of content that is damaged, and writes nothing. Content that is whole comes out whole.
    ///
    /// - Throws: ``RememoryError``: `corruptContent` if not even the beginning is that of a dict, `legacyContent` for JSON
    ///   (see ``migrate()``), `typeMismatch` for another type. That entries are missing is no error.
    /// - Complexity: linear in the content.
    public func salvage() throws -> Salvage<(key: Key, value: Value)> {
        try segment.withLock { access in
            let content = try journal.salvage(access)
            let graph = content.graph
            let nodes = graph.children(of: graph.root)
            var salvage = Salvage<(key: Key, value: Value)>(loss: content.loss)
            for place in stride(from: 0, to: nodes.count - 1, by: 2) {
                let (key, value) = (nodes[place], nodes[place + 1])
                salvage.add(
                    isCertain: place < content.certainNodes,
                    [PickleValue(graph.rooted(at: key)), PickleValue(graph.rooted(at: value))]
                ) { (try keyCodec.decode(graph, at: key), try valueCodec.decode(graph, at: value)) }
            }
            return salvage
        }
    }

    /// Makes a pickle of the JSON text that versions 0.1 and 0.2 of the Python package wrote; whether it was one.
    ///
    /// Python processes of those versions can't read the block any more, those of 0.3 and later can.
    ///
    /// - Throws: ``RememoryError``: `corruptContent` if the JSON can't be read, `typeMismatch` if it is no object,
    ///   `valueTooLarge` if it doesn't fit and the block may not grow. Nothing has changed then.
    /// - Complexity: linear in the content.
    @discardableResult
    public func migrate() throws -> Bool { try segment.withLock { access in try journal.migrate(&access) } }

    /// Runs the body with the lock held and the index current, or empty where the content can't be read.
    func lockedToReplace(_ body: (inout SegmentAccess) throws -> Void) throws {
        try segment.withLock { access in
            try journal.bringCurrentToReplace(access)
            try body(&access)
        }
    }
}

extension RememoryList {
    /// Reads what can still be read of content that is damaged, and writes nothing. Content that is whole comes out whole.
    ///
    /// - Throws: ``RememoryError``: `corruptContent` if not even the beginning is that of a list, `legacyContent` for JSON
    ///   (see ``migrate()``), `typeMismatch` for another type. That items are missing is no error.
    /// - Complexity: linear in the content.
    public func salvage() throws -> Salvage<Element> {
        try segment.withLock { access in
            let content = try journal.salvage(access)
            let graph = content.graph
            var salvage = Salvage<Element>(loss: content.loss)
            for (place, node) in graph.children(of: graph.root).enumerated() {
                salvage.add(isCertain: place < content.certainNodes, [PickleValue(graph.rooted(at: node))]) {
                    try elementCodec.decode(graph, at: node)
                }
            }
            return salvage
        }
    }

    /// Makes a pickle of the JSON text that versions 0.1 and 0.2 of the Python package wrote; whether it was one.
    ///
    /// Python processes of those versions can't read the block any more, those of 0.3 and later can.
    ///
    /// - Throws: ``RememoryError``: `corruptContent` if the JSON can't be read, `typeMismatch` if it is no array,
    ///   `valueTooLarge` if it doesn't fit and the block may not grow. Nothing has changed then.
    /// - Complexity: linear in the content.
    @discardableResult
    public func migrate() throws -> Bool { try segment.withLock { access in try journal.migrate(&access) } }

    /// Runs the body with the lock held and the index current, or empty where the content can't be read.
    func lockedToReplace(_ body: (inout SegmentAccess) throws -> Void) throws {
        try segment.withLock { access in
            try journal.bringCurrentToReplace(access)
            try body(&access)
        }
    }
}
