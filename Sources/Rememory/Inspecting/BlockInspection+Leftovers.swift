/// Removing what nobody uses any more.
extension BlockInspection {
    /// What the lock of a name looks like now.
    package static func lock(of name: String) throws -> Lock {
        let path = SharedMemoryPlace.paths(ofListed: name).semaphore
        do throws(SystemFailure) {
            return try BlockLook.lock(path)?.state ?? .none
        } catch {
            throw RememoryError.system(error, listed: name)
        }
    }

    /// Removes a lock that has no segment.
    ///
    /// - Returns: whether it did: not if there is a segment, or a process has the lock open.
    package static func removeOrphanedLock(of name: String) throws -> Bool {
        guard let block = try BlockInspection(name), block.size == nil, block.processes.isEmpty else { return false }
        return try remove(SharedMemoryPlace.paths(ofListed: name).semaphore, name)
    }

    /// Removes a segment that has no bytes, or is an empty dict or list under a name that no block can have.
    ///
    /// - Returns: whether it did: not if it is anything else, or a process has it open.
    package static func removeAbandonedSegment(of name: String) throws -> Bool {
        guard let block = try BlockInspection(name), block.processes.isEmpty else { return false }
        guard block.size == 0 || (try? BlockName(name)) == nil && block.entries == 0 else { return false }
        return try remove(SharedMemoryPlace.paths(ofListed: name).segment, name)
    }

    private static let looks = 50
    private static let pause: Int64 = 5_000_000

    /// Removes a file that nobody has open or mapped, which the kernel knows also of processes that we can't look into.
    private static func remove(_ path: String, _ name: String) throws -> Bool {
        do throws(SystemFailure) {
            let file = try FileDescriptor.open(path)
            // Others may just be looking at it, which takes them a moment.
            for _ in 0..<looks {
                if !file.isOpenElsewhere { return try SystemCalls.removeIfAny(path) }
                SystemCalls.sleep(nanoseconds: pause)
            }
            return false
        } catch {
            throw RememoryError.system(error, listed: name)
        }
    }
}
