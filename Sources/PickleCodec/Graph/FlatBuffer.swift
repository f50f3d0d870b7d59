/// A growing array that checks no bounds when it is read, for the inner loops of the reader and the writer.
///
/// The callers keep every index below ``count``: each gets it from this buffer, or checks it once where it comes in.
@safe
struct FlatBuffer<Element: BitwiseCopyable>: ~Copyable {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private(set) var capacity: Int
    let use: MemoryUse
    private var isLent = false

    init(capacity: Int, _ use: MemoryUse = .lasting) {
        self.use = use
        self.capacity = max(capacity, 16)
        let byteCount = Self.byteCount(self.capacity)
        if use == .passing, let spare = unsafe SpareMemory.take(byteCount), let start = spare.baseAddress {
            unsafe base = start.assumingMemoryBound(to: Element.self)
            self.capacity = spare.count / MemoryLayout<Element>.stride
        } else {
            unsafe base = Self.memory(nil, byteCount)
        }
    }

    /// An empty buffer in someone else's memory, as long as that suffices.
    init(lent memory: UnsafeMutableBufferPointer<Element>) {
        use = .lasting
        if let start = memory.baseAddress {
            unsafe base = start
            capacity = memory.count
            isLent = true
        } else {
            capacity = 16
            unsafe base = Self.memory(nil, Self.byteCount(16))
        }
    }

    deinit {
        if isLent { return }
        if use == .passing {
            unsafe SpareMemory.give(base, byteCount: Self.byteCount(capacity))
        } else {
            unsafe MemoryBlock.release(base)
        }
    }

    /// Gives most of the room behind the elements back.
    mutating func trim() {
        // What was never touched takes no memory, if it is many pages.
        let isMuch = capacity - count > 64 + count / 4
        if isMuch, capacity * MemoryLayout<Element>.stride < 1 << 18 { move(toCapacity: max(count, 1)) }
    }

    /// The elements, without much room behind them; leaves an empty buffer.
    mutating func taken() -> FlatBuffer {
        trim()
        var taken = FlatBuffer(capacity: 0)
        swap(&taken, &self)
        return taken
    }

    /// A buffer with the same elements.
    func copied() -> FlatBuffer {
        var copy = FlatBuffer(capacity: count)
        unsafe copy.append(from: base, count: count)
        return copy
    }

    /// An element, checked.
    @inline(__always)
    func checked(_ index: Int) -> Element {
        precondition(index >= 0 && index < count, "a node of another graph")
        return unsafe base[index]
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count)
            return unsafe base[index]
        }
        nonmutating _modify {
            assert(index >= 0 && index < count)
            yield unsafe &base[index]
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(by: 1) }
        unsafe base[count] = element
        count &+= 1
    }

    /// Makes room for so many more elements.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if more > capacity &- count { grow(by: more) }
    }

    /// Appends an element for which there is room.
    @inline(__always)
    mutating func appendReserved(_ element: Element) {
        assert(count < capacity)
        unsafe base[count] = element
        count &+= 1
    }

    /// Takes elements in that were written behind the last one, where there is room.
    @inline(__always)
    mutating func advance(by more: Int) {
        assert(more <= capacity - count)
        count &+= more
    }

    mutating func append(repeating element: Element, count more: Int) {
        reserve(more)
        unsafe (base + count).initialize(repeating: element, count: more)
        count += more
    }

    @inline(__always)
    mutating func append(from source: UnsafePointer<Element>, count more: Int) {
        reserve(more)
        let target = unsafe base + count
        if more * MemoryLayout<Element>.stride <= 32 {
            // A call of memmove takes longer than this.
            unsafe Self.copyShort(source, to: target, byteCount: more * MemoryLayout<Element>.stride)
        } else {
            unsafe target.update(from: source, count: more)
        }
        count += more
    }

    /// Copies at most 32 bytes as one or two words of each size that fits, the second overlapping the first.
    @inline(__always)
    private static func copyShort(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, byteCount: Int) {
        func copy<Word: BitwiseCopyable>(_ offset: Int, _: Word.Type) {
            let word = unsafe source.loadUnaligned(fromByteOffset: offset, as: Word.self)
            unsafe target.storeBytes(of: word, toByteOffset: offset, as: Word.self)
        }
        if byteCount >= 8 {
            if byteCount > 16 {
                copy(8, UInt64.self)
                copy(byteCount - 16, UInt64.self)
            }
            copy(0, UInt64.self)
            copy(byteCount - 8, UInt64.self)
        } else if byteCount >= 4 {
            copy(0, UInt32.self)
            copy(byteCount - 4, UInt32.self)
        } else if byteCount > 0 {
            copy(0, UInt8.self)
            copy(byteCount / 2, UInt8.self)
            copy(byteCount - 1, UInt8.self)
        }
    }

    @inline(__always)
    mutating func removeLast(_ dropped: Int = 1) {
        assert(dropped <= count)
        count -= dropped
    }

    /// Whether the elements outgrew the memory that was lent.
    var isOwn: Bool { !isLent }

    /// The elements, as an array of just the size.
    func array() -> [Element] {
        unsafe Array(UnsafeBufferPointer(start: base, count: count))
    }

    @inline(never)
    private mutating func grow(by more: Int) {
        move(toCapacity: max(count + more, capacity * 2))
    }

    private mutating func move(toCapacity larger: Int) {
        if isLent || use == .passing && Self.byteCount(larger) >= SpareMemory.smallestBlock {
            var moved = FlatBuffer(capacity: larger, use)
            unsafe moved.base.update(from: base, count: count)
            moved.count = count
            swap(&moved, &self)
        } else {
            unsafe base = Self.memory(base, Self.byteCount(larger))
            capacity = larger
        }
    }

    private static func byteCount(_ capacity: Int) -> Int {
        let (byteCount, overflow) = capacity.multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        precondition(!overflow, "more elements than addresses")
        return byteCount
    }

    private static func memory(_ old: UnsafeMutablePointer<Element>?, _ byteCount: Int) -> UnsafeMutablePointer<Element>
    {
        unsafe MemoryBlock.resized(old, byteCount: byteCount).assumingMemoryBound(to: Element.self)
    }
}

/// Once nothing is appended any more, a buffer is read by many.
extension FlatBuffer: @unchecked Sendable where Element: Sendable {}
