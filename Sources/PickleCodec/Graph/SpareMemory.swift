import Synchronization

// Large blocks of memory that are needed only while a pickle is read or written, kept for the next one.
//
// The kernel gives new memory page by page, each at its first use, and clears it: for a value of some hundred kilobytes
// that takes as long as a quarter of the whole decoding. So the last few blocks are not given back at once:
//
//     give 300 KB, give 90 KB      spare: 300, 90
//     take 200 KB                  the block of 300 KB     spare: 90
//     take 200 KB                  none: new memory        spare: 90

/// How long a buffer's memory is needed.
enum MemoryUse {
    /// As long as a graph, say.
    case lasting
    /// While one value is read or written: see ``SpareMemory``.
    case passing
}

/// The blocks that are kept: a few, and not much in sum.
final class SpareMemory: Sendable {
    private static let shared = SpareMemory()

    /// Smaller blocks come from the C library, which keeps such ones itself.
    static let smallestBlock = 1 << 16
    static let largestSum = 4 << 20
    static let largestCount = 8

    @safe private struct Block: @unchecked Sendable {
        let start: UnsafeMutableRawPointer
        let byteCount: Int
    }

    // The oldest block first. A process that was forked while another thread held the lock will never get it: it goes
    // without, and does not wait.
    private let blocks = Mutex<[Block]>([])

    /// A block of this process's; small ones are none of its business.
    @inline(__always)
    static func take(_ byteCount: Int) -> UnsafeMutableRawBufferPointer? {
        byteCount < smallestBlock ? nil : unsafe shared.take(byteCount)
    }

    /// Keeps a block for this process, or frees it.
    @inline(__always)
    static func give(_ start: UnsafeMutableRawPointer, byteCount: Int) {
        if byteCount < smallestBlock {
            unsafe MemoryBlock.release(start)
        } else {
            unsafe shared.give(start, byteCount: byteCount)
        }
    }

    /// A block of at least so many bytes, and at most half as many more.
    func take(_ byteCount: Int) -> UnsafeMutableRawBufferPointer? {
        let found = blocks.withLockIfAvailable { blocks -> Block? in
            guard let index = blocks.lastIndex(where: { byteCount...byteCount / 2 * 3 ~= $0.byteCount }) else {
                return nil
            }
            return blocks.remove(at: index)
        }
        guard let block = found ?? nil else { return nil }
        return unsafe UnsafeMutableRawBufferPointer(start: block.start, count: block.byteCount)
    }

    deinit {
        for block in blocks.withLock({ $0 }) { unsafe MemoryBlock.release(block.start) }
    }

    /// Keeps a block that came from `malloc`, or frees it.
    func give(_ start: UnsafeMutableRawPointer, byteCount: Int) {
        var dropped = unsafe [Block(start: start, byteCount: byteCount)]
        if byteCount <= Self.largestSum {
            blocks.withLockIfAvailable { blocks in
                blocks += dropped
                dropped = []
                while blocks.count > Self.largestCount || blocks.reduce(0, { $0 + $1.byteCount }) > Self.largestSum {
                    dropped.append(blocks.removeFirst())
                }
            }
        }
        for block in dropped { unsafe MemoryBlock.release(block.start) }
    }
}
