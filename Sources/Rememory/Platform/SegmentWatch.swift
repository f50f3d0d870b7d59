import CRememoryPlatform
import Synchronization

/// The sentinel's eye on one file, until released. Several on one file are one to the kernel, so they are counted.
final class SegmentWatch: Sendable {
    private struct Key: Hashable {
        var setup: UInt32
        var watch: Int32
    }

    private static let counts = Mutex<[Key: Int]>([:])

    private let key: Key

    /// Which set-up it belongs to: a forked child has another one.
    var setup: UInt32 { key.setup }

    /// Watches a file; `nil` where there is no sentinel.
    init?(_ file: borrowing FileDescriptor) {
        let number = file.number
        let key: Key? = SegmentWatch.counts.withLock { counts in
            var watch: Int32 = -1
            let setup = unsafe rm_sentinel_watch(number, &watch)
            guard setup != 0 else { return nil }
            let key = Key(setup: setup, watch: watch)
            counts[key, default: 0] += 1
            return key
        }
        guard let key else { return nil }
        self.key = key
    }

    deinit {
        SegmentWatch.counts.withLock { counts in
            let left = (counts[key] ?? 1) - 1
            counts[key] = left == 0 ? nil : left
            if left == 0 { rm_sentinel_unwatch(key.setup, key.watch) }
        }
    }
}
