import CRememoryPlatform

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The semaphore that guards a block, as `posix_ipc` makes it for Python: `/rememorydict_NAME`, mode 0600, value 1.
///
/// On Linux it is a file of 32 bytes. Here its page is mapped by hand instead of through `sem_open`, so that what was
/// checked (a regular file, ours, 32 bytes) is what is used:
///
///     offset  0   the semaphore, as glibc lays it out, with the mark of the Swift process that has it
///            32   the Swift processes that have it open, 126 places: process and namespaces, time of start (`rm_identity`)
///          2048   what the content was that the holder writes over (`UndoCopy`), up to offset 4096
///
/// What stands behind the file's end is shared by all who map the page, and seen by nobody who reads the file. A second
/// page is mapped, which doesn't exist and is never touched: glibc maps one, so `/proc` tells Swift processes from others.
@safe final class NamedSemaphore: @unchecked Sendable {
    private static let fileSize = 32

    let name: BlockName
    let pointer: UnsafeMutablePointer<sem_t>
    let identity: FileFacts.Identity
    /// The table of the Swift processes, for their marks (see `CRememoryLock.h`).
    let places: UnsafeMutablePointer<rm_identity>
    private let pages: UnsafeMutableRawBufferPointer

    /// Opens the semaphore, or creates it with the value 1.
    init(_ name: BlockName, acceptsOtherOwners: Bool) throws(RememoryError) {
        do {
            self.name = name
            let file = try NamedSemaphore.openOrCreate(name)
            let facts = try file.facts()
            guard facts.isRegular, facts.size == NamedSemaphore.fileSize else {
                throw RememoryError.foreign(
                    name,
                    path: file.path,
                    what:
                        "a semaphore is a regular file of 32 bytes, this has \(facts.size). Remove it if it is not in use"
                )
            }
            guard acceptsOtherOwners || facts.owner == SystemCalls.userIdentifier else {
                throw RememoryError.foreign(
                    name,
                    path: file.path,
                    what: """
                        it belongs to user \(facts.owner), we are user \(SystemCalls.userIdentifier). Choose another \
                        name, or open the block with acceptsOtherOwners
                        """
                )
            }
            identity = facts.identity
            unsafe pages = try SystemCalls.map(file, count: 2 * SystemCalls.pageSize)
            unsafe pointer = pages.baseAddress!.assumingMemoryBound(to: sem_t.self)
            unsafe places = (pages.baseAddress! + NamedSemaphore.fileSize).assumingMemoryBound(to: rm_identity.self)
        } catch let failure as SystemFailure {
            throw .system(failure, name)
        } catch let error as RememoryError {
            throw error
        } catch {
            throw RememoryError(.system, block: name.description, message: "\(error)")
        }
    }

    deinit { unsafe SystemCalls.unmap(pages) }

    /// The rest of the page, zeros at first, for whoever has the semaphore.
    var spare: UnsafeMutableRawBufferPointer { unsafe UnsafeMutableRawBufferPointer(rebasing: pages[2048..<4096]) }

    /// Whether nobody has it who gave it back, or will.
    var isTaken: Bool { unsafe rm_sem_value(pointer) == 0 }

    /// The semaphore's file, opened anew to find out whether the holder is dead: one process at a time does. `nil` if
    /// another one does, or if the semaphore has lost its name.
    func look() -> Look? {
        guard let file = try? FileDescriptor.open(SharedMemoryPlace.semaphore(name)),
            (try? file.facts())?.identity == identity, file.tryLock(exclusive: true)
        else { return nil }
        return unsafe Look(file: file, pages: pages)
    }

    /// What only one process has at a time. Not longer than the semaphore is there.
    @safe struct Look: ~Copyable {
        fileprivate let file: FileDescriptor
        fileprivate let pages: UnsafeMutableRawBufferPointer

        // The pages may be mapped through the file by now: closing it alone would not give up its lock.
        deinit { file.unlock() }

        /// Whether no other process has the file open or mapped, by what the kernel grants to who is alone with it. A
        /// forked child shares what its parent opened, so the pages are mapped anew first: then only those share that are
        /// forked from here on, and with one of them there is no answer.
        func isAlone() -> Bool {
            let children = rm_children()
            guard (try? unsafe SystemCalls.map(file, over: pages)) != nil else { return false }
            return !file.isOpenElsewhere && children == rm_children()
        }
    }

    /// Removes the name. Who has it open keeps using it.
    static func unlink(_ name: BlockName) throws(SystemFailure) {
        try SystemCalls.removeIfAny(SharedMemoryPlace.semaphore(name))
    }

    private static func openOrCreate(_ name: BlockName) throws(SystemFailure) -> FileDescriptor {
        let path = SharedMemoryPlace.semaphore(name)
        while true {
            do {
                return try FileDescriptor.open(path)
            } catch {
                guard error.isMissing else { throw error }
            }
            // Somebody removed the name, and a Swift process still has the one that it stood for.
            if SharedMemoryPlace.isGuarded(name),
                (try? SystemCalls.link(SharedMemoryPlace.semaphoreGuard(name), path)) != nil
            {
                continue
            }
            // glibc fills it under a temporary name and links it: nobody ever sees it half-made.
            let made = unsafe rm_sem_open(name.semaphoreName, O_CREAT | O_EXCL, 0o600, 1)
            if let made = unsafe made {
                _ = unsafe sem_close(made)
                // The umask has taken away from the mode what it takes; Python's users expect 0600.
                try retrying("chmod", path) { unsafe chmod(path, 0o600) }
            } else {
                let failure = SystemFailure("sem_open", name.semaphoreName)
                guard failure.isTaken else { throw failure }
            }
        }
    }
}
