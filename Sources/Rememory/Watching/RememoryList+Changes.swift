extension RememoryList {
    /// A change of one item, by any process.
    public enum Change: Sendable {
        /// There is a new item at the index; what was there and behind has moved up by one.
        case inserted(index: Int, item: Element)
        /// There is another item at the index: what Python's `==` tells apart, or one of another type.
        case changed(index: Int, from: Element, to: Element)
        /// The item at the index is gone; what was behind has moved down by one.
        case removed(index: Int, item: Element)

        /// The index, from 0, in the list as it is once all changes before this one have been made.
        public var index: Int {
            switch self {
            case .inserted(let index, _), .changed(let index, _, _), .removed(let index, _): index
            }
        }

        /// The item that is there now, `nil` if it is gone.
        public var item: Element? {
            switch self {
            case .inserted(_, let item), .changed(_, _, let item): item
            case .removed: nil
            }
        }

        /// The item that was there before, `nil` if it is new.
        public var oldItem: Element? {
            switch self {
            case .changed(_, let item, _), .removed(_, let item): item
            case .inserted: nil
            }
        }
    }

    /// The changes from now on, whoever makes them, Swift or Python.
    ///
    /// ```swift
    /// for try await change in log.changes() {
    ///     if case .inserted(_, let line) = change { print(line) }
    /// }
    /// ```
    ///
    /// "Now" is this call: what happens between it and the loop is reported. Changes come in bundles, a few to some
    /// tens of milliseconds after they were made: the shortest way from the list as it was to the list as it is (after
    /// hundreds of changes at once, a simple one). Made one after the other they turn the one into the other. What came
    /// and went between two looks is not reported, and a slow loop gets the net change.
    ///
    /// The sequence follows the block when it grows. It ends when the task is cancelled or this handle closed.
    ///
    /// A watcher of a block where nothing happens costs a system call and a few loads, some thirty times a second,
    /// and takes no lock. When something has happened it holds the lock while it copies the used bytes.
    ///
    /// - Parameter includesPresent: Whether what is there now comes first, as insertions. Then nothing is missed between
    ///   reading the list and watching it.
    /// - Returns: A sequence that throws ``RememoryError`` (`conflict` if another segment with content of its own has
    ///   taken the name, `vanished` if a Swift process removed the block, `corruptContent`, `lockTimeout` for the first
    ///   look) or a `DecodingError` for what is no `Element`. It has ended then.
    /// - Complexity: This call is linear in the content. So is each bundle.
    public func changes(includingPresent includesPresent: Bool = false) -> Changes {
        Changes(list: self, feed: ChangeFeed(segment, watchShare, includesPresent: includesPresent))
    }

    /// The changes of a list as they happen. See ``changes(includingPresent:)``.
    public struct Changes: AsyncSequence, Sendable {
        fileprivate let list: RememoryList
        fileprivate let feed: ChangeFeed<ListIndex>

        /// Begins with what has happened since the sequence was made.
        public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(list: list, feed: feed) }

        /// Waits for one change after the other.
        public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
            fileprivate let list: RememoryList
            fileprivate var feed: ChangeFeed<ListIndex>

            /// The next change; `nil` once the task is cancelled or the handle closed.
            ///
            /// - Throws: What ``RememoryList/changes(includingPresent:)`` says. It has ended then.
            public mutating func next() async throws -> Change? {
                try await feed.next { [list] change, before, after in
                    try list.change(change, from: before, to: after)
                }
            }
        }
    }

    private func change(
        _ change: EntryChange, from before: WatchedContent<ListIndex>, to after: WatchedContent<ListIndex>
    ) throws -> Change {
        let old = try change.before.map { try item(at: $0, in: before) }
        let new = try change.after.map { try item(at: $0, in: after) }
        guard let new else {
            guard let old else { preconditionFailure("a change is of an item before, or after, or both") }
            return .removed(index: change.position, item: old)
        }
        return old.map { .changed(index: change.position, from: $0, to: new) }
            ?? .inserted(index: change.position, item: new)
    }

    private func item(at position: Int, in content: WatchedContent<ListIndex>) throws -> Element {
        try content.read { journal, access in
            try journal.value(journal.index.items[position].extent, node: position, by: elementCodec, access)
        }
    }
}

extension RememoryList.Change: Equatable where Element: Equatable {}
extension RememoryList.Change: Hashable where Element: Hashable {}
