import PickleCodec

/// A block as bytes, whatever its type: what exporting, importing and migrating stand on.
///
/// Other than an inspection it opens the block, and holds its lock while it reads and writes.
package struct RawBlock: Sendable {
    private let segment: Segment
    /// The type that the bytes are cut by.
    package let kind: BlockKind?

    /// Opens a block that exists.
    ///
    /// - Parameter kind: What it is; `nil` where that is not known.
    /// - Returns: `nil` if there is no segment of that name.
    package init?(_ name: String, as kind: BlockKind?, options: RememoryOptions = RememoryOptions()) throws {
        guard let segment = try Segment.openIfAny(BlockName(name), options: options) else { return nil }
        self.kind = kind
        self.segment = segment
    }

    /// The bytes of the content at one moment, without the free space behind: of a pickle up to its STOP.
    package func content() throws -> (bytes: [UInt8], size: Int) {
        try segment.withLock { access in (RawBlock.content(of: access.content, kind), access.content.count) }
    }

    /// Changes the bytes of the content in one step that nobody can get in between. NULs follow them.
    ///
    /// Killed in the middle, it has changed nothing.
    ///
    /// - Parameter body: Gets the old bytes and the segment's size; the new bytes, or `nil` to leave them.
    package func update(_ body: (_ old: [UInt8], _ size: Int) throws -> [UInt8]?) throws {
        try segment.withLock { access in
            let old = RawBlock.content(of: access.content, kind)
            guard let new = try body(old, access.content.count) else { return }
            let fill = { (buffer: UnsafeMutableRawBufferPointer) in
                let bytes = unsafe SegmentBytes(buffer)
                Stamp(of: bytes)?.begin(after: 0)
                bytes.write(new[...], at: 0)
                bytes.clear(new.count..<bytes.count)
            }
            if new.count <= access.content.count {
                try unsafe access.overwrite { unsafe fill($0) }
            } else {
                try unsafe access.grow(toAtLeast: new.count) { unsafe fill($0) }
            }
        }
    }

    /// Ends the use of the block through this handle.
    package func close() { segment.close() }

    /// Removes the block on purpose: Swift processes that have it open don't bring it back.
    package func unlink(semaphore: Bool = false) throws { try segment.unlink(semaphore: semaphore) }

    private static func content(of bytes: SegmentBytes, _ kind: BlockKind?) -> [UInt8] {
        switch kind {
        case .int, .float, .bool: return bytes.array(0..<bytes.count)
        case .string: return bytes.array(0..<bytes.usedCount)
        case .dict, .list, .block, nil:
            let used = bytes.array(0..<bytes.usedCount)
            guard used.first == UInt8(0x80), let count = try? PickleGraph.decode(used).byteCount else { return used }
            return Array(used[..<count])
        }
    }
}

/// A new block that nobody sees yet: its pages are set aside and its content is in place before it gets its name.
package struct PreparedBlock: Sendable {
    package let name: BlockName
    private let mapped: MappedSegment

    /// Makes a segment without a name.
    ///
    /// - Throws: ``RememoryError``: `invalidName`, `noRoom`.
    package init(_ name: String, size: Int, content: [UInt8]) throws {
        self.name = try BlockName(name)
        do throws(SystemFailure) {
            mapped = try MappedSegment(namelessOfSize: max(size, content.count, 1))
        } catch {
            throw RememoryError.system(error, self.name)
        }
        unsafe SegmentBytes(mapped.bytes).write(content[...], at: 0)
    }

    /// Gives it its name, under the name's lock.
    ///
    /// - Returns: whether the name was free. If not, nothing has changed.
    package func publish(options: RememoryOptions = RememoryOptions()) throws -> Bool {
        let lock = try SegmentRegistry.shared.lock(name, acceptsOtherOwners: options.acceptsOtherOwners)
        try lock.acquire(timeout: options.timeout)
        defer { lock.release() }
        do throws(SystemFailure) {
            guard try SegmentCore.livingGuard(of: name) == nil else { return false }
            try SystemCalls.link(mapped.file, SharedMemoryPlace.segment(name))
            return true
        } catch {
            guard error.isTaken else { throw RememoryError.system(error, name) }
            return false
        }
    }
}
