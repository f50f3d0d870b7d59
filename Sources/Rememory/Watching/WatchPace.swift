/// How long a watcher sleeps between two looks.
///
/// A few milliseconds after a change, then longer and longer. Whatever the block's size, looking takes up at most a
/// hundredth of the time, and a change at most a twentieth; the lock is held for at most a hundredth.
struct WatchPace: Sendable {
    static let shortest: Int64 = 4_000_000
    static let longest: Int64 = 30_000_000

    /// How long to sleep before the next look, in nanoseconds. The first comes at once.
    private(set) var sleep: Int64 = 0

    /// Nothing had changed.
    mutating func foundNothing(lookTime: Int64) {
        sleep = max(min(max(sleep, WatchPace.shortest) * 3 / 2, WatchPace.longest), 100 * lookTime)
    }

    /// Something had, and has been read and compared.
    mutating func foundChanges(workTime: Int64, lockTime: Int64) {
        sleep = max(WatchPace.shortest, 20 * workTime, 100 * lockTime)
    }
}
