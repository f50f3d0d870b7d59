/// A second mapping of a segment, for looks at it without the lock: it stays where it is however often the block grows.
///
/// It keeps no file lock and no descriptor: the guard link does not depend on it.
@safe final class SegmentView: @unchecked Sendable {
    let identity: FileFacts.Identity
    let bytes: UnsafeMutableRawBufferPointer

    /// Maps what has the name.
    init(path: String) throws(SystemFailure) {
        let file = try FileDescriptor.open(path)
        let facts = try file.facts()
        identity = facts.identity
        unsafe bytes = try SystemCalls.map(file, count: facts.size)
    }

    deinit { unsafe SystemCalls.unmap(bytes) }
}
