import Logging
import Synchronization

/// Staying on the segment that has the name.
///
/// With the block's lock held, the name stands for one of these:
///
///     our segment                       go on
///     nothing                           lost by Python's growth, unlink() or exit: put ours back by its guard link;
///                                       the guard's, if another Swift process has moved on to another one
///     another, the guard's              another Swift process grew the block or followed a growth: adopt it
///     another, twice as large, used     a Python process grew the block: adopt it and guard it
///     another, untouched                a Python process came after a loss: give it our content and adopt it, so
///                                       that it is in; put ours back if nobody has it any more, or it is too small
///     another, with its own content     conflict: the caller decides, nothing is dropped in silence
extension SegmentCore {
    static let attempts = 100

    /// Puts right what `isCurrentByName` found wrong.
    ///
    /// - Parameter timeout: How long to wait for another lock, should somebody have removed this one; as in the options if
    ///   not given.
    /// - Throws: `vanished` if a Swift process removed the block on purpose, `conflict` if another segment with content
    ///   of its own has the name.
    @inline(never)
    func becomeCurrent(timeout: Duration? = nil) throws(RememoryError) {
        if isRetired { throw handles.load(ordering: .relaxed) == 0 ? .closed(name) : .vanished(name) }
        for _ in 0..<SegmentCore.attempts {
            let isDone = try SegmentCore.describingFailures(of: name) { try step(timeout: timeout ?? options.timeout) }
            if isDone { return }
        }
        throw RememoryError(
            .conflict,
            block: name.description,
            message: "other processes replace the segment faster than it can be followed. Look who creates it in a loop"
        )
    }

    /// One look and what follows from it; whether the name now stands for our segment.
    private func step(timeout: Duration?) throws -> Bool {
        let current = try SystemCalls.factsIfAny(path)
        if let current, current.identity == mapped.identity {
            guard try ensureGuard() else { return false }
            try keepLock(timeout: timeout)
            return true
        }
        let guardFacts = try SystemCalls.factsIfAny(guardPath)
        if !mapped.hasFile(orOpensOneOf: [guardPath]) {
            log("this process closed the segment's descriptor, and it has no name any more: went on with a copy")
            adopt(try copy())
        }
        let movedOn = guardFacts.map { $0.identity != mapped.identity } ?? false
        if try mapped.file.facts().isRemoved {
            if movedOn || current == nil { retire() }
            throw RememoryError.vanished(name)
        }
        try keepLock(timeout: timeout)
        guard let current else {
            if !movedOn { try vanishIfWished() }
            try restore(movedOn: movedOn)
            return false
        }
        guard let newcomer = try SegmentCore.attach(name, template, options) else { return false }
        if newcomer.identity != current.identity { return false }
        if movedOn, newcomer.identity == guardFacts?.identity {
            adopt(newcomer)
            return false
        }
        let pristine = unsafe template.isPristine(UnsafeRawBufferPointer(newcomer.bytes))
        let (ours, theirs) = unsafe (mapped.bytes.count, newcomer.bytes.count)
        if pristine || theirs < 2 * ours { try vanishIfWished() }
        if !pristine {
            guard theirs >= 2 * ours else { throw RememoryError.conflict(name, ours: ours, theirs: theirs) }
            log("a peer grew the block; going on with its larger segment")
            adopt(newcomer)
        } else if theirs >= ours, newcomer.file.isOpenElsewhere {
            log("a peer made the block anew after its name was lost; put the content into the new segment")
            try give(newcomer)
            adopt(newcomer)
        } else {
            log("an abandoned new segment had the name; put ours back")
            try takeName()
        }
        return false
    }

    /// For those who take a lost name for a removal.
    private func vanishIfWished() throws(RememoryError) {
        guard options.nameLoss == .vanish else { return }
        retire()
        dropGuard()
        throw .vanished(name)
    }

    /// The name is gone: gives it back.
    private func restore(movedOn: Bool) throws {
        do {
            if movedOn {
                let file = try FileDescriptor.open(guardPath)
                try SegmentCore.check(try file.facts(), file.path, name, options)
                try SystemCalls.link(file, path)
                adopt(try MappedSegment(file))
                return
            }
            do throws(SystemFailure) {
                try SystemCalls.link(mapped.file, path)
                KillPoint.pass(.restored)
                log("the name of the block was lost; put it back")
            } catch {
                guard error.isMissing else { throw error }
                // Somebody removed the guard as well, and a nameless segment can't be named again: a copy can.
                let copy = try copy()
                try SystemCalls.link(copy.file, path)
                adopt(copy)
                log("the block had lost its name and its guard; went on with a copy")
            }
        } catch let failure as SystemFailure where failure.isTaken || failure.isMissing {
            // Somebody was faster; look again.
        }
    }

    /// Puts our segment under the name, whatever is there.
    private func takeName() throws(SystemFailure) {
        let incoming = SharedMemoryPlace.incoming(name)
        try SystemCalls.removeIfAny(incoming)
        do {
            try SystemCalls.link(mapped.file, incoming)
        } catch {
            guard error.isMissing else { throw error }
            adopt(try copy())
            try SystemCalls.link(mapped.file, incoming)
        }
        KillPoint.pass(.takeNameLinked)
        try SystemCalls.rename(incoming, path)
        KillPoint.pass(.takeNameMoved)
    }

    /// Puts our content into a segment that holds NULs, `{}` or `[]`: if we are killed meanwhile, it holds that again.
    private func give(_ newcomer: MappedSegment) throws(SystemFailure) {
        let bytes = unsafe newcomer.bytes
        let former = UnsafeRawBufferPointer(bytes)
        let content = unsafe UnsafeRawBufferPointer(rebasing: former[..<former.usedCount])
        try unsafe UndoCopy(lock: lock).protecting(content, of: newcomer.identity, size: bytes.count) {
            unsafe bytes.copyMemory(from: UnsafeRawBufferPointer(mapped.bytes))
            KillPoint.pass(.newcomerCopied)
        }
    }

    private func copy() throws(SystemFailure) -> MappedSegment {
        let copy = try MappedSegment(namelessOfSize: unsafe mapped.bytes.count)
        unsafe copy.bytes.copyMemory(from: UnsafeRawBufferPointer(mapped.bytes))
        return copy
    }

    private func log(_ message: Logger.Message) {
        Logger(label: "rememory").info(message, metadata: ["block": "\(name)"])
    }

    /// Removes the block on purpose.
    func remove(semaphore: Bool) throws(RememoryError) {
        do throws(SystemFailure) {
            if mapped.hasFile(orOpensOneOf: [path, guardPath]) {
                try mapped.file.setPermissions(try mapped.file.facts().permissions | FileFacts.removedMark)
            }
            for (other, file) in [
                (lockGuardPath, lock.semaphore.identity), (guardPath, mapped.identity), (path, mapped.identity),
            ] {
                if let facts = try SystemCalls.factsIfAny(other), facts.identity == file {
                    try SystemCalls.removeIfAny(other)
                }
            }
            if semaphore { try NamedSemaphore.unlink(name) }
            retire()
        } catch {
            throw .system(error, name)
        }
    }
}
