import PickleCodec
import Synchronization

/// A dict or list as it was at one moment, in memory of this process: what a watcher compares.
///
/// Taking one holds the block's lock for as long as copying the used bytes takes, less than any read of all of it.
/// Everything else, reading and comparing, works on the copy. Whether the block has changed since is seen without the
/// lock: by its name and, where head and stamp are whole, by their 64 bytes; otherwise by comparing the used bytes.
final class WatchedContent<Index: ContentIndex>: Sendable {
    private struct Reading {
        let journal: Journal<Index>
        var isDone = false
    }

    private let copy: SegmentCopy
    private let usedCount: Int
    private let path: String
    private let view: SegmentView
    private let head: Head?
    private let stamp: Stamp.Reading?
    private let reading: Mutex<Reading>

    /// How long the lock was held, in nanoseconds.
    let lockTime: Int64

    /// Copies the block's content, with its lock held.
    ///
    /// - Parameters:
    ///   - room: Memory for it, made before the lock was taken.
    ///   - previous: What was known before: from the same segment it lends its mapping.
    private init(
        _ segment: Segment, _ access: borrowing SegmentAccess, room: consuming SegmentCopy, previous: WatchedContent?
    ) throws(RememoryError) {
        let started = SystemCalls.monotonicTime()
        let bytes = access.content
        let stamp = Stamp(of: bytes)?.read()
        let used = stamp.map { Int($0.end) + 1 } ?? bytes.usedCount
        let copy = room.capacity >= used ? room : SegmentCopy(capacity: used)
        unsafe bytes.withBytes(0..<used) { unsafe copy.fill(with: $0) }
        (self.copy, usedCount, self.stamp) = (copy, used, stamp)
        head = bytes.count >= Head.byteCount ? Head(of: bytes) : nil
        path = segment.core.path
        if let previous, previous.view.identity == segment.core.mapped.identity {
            view = previous.view
        } else {
            view = try segment.core.view()
        }
        reading = Mutex(Reading(journal: Journal(name: segment.name, layout: .canonical)))
        lockTime = SystemCalls.monotonicTime() - started
    }

    /// Copies the block's content; waits for the lock as every operation does.
    static func take(_ segment: Segment) throws -> WatchedContent {
        let room = SegmentCopy(capacity: 4096)
        return try segment.withLock { access in try WatchedContent(segment, access, room: room, previous: nil) }
    }

    /// Copies the block's content once more, without blocking a thread while it waits for the lock.
    func retake(_ segment: Segment) async throws -> WatchedContent {
        let room = SegmentCopy(capacity: usedCount + usedCount / 4 + 4096)
        return try await segment.core.lock.whenFree(timeout: nil) {
            try segment.withLock { access in try WatchedContent(segment, access, room: room, previous: self) }
        }
    }

    /// Whether the block still is what it was: a system call and a few loads, without the lock.
    ///
    /// - Complexity: O(1) on what Swift wrote, or marked; linear in the content on what Python wrote, and in canonical
    ///   layout.
    var isCurrent: Bool {
        guard (try? SystemCalls.factsIfAny(path))?.identity == view.identity else { return false }
        let bytes = unsafe SegmentBytes(view.bytes)
        if let stamp {
            return Stamp(of: bytes)?.isStill(stamp) == true && Head(of: bytes) == head
        }
        return copy.withContent { content in
            unsafe content.withBytes(0..<usedCount) { unsafe bytes.equal(0..<usedCount, $0) }
        }
    }

    /// Lends the content to `body`, which must not keep what it gets.
    func read<Result: Sendable>(
        _ body: (Journal<Index>, SegmentAccess) throws -> Result
    ) throws -> Result {
        try reading.withLock { reading in
            let access = SegmentAccess(to: copy)
            if !reading.isDone {
                try reading.journal.bringCurrent(access)
                reading.isDone = true
            }
            return try body(reading.journal, access)
        }
    }
}

extension SegmentCore {
    /// Another mapping of the segment, which is under its name. With the lock held.
    fileprivate func view() throws(RememoryError) -> SegmentView {
        do throws(SystemFailure) {
            return try SegmentView(path: path)
        } catch {
            throw .system(error, name)
        }
    }
}
