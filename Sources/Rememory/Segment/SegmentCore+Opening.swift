/// Attaching and creating.
///
/// Python creates in three steps that others can see: an empty file, a file of NULs, the first value. Who attaches waits
/// for the last. Swift creates in one: the file gets its size, its pages and its first value before it gets its name.
extension SegmentCore {
    private static let pollInterval: Int64 = 200_000
    private static let patience: Int64 = 1_000_000_000
    private static let youth: Int64 = 50_000_000

    /// Opens what has the name, or creates it. What is there gets its guards from the follower, a moment later.
    static func open(
        _ name: BlockName,
        _ template: SegmentTemplate,
        _ lock: BlockLock,
        _ options: RememoryOptions
    ) throws(RememoryError) -> SegmentCore {
        while true {
            if let found = try describingFailures(of: name, { try attach(name, template, options) }) {
                let core = SegmentCore(found, name, template, lock, options)
                core.awaitsGuards = true
                return core
            }
            let made = try describingFailures(of: name) { try create(name, template, lock, options) }
            if let made { return try guarded(SegmentCore(made, name, template, lock, options)) }
        }
    }

    /// Opens what has the name, for those who may only keep it, and guards it; `nil` if nothing has.
    static func openIfAny(
        _ name: BlockName,
        _ template: SegmentTemplate,
        _ lock: BlockLock,
        _ options: RememoryOptions
    ) throws(RememoryError) -> SegmentCore? {
        guard let mapped = try describingFailures(of: name, { try attach(name, template, options) }) else { return nil }
        return try guarded(SegmentCore(mapped, name, template, lock, options))
    }

    /// Guarded at once if nobody is busy with it, otherwise by the follower or at the first operation.
    private static func guarded(_ core: SegmentCore) throws(RememoryError) -> SegmentCore {
        if core.lock.tryAcquire() {
            defer { core.lock.release() }
            try core.becomeCurrent()
        }
        return core
    }

    /// Makes errors about a block of those that are about system calls.
    static func describingFailures<Result>(
        of name: BlockName, _ body: () throws -> Result
    ) throws(RememoryError) -> Result {
        do {
            return try body()
        } catch let failure as SystemFailure {
            throw .system(failure, name)
        } catch let error as RememoryError {
            throw error
        } catch {
            throw RememoryError(.system, block: name.description, message: "\(error)")
        }
    }

    /// Maps what has the name; `nil` if nothing has.
    static func attach(
        _ name: BlockName,
        _ template: SegmentTemplate,
        _ options: RememoryOptions
    ) throws -> MappedSegment? {
        let path = SharedMemoryPlace.segment(name)
        let started = SystemCalls.monotonicTime()
        while true {
            let file: FileDescriptor
            do {
                file = try FileDescriptor.open(path)
            } catch {
                if error.isMissing { return nil }
                throw error
            }
            let facts = try file.facts()
            try check(facts, path, name, options)
            let isDone = facts.hasAllPages || facts.linkCount > 1
            let isOld = if isDone { true } else { (file.age ?? patience) >= patience }
            if facts.size > 0, isDone || isOld {
                let mapped = try MappedSegment(file, facts)
                settle(mapped, facts, template)
                return mapped
            }
            guard facts.size > 0 || SystemCalls.monotonicTime() - started < patience else {
                throw RememoryError.notInitialised(name)
            }
            SystemCalls.sleep(nanoseconds: pollInterval)
        }
    }

    /// Refuses what is not a segment of ours.
    static func check(
        _ facts: FileFacts,
        _ path: String,
        _ name: BlockName,
        _ options: RememoryOptions
    ) throws(RememoryError) {
        guard facts.isRegular else {
            throw .foreign(name, path: path, what: "a segment is a regular file. Choose another name")
        }
        guard options.acceptsOtherOwners || facts.owner == SystemCalls.userIdentifier else {
            throw .foreign(
                name,
                path: path,
                what: """
                    it belongs to user \(facts.owner), we are user \(SystemCalls.userIdentifier). Choose another name, or \
                    open the block with acceptsOtherOwners
                    """
            )
        }
    }

    /// Waits until the first value is there, in case it is still to be written.
    ///
    /// Python writes the first value of a Dict or List in two steps, without the lock: `{}` or `[]`, then NULs to the
    /// end of the segment. The second would wipe out what is written between them. It gives the segment the last of its
    /// pages, which `attach` waits for; where there is but one page, youth has to do.
    static func settle(_ mapped: MappedSegment, _ facts: FileFacts, _ template: SegmentTemplate) {
        // A second name is a Swift process's guard: it has settled.
        if facts.linkCount > 1 { return }
        guard unsafe template.isPristine(UnsafeRawBufferPointer(mapped.bytes)) else { return }
        let started = SystemCalls.monotonicTime()
        let restOfYouth = mapped.file.age.map { youth - $0 } ?? 0
        let limit = template.settling == .untilWritten ? patience : restOfYouth
        while unsafe UnsafeRawBufferPointer(mapped.bytes).usedCount == 0,
            SystemCalls.monotonicTime() - started < limit
        {
            SystemCalls.sleep(nanoseconds: pollInterval)
        }
        while unsafe template.isPristine(UnsafeRawBufferPointer(mapped.bytes)),
            SystemCalls.monotonicTime() - started < restOfYouth
        {
            SystemCalls.sleep(nanoseconds: pollInterval)
        }
    }

    /// Creates the segment, or brings back the one that a Swift process still has. `nil` if somebody else was faster.
    private static func create(
        _ name: BlockName,
        _ template: SegmentTemplate,
        _ lock: BlockLock,
        _ options: RememoryOptions
    ) throws -> MappedSegment? {
        try lock.acquire(timeout: options.timeout)
        defer { lock.release() }
        let path = SharedMemoryPlace.segment(name)
        do throws(SystemFailure) {
            if let living = try livingGuard(of: name) {
                try SystemCalls.link(living, path)
                return nil
            }
            let mapped = try MappedSegment(namelessOfSize: template.size)
            unsafe mapped.bytes.copyBytes(from: template.initialBytes)
            KillPoint.pass(.creationFilled)
            try SystemCalls.link(mapped.file, path)
            KillPoint.pass(.creationNamed)
            try? SystemCalls.link(mapped.file, SharedMemoryPlace.guardLink(name))
            KillPoint.pass(.creationGuarded)
            return mapped
        } catch {
            guard error.isTaken else { throw error }
            return nil
        }
    }
}
