// What a content was, for as long as it is written over in place.
//
// A change that is not one store leaves half of it behind if its process is killed. So before the first byte changes, the
// old content is kept where whoever takes the lock over finds it, and it goes when the last byte is written: killed
// before that, nothing has been changed, and after it, everything.
//
//     semaphore's page, offset 2048   length + 1 | device | inode | size of the segment | – | up to 2,008 bytes of content
//     /dev/shm/.rmundo§NAME           semaphore's inode | device | inode | size of the segment | – | all of the content
//
// The page costs a copy in memory; the file, for content that has no room there, some ten microseconds. Both are tied to
// the segment's inode and, the page by being there, to the semaphore's: what was left behind by processes that nobody
// took over from, since somebody removed the semaphore by hand, is worth nothing. The file is filled while it has no name:
// one that can be seen is whole.

import CRememoryPlatform

/// The old content of a block's segment, kept for whoever takes over. All with the lock held.
struct UndoCopy {
    private static let headerCount = 40

    let lock: BlockLock

    private var path: String { SharedMemoryPlace.undo(lock.name) }
    private var page: UnsafeMutableRawBufferPointer { unsafe lock.semaphore.spare }

    /// Keeps a content, of which NULs to the segment's end are no part.
    ///
    /// - Returns: Whether it is kept in a file.
    private func keep(_ content: UnsafeRawBufferPointer, of segment: FileFacts.Identity, size: Int)
        throws(SystemFailure) -> Bool
    {
        let header = [segment.device, segment.inode, UInt64(size)]
        if unsafe content.count <= page.count - UndoCopy.headerCount {
            for (place, word) in header.enumerated() {
                unsafe page.storeBytes(of: word, toByteOffset: 8 * (place + 1), as: UInt64.self)
            }
            unsafe UnsafeMutableRawBufferPointer(rebasing: page[UndoCopy.headerCount...]).copyMemory(from: content)
            unsafe rm_store_release_u64(pageState, UInt64(content.count) + 1)
            KillPoint.pass(.undoPaged)
            return false
        }
        let file = try SharedMemoryPlace.makeNameless(size: UndoCopy.headerCount + content.count)
        let bytes = try unsafe SystemCalls.map(file, count: UndoCopy.headerCount + content.count)
        defer { unsafe SystemCalls.unmap(bytes) }
        for (place, word) in ([lock.semaphore.identity.inode] + header).enumerated() {
            unsafe bytes.storeBytes(of: word, toByteOffset: 8 * place, as: UInt64.self)
        }
        unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[UndoCopy.headerCount...]).copyMemory(from: content)
        try SystemCalls.removeIfAny(path)
        try SystemCalls.link(file, path)
        KillPoint.pass(.undoLinked)
        return true
    }

    /// Lets a body write over a segment's content; the content given is what comes back if it does not get to its end.
    func protecting(
        _ content: UnsafeRawBufferPointer, of segment: FileFacts.Identity, size: Int, _ body: () -> Void
    ) throws(SystemFailure) {
        let isFile = try unsafe keep(content, of: segment, size: size)
        body()
        if isFile {
            try SystemCalls.removeIfAny(path)
            KillPoint.pass(.undoRemoved)
        } else {
            unsafe rm_store_release_u64(pageState, 0)
            KillPoint.pass(.undoCleared)
        }
    }

    /// Puts a content back that a dead process has left here. Whether there was one, of this segment.
    func replay(
        into bytes: UnsafeMutableRawBufferPointer, of segment: FileFacts.Identity
    ) throws(SystemFailure) -> Bool {
        if try unsafe replayPage(into: bytes, of: segment) { return true }
        guard try SystemCalls.factsIfAny(path) != nil else { return false }
        let file = try FileDescriptor.open(path)
        let facts = try file.facts()
        guard facts.isRegular, facts.owner == SystemCalls.userIdentifier || SystemCalls.userIdentifier == 0,
            facts.size > UndoCopy.headerCount
        else { return false }
        let kept = try unsafe SystemCalls.map(file, count: facts.size)
        defer { unsafe SystemCalls.unmap(kept) }
        func word(_ place: Int) -> UInt64 { unsafe kept.load(fromByteOffset: 8 * place, as: UInt64.self) }
        let size = bytes.count
        guard word(0) == lock.semaphore.identity.inode, word(1) == segment.device, word(2) == segment.inode,
            word(3) == UInt64(size), facts.size - UndoCopy.headerCount <= size
        else { return false }
        unsafe UndoCopy.restore(UnsafeRawBufferPointer(rebasing: kept[UndoCopy.headerCount...]), into: bytes)
        try SystemCalls.removeIfAny(path)
        return true
    }

    private func replayPage(into bytes: UnsafeMutableRawBufferPointer, of segment: FileFacts.Identity)
        throws(SystemFailure) -> Bool
    {
        func word(_ place: Int) -> UInt64 { unsafe page.load(fromByteOffset: 8 * place, as: UInt64.self) }
        let state = unsafe rm_load_acquire_u64(pageState)
        let room = unsafe UInt64(page.count - UndoCopy.headerCount)
        let size = UInt64(bytes.count)
        guard state > 0, state - 1 <= room, state - 1 <= size, word(1) == segment.device, word(2) == segment.inode,
            word(3) == size
        else { return false }
        let end = UndoCopy.headerCount + Int(state - 1)
        unsafe UndoCopy.restore(UnsafeRawBufferPointer(rebasing: page[UndoCopy.headerCount..<end]), into: bytes)
        unsafe rm_store_release_u64(pageState, 0)
        return true
    }

    private static func restore(_ content: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer) {
        unsafe bytes.copyMemory(from: content)
        unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[content.count...]).initializeMemory(
            as: UInt8.self, repeating: 0)
    }

    private var pageState: UnsafeMutablePointer<UInt64> {
        unsafe page.baseAddress!.assumingMemoryBound(to: UInt64.self)
    }

    /// Forgets what was left behind, when it has been looked at.
    func drop() {
        unsafe rm_store_release_u64(pageState, 0)
        _ = try? SystemCalls.removeIfAny(path)
    }
}

extension SegmentAccess {
    /// Writes over the content by more than one store. Killed before the end, the content is `former` again as soon as
    /// somebody has taken over: what stands there now, unless something else is given.
    ///
    /// - Complexity: linear in the content, beside what the body does; a file is written where it is large.
    func overwrite(
        former: [UInt8]? = nil, _ body: (UnsafeMutableRawBufferPointer) -> Void
    ) throws(RememoryError) {
        let bytes = unsafe self.bytes
        guard let core else { return unsafe body(bytes) }
        let undo = UndoCopy(lock: core.lock)
        do {
            if let former {
                try unsafe former.withUnsafeBytes {
                    try unsafe undo.protecting($0, of: core.mapped.identity, size: bytes.count) { unsafe body(bytes) }
                }
            } else {
                let whole = UnsafeRawBufferPointer(bytes)
                let content = unsafe UnsafeRawBufferPointer(rebasing: whole[..<whole.usedCount])
                try unsafe undo.protecting(content, of: core.mapped.identity, size: bytes.count) { unsafe body(bytes) }
            }
        } catch let failure as SystemFailure {
            throw .system(failure, core.name)
        } catch {
            throw RememoryError(.system, block: core.name.description, message: "\(error)")
        }
    }
}
