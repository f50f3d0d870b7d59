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
/// checked (a regular file, ours, 32 bytes) is what is used.
@safe final class NamedSemaphore: @unchecked Sendable {
    private static let fileSize = 32
    private static let pageSize = 4096

    let name: BlockName
    let pointer: UnsafeMutablePointer<sem_t>
    let identity: FileFacts.Identity
    private let page: UnsafeMutableRawBufferPointer

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
            unsafe page = try SystemCalls.map(file, count: NamedSemaphore.pageSize)
            unsafe pointer = page.baseAddress!.assumingMemoryBound(to: sem_t.self)
        } catch let failure as SystemFailure {
            throw .system(failure, name)
        } catch let error as RememoryError {
            throw error
        } catch {
            throw RememoryError(.system, block: name.description, message: "\(error)")
        }
    }

    deinit { unsafe SystemCalls.unmap(page) }

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
