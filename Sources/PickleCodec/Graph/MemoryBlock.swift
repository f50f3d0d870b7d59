#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Glibc
#endif

/// Blocks of the C library's memory. It moves the pages of a large one that grows, where Swift's own allocation would have
/// all of them copied.
enum MemoryBlock {
    /// A block with the content of `old`, which is one no more, as far as that has room. Behind it stands anything.
    static func resized(_ old: UnsafeMutableRawPointer?, byteCount: Int) -> UnsafeMutableRawPointer {
        guard let block = unsafe realloc(old, byteCount) else {
            fatalError("expected \(byteCount) bytes of memory, found none")
        }
        return unsafe block
    }

    static func release(_ block: UnsafeMutableRawPointer) { unsafe free(block) }
}
