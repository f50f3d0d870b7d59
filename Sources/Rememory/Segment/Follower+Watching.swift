/// The watching thread. It takes no block's lock and opens nothing that others use.
extension Follower {
    /// Runs as long as the process.
    func watch() {
        let watcher: NameWatcher
        do throws(SystemFailure) {
            watcher = try NameWatcher()
        } catch {
            return stopWatching(error)
        }
        state.withLock { $0.bell = watcher.bell }
        let blocks = WatchedBlocks(watcher)
        while true {
            let (changes, wantsNames) = state.withLock { state in
                defer { state.changes.removeAll() }
                return (state.changes, state.wantsNames)
            }
            for change in changes { blocks.note(change) }
            tellNames(wantsNames, watcher)
            for core in blocks.takeTouched() { look(core, blocks) }
            if state.withLock({ $0.due != nil }) { signal.raise() }
            for notice in watcher.wait() {
                switch notice {
                case .file(let watch, let isLast): blocks.touch(watch, isLast: isLast)
                case .name(let name): touchNames { $0.description == name }
                case .unknown:
                    blocks.touchAll()
                    touchNames { _ in true }
                }
            }
        }
    }

    /// Watches the segment that the block has now, and then looks whether it has its names.
    private func look(_ core: SegmentCore, _ blocks: WatchedBlocks) {
        var isUnwatched = false
        do throws(SystemFailure) {
            try blocks.watch(core)
        } catch {
            report(error)
            isUnwatched = true
        }
        state.withLock { $0.entries[ObjectIdentifier(core)]?.isUnwatched = isUnwatched }
        look(core)
    }

    /// Looks whether the block has its names, without its lock.
    func look(_ core: SegmentCore) {
        let isInOrder = core.isInOrder
        state.withLock { state in
            let id = ObjectIdentifier(core)
            guard var entry = state.entries[id] else { return }
            if isInOrder {
                entry.failures = 0
            } else if entry.due == nil, !entry.waitsForName {
                entry.due = SystemCalls.monotonicTime() + entry.pause
            }
            state.entries[id] = entry
        }
    }

    private func tellNames(_ isWanted: Bool, _ watcher: NameWatcher) {
        let isNew = isWanted && !watcher.tellsNames
        if !watcher.tellNames(isWanted) { report(SystemFailure("inotify_add_watch", SharedMemoryPlace.directory)) }
        // They looked before, and what happened since was not told.
        if isNew { touchNames { _ in true } }
    }

    /// Names came or went: for those who wait for that, it is time.
    func touchNames(where isMeant: (BlockName) -> Bool) {
        state.withLock { state in
            let now = SystemCalls.monotonicTime()
            for (id, expectation) in state.expectations where expectation.waitsForName && isMeant(expectation.name) {
                state.expectations[id]?.due = now
            }
            for (id, entry) in state.entries where entry.waitsForName && isMeant(entry.core.name) {
                state.entries[id]?.due = now
            }
        }
    }
}

/// Which watch is whose. Belongs to the watching thread.
final class WatchedBlocks {
    private struct Watched {
        let core: SegmentCore
        var watches: [FileFacts.Identity: Int32] = [:]
    }

    let watcher: NameWatcher
    /// The blocks to look at.
    var touched: Set<ObjectIdentifier> = []
    private var watched: [ObjectIdentifier: Watched] = [:]
    private var users: [Int32: Set<ObjectIdentifier>] = [:]

    init(_ watcher: NameWatcher) { self.watcher = watcher }

    func note(_ change: Follower.Change) {
        switch change {
        case .added(let core):
            watched[ObjectIdentifier(core)] = Watched(core: core)
            touched.insert(ObjectIdentifier(core))
        case .removed(let id):
            guard let gone = watched.removeValue(forKey: id) else { return }
            for watch in gone.watches.values { end(watch, id) }
        case .acted(let id):
            touched.insert(id)
        }
    }

    func takeTouched() -> [SegmentCore] {
        defer { touched.removeAll() }
        return touched.compactMap { watched[$0]?.core }
    }

    func touchAll() { touched.formUnion(watched.keys) }

    func touch(_ watch: Int32, isLast: Bool) {
        let ids = users[watch] ?? []
        touched.formUnion(ids)
        guard isLast else { return }
        users[watch] = nil
        for id in ids {
            let left = watched[id]?.watches.filter { $0.value != watch }
            watched[id]?.watches = left ?? [:]
        }
    }

    /// Watches what the block has now, and nothing else for it.
    func watch(_ core: SegmentCore) throws(SystemFailure) {
        let id = ObjectIdentifier(core)
        let wanted = core.watchedFiles
        for (file, watch) in watched[id]?.watches ?? [:] where !wanted.contains(where: { $0.file == file }) {
            watched[id]?.watches[file] = nil
            end(watch, id)
        }
        for (file, paths) in wanted where watched[id]?.watches[file] == nil {
            guard let watch = try watcher.watch(file, under: paths) else { continue }
            watched[id]?.watches[file] = watch
            users[watch, default: []].insert(id)
        }
    }

    private func end(_ watch: Int32, _ id: ObjectIdentifier) {
        users[watch]?.remove(id)
        if users[watch]?.isEmpty == true {
            users[watch] = nil
            watcher.unwatch(watch)
        }
    }
}
