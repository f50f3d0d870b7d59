import Synchronization

/// What the watchers of one handle share: the newest state of the block that any of them has read.
final class WatchShare<Index: ContentIndex>: Sendable {
    private struct Newest {
        weak var content: WatchedContent<Index>?
    }

    private let newest = Mutex(Newest())

    /// The state of the block now: what another watcher has read, if that is current, or read anew.
    func content(
        of segment: Segment, after known: WatchedContent<Index>
    ) async throws -> WatchedContent<Index> {
        if let content = newest.withLock({ $0.content }), content !== known, content.isCurrent { return content }
        let content = try await known.retake(segment)
        newest.withLock { $0.content = content }
        return content
    }
}
