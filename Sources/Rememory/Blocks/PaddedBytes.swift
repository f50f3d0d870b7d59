/// A segment that holds bytes and then NULs: String and Block.
struct PaddedBytes: Sendable {
    let segment: Segment

    init(_ name: String, creating size: BlockSize, options: RememoryOptions) throws(RememoryError) {
        segment = try Segment.open(try BlockName(name), creating: .zeros(size.byteCount), options: options)
    }

    /// The bytes before the NULs at the end.
    func read() throws -> [UInt8] {
        try segment.withLock { access in unsafe PaddedBytes.content(access.bytes) }
    }

    /// Replaces the bytes, in one step that nobody can get in between.
    ///
    /// - Parameters:
    ///   - limit: How many bytes may be used at most, of those that there are.
    ///   - overflow: What to do with bytes that don't fit: shorter ones, an error, or `nil` for growth.
    ///   - body: The new bytes, from the old ones. `nil` leaves them.
    /// - Returns: The old bytes.
    func replace(
        limit: Int = .max,
        overflow: (_ bytes: [UInt8], _ room: Int) throws -> [UInt8]?,
        _ body: (_ old: [UInt8]) throws -> [UInt8]?
    ) throws -> [UInt8] {
        try segment.withLock { access in
            let old = unsafe PaddedBytes.content(access.bytes)
            guard var new = try body(old) else { return old }
            let room = unsafe min(access.bytes.count, limit)
            if new.count > room {
                guard let cut = try overflow(new, room) else {
                    try unsafe access.grow(toAtLeast: new.count) { bytes in unsafe bytes.copyBytes(from: new) }
                    return old
                }
                new = cut
            }
            try unsafe access.overwrite { bytes in
                unsafe bytes.copyBytes(from: new)
                unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[new.count...]).initializeMemory(
                    as: UInt8.self, repeating: 0)
            }
            return old
        }
    }

    private static func content(_ bytes: UnsafeMutableRawBufferPointer) -> [UInt8] {
        let used = UnsafeRawBufferPointer(bytes).usedCount
        return unsafe Array(bytes[..<used])
    }
}
