import CRememoryPlatform

/// Tells a thread when files lose or change their names, and when names come and go in the directory of segments.
///
/// It belongs to the thread that makes it, for as long as that lives (see `CRememoryNotices.h`).
@safe final class NameWatcher {
    enum Notice {
        /// Something happened to the watched file; whether the file, and its watch, are no more.
        case file(watch: Int32, isLast: Bool)
        /// A name came or went.
        case name(String)
        /// More happened than could be remembered.
        case unknown
    }

    /// Wakes the thread, from any other.
    struct Bell: Sendable {
        fileprivate let thread: Int32
        fileprivate let number: Int32

        /// Does nothing in a forked child, which doesn't have the thread.
        func ring() { _ = rm_notices_ring(thread, number) }
    }

    private static let bufferSize = 16384

    private var notices = rm_notices()
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 8)
    private var directoryWatch: Int32?

    /// Makes the calling thread one that waits. From then on it shares no descriptors with the others.
    init() throws(SystemFailure) {
        let failure = unsafe rm_notices_open(&notices)
        if failure != 0 { throw SystemFailure("inotify_init1", SharedMemoryPlace.directory, number: failure) }
    }

    deinit { unsafe buffer.deallocate() }

    var bell: Bell { Bell(thread: notices.thread, number: notices.bell) }

    /// Watches the file if it has one of those names, and says by which number; `nil` if it has none of them. A file has
    /// one number, however often it is watched.
    func watch(_ file: FileFacts.Identity, under paths: [String]) throws(SystemFailure) -> Int32? {
        for path in paths {
            var watch: Int32 = -1
            let failure = unsafe rm_notices_watch(&notices, path, file.device, file.inode, &watch)
            if failure == 0 { return watch }
            let error = SystemFailure("inotify_add_watch", path, number: failure)
            guard error.isMissing || error.isStale else { throw error }
        }
        return nil
    }

    /// Ends the watch of that number.
    func unwatch(_ watch: Int32) { unsafe rm_notices_unwatch(&notices, watch) }

    /// Whether names that come and go are told of.
    var tellsNames: Bool { directoryWatch != nil }

    /// Begins or ends telling of names that come and go; whether that could be done.
    func tellNames(_ isWanted: Bool) -> Bool {
        if let watch = directoryWatch, !isWanted {
            unwatch(watch)
            directoryWatch = nil
        } else if directoryWatch == nil, isWanted {
            var watch: Int32 = -1
            guard unsafe rm_notices_watch_directory(&notices, SharedMemoryPlace.directory, &watch) == 0 else {
                return false
            }
            directoryWatch = watch
        }
        return true
    }

    /// Sleeps until something happens or the bell rings.
    func wait() -> [Notice] {
        let count = unsafe rm_notices_wait(&notices, buffer.baseAddress!, buffer.count)
        var told: [Notice] = []
        var offset = 0
        var notice = unsafe rm_notice()
        while unsafe rm_notices_next(&notices, buffer.baseAddress!, count, &offset, &notice) {
            let (watch, isLast) = unsafe (notice.watch, notice.is_last)
            let name = unsafe String(cString: notice.name)
            if watch < 0 {
                told.append(.unknown)
            } else if watch == directoryWatch {
                if isLast { directoryWatch = nil }
                told.append(name.isEmpty ? .unknown : .name(name))
            } else {
                told.append(.file(watch: watch, isLast: isLast))
            }
        }
        return told
    }
}
