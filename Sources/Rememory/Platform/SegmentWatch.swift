import CRememoryPlatform

/// The sentinel's eye on one file, until released.
final class SegmentWatch: Sendable {
    /// Which set-up it belongs to: a forked child has another one.
    let setup: UInt32
    private let watch: Int32

    /// Watches a file; `nil` where there is no sentinel.
    init?(_ file: borrowing FileDescriptor) {
        var watch: Int32 = -1
        setup = unsafe rm_sentinel_watch(file.number, &watch)
        self.watch = watch
        if setup == 0 { return nil }
    }

    deinit { rm_sentinel_unwatch(setup, watch) }
}
