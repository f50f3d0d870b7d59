import CRememoryPlatform
import Logging

/// Follows the segments that are open in this process, at once and not only with the next operation.
///
/// Between two operations of ours a segment can lose its name: by the exit of a Python process, whose resource tracker
/// unlinks it, or by another's growth. Left alone until our next operation, a new Python process would begin with `{}`,
/// and those that stayed attached would be on their own. So one thread sleeps until the kernel says that a segment lost
/// a name, looks without taking any lock, and wakes another if something is wrong, which takes the block's lock and does
/// what an operation would do:
///
///     a Python exits            its tracker unlinks NAME       the watching thread wakes up: NAME is missing
///                                                              the acting thread takes the lock, links NAME, sleeps
///     a Python grows            unlinks NAME, makes it anew,   the same; the acting thread gets the lock only then,
///                               all with the lock held         and adopts what it finds
///
/// (They are two because the watching one has no part in the process's descriptors: see `CRememoryNotices.h`. What it
/// opened, the others could not use.) A lock that somebody has is tried again, less and less often. A forked child has
/// neither of them: it gets its own with the first block that it uses. Where inotify can't be had, or has no watch left,
/// operations go on looking for themselves, as they do anyway.
final class Follower: Sendable {
    /// How it stands about one open block.
    struct Entry {
        let core: SegmentCore
        /// When to act next; `nil` while nothing is wrong.
        var due: Int64?
        /// How often in a row that did not help.
        var failures = 0
        /// Whether another segment with content of its own has the name: then only names that go can help.
        var waitsForName = false
        var isUnwatched = false
        var isReported = false

        /// How long to wait before acting: not at all at first, then for 2 to 256 ms.
        var pause: Int64 { failures < 2 ? 0 : 1_000_000 << Int64(min(failures - 1, 8)) }
    }

    /// Somebody who wants to know when a block comes into being.
    struct Expectation {
        let name: BlockName
        let body: @Sendable () -> Wish
        /// When to call next.
        var due: Int64?
        var waitsForName = false
    }

    /// What somebody wants who was called because of a block that he expects.
    enum Wish {
        /// To be called when the name appears.
        case name
        /// To be called in a while.
        case later
        /// To be called when the block that he has opened now is lost for good.
        case loss
    }

    /// What the watching thread is told.
    enum Change {
        case added(SegmentCore)
        case removed(ObjectIdentifier)
        case acted(ObjectIdentifier)
    }

    /// What the acting thread does next.
    enum Job {
        case block(ObjectIdentifier, SegmentCore)
        case expectation(ObjectIdentifier, @Sendable () -> Wish)
    }

    enum Phase {
        case idle, running
        /// There is no inotify here.
        case unwatched
    }

    struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var expectations: [ObjectIdentifier: Expectation] = [:]
        var changes: [Change] = []
        var bell: NameWatcher.Bell?
        /// When the acting thread wakes up by itself.
        var wakesAt: Int64 = 0
        /// Whether the acting thread may have a block's lock.
        var isActing = false
        var phase = Phase.idle
        var isOver = false
        var isReported = false

        /// Whether it matters to anybody which names come and go.
        var wantsNames: Bool {
            expectations.values.contains { $0.waitsForName } || entries.values.contains { $0.waitsForName }
        }

        /// When to act next.
        var due: Int64? {
            min(entries.values.compactMap(\.due).min(), expectations.values.compactMap(\.due).min())
        }

        /// Whether somebody who makes no operations has blocks open that are not watched.
        var isPolling: Bool {
            !expectations.isEmpty && (phase == .unwatched || entries.values.contains(where: \.isUnwatched))
        }

        /// For how long there is nothing to do; `nil` for until something happens.
        var pause: Int64? {
            if isOver { return nil }
            let pause = due.map { max($0 - SystemCalls.monotonicTime(), 0) }
            if isPolling { return min(pause, Follower.pollInterval) }
            return entries.isEmpty ? pause : min(pause, Follower.freeingInterval)
        }

        /// Keeps what somebody wishes.
        mutating func note(_ wish: Wish, _ id: ObjectIdentifier) {
            expectations[id]?.waitsForName = wish == .name
            if wish == .loss { expectations[id]?.due = nil }
            if wish == .later { expectations[id]?.due = SystemCalls.monotonicTime() + Follower.pollInterval }
        }

        /// The block to put right now, or somebody to call.
        mutating func takeJob() -> Job? {
            let now = SystemCalls.monotonicTime()
            if isOver { return nil }
            if let (id, entry) = entries.first(where: { $0.value.due ?? .max <= now }) {
                return .block(id, entry.core)
            }
            if let (id, expectation) = expectations.first(where: { $0.value.due ?? .max <= now }) {
                expectations[id]?.due = nil
                // Should the name appear before he has finished looking.
                expectations[id]?.waitsForName = true
                return .expectation(id, expectation.body)
            }
            return nil
        }

        /// Counts as running from now on; what it was before.
        mutating func begin() -> Phase {
            defer { if phase == .idle { phase = .running } }
            return phase
        }

        /// Takes back that a block was added, if the watching thread doesn't know yet; whether that was so.
        mutating func forgetAddition(of id: ObjectIdentifier) -> Bool {
            let place = changes.lastIndex { change in
                if case .added(let core) = change { ObjectIdentifier(core) == id } else { false }
            }
            if let place { changes.remove(at: place) }
            return place != nil
        }

        private func min(_ one: Int64?, _ other: Int64?) -> Int64? {
            guard let one, let other else { return one ?? other }
            return Swift.min(one, other)
        }
    }

    /// Those who keep blocks for others make no operations: without inotify, somebody has to look now and then.
    static let pollInterval: Int64 = 250_000_000

    /// A block gets its guards so long after it was opened: those who open one use it at once, and should not find its
    /// lock taken.
    static let guardingDelay: Int64 = 50_000

    let state = ThreadMutex(State())
    /// Raised when there is something to act on.
    let signal = ThreadSignal()

    private init() {}

    /// This process's.
    static var current: Follower {
        if let kept = unsafe rm_kept_by_this_process() {
            return unsafe Unmanaged<Follower>.fromOpaque(kept).takeUnretainedValue()
        }
        let new = unsafe Unmanaged.passRetained(Follower())
        guard let kept = unsafe rm_keep_by_this_process(new.toOpaque()) else { return unsafe new.takeRetainedValue() }
        let current = unsafe Unmanaged<Follower>.fromOpaque(kept)
        if unsafe kept != new.toOpaque() { unsafe new.release() }
        return unsafe current.takeUnretainedValue()
    }

    /// From now on the block is followed. The acting thread gives it its guards, and then wakes the watching one.
    func follow(_ core: SegmentCore) {
        let due = SystemCalls.monotonicTime() + Follower.guardingDelay
        let (phase, isAsleep) = state.withLock { state in
            state.entries[ObjectIdentifier(core)] = Entry(core: core, due: due)
            state.changes.append(.added(core))
            return (state.begin(), state.wakesAt > due)
        }
        if phase == .idle { start() }
        if isAsleep { signal.raise() }
    }

    /// The block is not open any more.
    func leave(_ core: SegmentCore) {
        let id = ObjectIdentifier(core)
        let bell = state.withLock { state -> NameWatcher.Bell? in
            guard state.entries.removeValue(forKey: id) != nil else { return nil }
            if state.forgetAddition(of: id) { return nil }
            state.changes.append(.removed(id))
            return state.bell
        }
        bell?.ring()
    }

    /// Calls somebody, on a thread of its own, now and whenever what he wishes for has happened.
    func expect(_ name: BlockName, for owner: AnyObject, _ body: @escaping @Sendable () -> Wish) {
        change { state in
            state.expectations[ObjectIdentifier(owner)] = Expectation(
                name: name, body: body, due: SystemCalls.monotonicTime())
        }
    }

    /// Ends what `expect` began.
    func forget(_ owner: AnyObject) {
        change { $0.expectations[ObjectIdentifier(owner)] = nil }
    }

    /// The process ends: what is taken away now stays away. The acting thread may be about to put something right, above
    /// all in a process that ends right after it has opened a block: it must not be ended with the lock taken.
    func end() {
        for _ in 0..<Follower.looksAtEnd {
            let isAtRest = state.withLockIfAvailable { state in
                state.isOver = true
                return !state.isActing
            }
            if isAtRest == true { return }
            SystemCalls.sleep(nanoseconds: 20_000)
        }
    }

    /// Some hundreds of milliseconds; what it does takes microseconds. It may also wait for who is ending the process.
    private static let looksAtEnd = 4_000

    /// Changes the state and has the watching thread look at it.
    func change(_ body: (inout State) -> Void) {
        let (bell, phase, isDue) = state.withLock { state in
            body(&state)
            return (state.bell, state.begin(), state.due != nil)
        }
        if phase == .idle { start() }
        bell?.ring()
        if isDue || bell == nil { signal.raise() }
    }

    private func start() {
        do throws(SystemFailure) {
            try WorkerThread.start { self.act() }
            try WorkerThread.start { self.watch() }
        } catch {
            stopWatching(error)
        }
    }

    func stopWatching(_ failure: SystemFailure) {
        report(failure)
        state.withLock { $0.phase = .unwatched }
        signal.raise()
    }

    /// Says once why it does not follow.
    func report(_ failure: SystemFailure) {
        let isNew = state.withLock { state in
            defer { state.isReported = true }
            return !state.isReported
        }
        guard isNew else { return }
        Logger(label: "rememory").warning(
            """
            blocks can't be followed between operations: \(failure). Each operation looks for itself. If there are too \
            many watches, raise fs.inotify.max_user_instances or max_user_watches
            """
        )
    }
}
