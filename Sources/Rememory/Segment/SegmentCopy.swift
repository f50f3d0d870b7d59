import CRememoryPlatform

/// Bytes of a segment in memory of this process, as they were at one moment.
@safe final class SegmentCopy: @unchecked Sendable {
    /// As if it were a segment in use, so that what reads one reads the other.
    let state: UnsafeMutablePointer<rm_segment>
    private let buffer: UnsafeMutableRawBufferPointer

    /// NULs, to be filled. The memory is there from now on: nothing is left to be done by who has a lock.
    init(capacity: Int) {
        unsafe buffer = .allocate(byteCount: max(capacity, 16), alignment: 16)
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: rm_segment())
        unsafe state.pointee.bytes = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe state.pointee.count = buffer.count
    }

    convenience init(of content: [UInt8]) {
        self.init(capacity: content.count)
        unsafe content.withUnsafeBytes { unsafe fill(with: $0) }
    }

    deinit {
        unsafe state.deallocate()
        unsafe buffer.deallocate()
    }

    var capacity: Int { unsafe buffer.count }

    /// Takes bytes over, no more than there is room for, before anybody else knows of this copy.
    func fill(with bytes: UnsafeRawBufferPointer) {
        unsafe buffer.copyMemory(from: bytes)
    }
}
