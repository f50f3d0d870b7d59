/// Follows a block from one state to the next.
///
/// There is no thread and no task behind it: it works while its `next` is awaited, and whoever is slow to ask gets the
/// net change since the last time. Nothing piles up.
struct ContentWatch<Index: WatchedIndex>: Sendable {
    /// Content that can't be read may be one that is just being written without the lock, as Python does when it makes
    /// a block. It gets so many more looks.
    private static var patience: Int { 3 }

    private let segment: Segment
    private let share: WatchShare<Index>
    private var content: WatchedContent<Index>
    private var pace = WatchPace()

    init(_ segment: Segment, _ share: WatchShare<Index>, from content: WatchedContent<Index>) {
        self.segment = segment
        self.share = share
        self.content = content
    }

    /// What has changed, with the states before and after.
    struct Step: Sendable {
        let before: WatchedContent<Index>
        let after: WatchedContent<Index>
        let changes: [EntryChange]
    }

    /// Waits for the next change. `nil` once the task is cancelled or the handle closed.
    @concurrent
    mutating func next() async throws -> Step? {
        var failures = 0
        while true {
            do {
                try await Task.sleep(for: .nanoseconds(pace.sleep))
                guard !segment.isClosed else { return nil }
                let started = SystemCalls.monotonicTime()
                if content.isCurrent {
                    pace.foundNothing(lookTime: SystemCalls.monotonicTime() - started)
                    continue
                }
                let before = content
                let after = try await share.content(of: segment, after: before)
                let changes = try Index.changes(from: before, to: after)
                content = after
                pace.foundChanges(workTime: SystemCalls.monotonicTime() - started, lockTime: after.lockTime)
                if !changes.isEmpty { return Step(before: before, after: after, changes: changes) }
            } catch is CancellationError {
                return nil
            } catch let error as RememoryError where error.code == .corruptContent && failures < Self.patience {
                failures += 1
                pace.foundNothing(lookTime: 0)
            } catch let error as RememoryError where error.code == .closed {
                return nil
            }
        }
    }
}

/// The changes of a block one by one: what its sequences are made of.
struct ChangeFeed<Index: WatchedIndex>: Sendable {
    private let segment: Segment
    private let share: WatchShare<Index>
    private let includesPresent: Bool
    /// What there was when the feed was made, until the first change is asked for.
    private var start: Result<WatchedContent<Index>, any Error>?
    private var watch: ContentWatch<Index>?
    private var step: ContentWatch<Index>.Step?
    private var position = 0

    init(_ segment: Segment, _ share: WatchShare<Index>, includesPresent: Bool) {
        self.segment = segment
        self.share = share
        self.includesPresent = includesPresent
        start = Result { try WatchedContent.take(segment) }
    }

    /// The next change as `make` tells it; `nil` once the task is cancelled, the handle closed, or after an error.
    mutating func next<Change: Sendable>(
        _ make:
            @Sendable (EntryChange, _ before: WatchedContent<Index>, _ after: WatchedContent<Index>) throws -> Change
    ) async throws -> Change? {
        do {
            guard let step = try await current() else { return nil }
            position += 1
            return try make(step.changes[position - 1], step.before, step.after)
        } catch {
            (watch, step) = (nil, nil)
            throw error
        }
    }

    private mutating func current() async throws -> ContentWatch<Index>.Step? {
        if let step, position < step.changes.count { return step }
        (step, position) = (nil, 0)
        if let start {
            self.start = nil
            let content = try start.get()
            watch = ContentWatch(segment, share, from: content)
            if includesPresent {
                let count = try Index.count(of: content)
                let changes = (0..<count).map { EntryChange(before: nil, after: $0, position: $0) }
                step = ContentWatch.Step(before: content, after: content, changes: changes)
                if count > 0 { return step }
            }
        }
        step = try await watch?.next()
        if step == nil { watch = nil }
        return step
    }
}
