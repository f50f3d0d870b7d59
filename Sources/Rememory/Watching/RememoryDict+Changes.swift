extension RememoryDict {
    /// A change of one key, by any process.
    public enum Change: Sendable {
        /// The key is new.
        case inserted(key: Key, value: Value)
        /// The key has another value: what Python's `==` tells apart, or one of another type, as `True` after `1`.
        case changed(key: Key, from: Value, to: Value)
        /// The key is gone.
        case removed(key: Key, value: Value)

        /// The key.
        public var key: Key {
            switch self {
            case .inserted(let key, _), .changed(let key, _, _), .removed(let key, _): key
            }
        }

        /// The value that the key has now, `nil` if the key is gone.
        public var value: Value? {
            switch self {
            case .inserted(_, let value), .changed(_, _, let value): value
            case .removed: nil
            }
        }

        /// The value that the key had before, `nil` if the key is new.
        public var oldValue: Value? {
            switch self {
            case .changed(_, let value, _), .removed(_, let value): value
            case .inserted: nil
            }
        }
    }

    /// The changes from now on, whoever makes them, Swift or Python.
    ///
    /// ```swift
    /// for try await change in players.changes() {
    ///     switch change {
    ///     case .inserted(let name, let player): print("\(name) came with \(player.score)")
    ///     case .changed(let name, let old, let new): print("\(name): \(old.score) → \(new.score)")
    ///     case .removed(let name, _): print("\(name) left")
    ///     }
    /// }
    /// ```
    ///
    /// "Now" is this call: what happens between it and the loop is reported. Changes come in bundles, a few to some
    /// tens of milliseconds after they were made. Of a bundle come first the keys that are gone, then new and changed
    /// ones in their order in the dict; made one after the other they turn what was there before into what is there
    /// now. What came and went between two looks is not reported, and a slow loop gets the net change. The order of
    /// keys alone is not watched.
    ///
    /// The sequence follows the block when it grows. It ends when the task is cancelled or this handle closed.
    ///
    /// A watcher of a block where nothing happens costs a system call and a few loads, some thirty times a second,
    /// and takes no lock. When something has happened it holds the lock while it copies the used bytes.
    ///
    /// - Parameter includesPresent: Whether what is there now comes first, as insertions. Then nothing is missed between
    ///   reading the dict and watching it.
    /// - Returns: A sequence that throws ``RememoryError`` (`conflict` if another segment with content of its own has
    ///   taken the name, `vanished` if a Swift process removed the block, `corruptContent`, `lockTimeout` for the first
    ///   look) or a `DecodingError` for what is no `Key` or `Value`. It has ended then.
    /// - Complexity: This call is linear in the content. So is each bundle.
    public func changes(includingPresent includesPresent: Bool = false) -> Changes {
        Changes(dict: self, feed: ChangeFeed(segment, watchShare, includesPresent: includesPresent))
    }

    /// The changes of a dict as they happen. See ``changes(includingPresent:)``.
    public struct Changes: AsyncSequence, Sendable {
        fileprivate let dict: RememoryDict
        fileprivate let feed: ChangeFeed<DictIndex>

        /// Begins with what has happened since the sequence was made.
        public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(dict: dict, feed: feed) }

        /// Waits for one change after the other.
        public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
            fileprivate let dict: RememoryDict
            fileprivate var feed: ChangeFeed<DictIndex>

            /// The next change; `nil` once the task is cancelled or the handle closed.
            ///
            /// - Throws: What ``RememoryDict/changes(includingPresent:)`` says. It has ended then.
            public mutating func next() async throws -> Change? {
                try await feed.next { [dict] change, before, after in
                    try dict.change(change, from: before, to: after)
                }
            }
        }
    }

    private func change(
        _ change: EntryChange, from before: WatchedContent<DictIndex>, to after: WatchedContent<DictIndex>
    ) throws -> Change {
        let old = try change.before.map { try pair(ofEntry: $0, in: before) }
        let new = try change.after.map { try pair(ofEntry: $0, in: after) }
        guard let new else {
            guard let old else { preconditionFailure("a change is of an entry before, or after, or both") }
            return .removed(key: old.key, value: old.value)
        }
        return old.map { .changed(key: new.key, from: $0.value, to: new.value) }
            ?? .inserted(key: new.key, value: new.value)
    }

    private func pair(ofEntry entry: Int, in content: WatchedContent<DictIndex>) throws -> (key: Key, value: Value) {
        try content.read { journal, access in
            let found = journal.index.entries[entry]
            return (
                try journal.value(found.pair.key, node: 2 * Int(found.keyOrdinal), by: keyCodec, access),
                try journal.value(found.pair.value, node: 2 * Int(found.valueOrdinal) + 1, by: valueCodec, access)
            )
        }
    }
}

extension RememoryDict.Change: Equatable where Value: Equatable {}
extension RememoryDict.Change: Hashable where Value: Hashable {}
