/// A growing array that checks no bounds when it is read, for the inner loops of the reader and the writer.
///
/// The callers keep every index below ``count``: each gets it from this buffer, or checks it once where it comes in.
@safe
struct FlatBuffer<Element: BitwiseCopyable>: ~Copyable {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 16)
        unsafe base = .allocate(capacity: self.capacity)
    }

    deinit {
        unsafe base.deallocate()
    }

    @inline(__always)
    subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count)
            return unsafe base[index]
        }
        nonmutating set {
            assert(index >= 0 && index < count)
            unsafe base[index] = newValue
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow(by: 1) }
        unsafe base[count] = element
        count += 1
    }

    /// Makes room for so many more elements.
    @inline(__always)
    mutating func reserve(_ more: Int) {
        if more > capacity - count { grow(by: more) }
    }

    /// Appends an element for which there is room.
    @inline(__always)
    mutating func appendReserved(_ element: Element) {
        assert(count < capacity)
        unsafe base[count] = element
        count += 1
    }

    mutating func append(repeating element: Element, count more: Int) {
        reserve(more)
        unsafe (base + count).initialize(repeating: element, count: more)
        count += more
    }

    @inline(__always)
    mutating func append(from source: UnsafePointer<Element>, count more: Int) {
        reserve(more)
        unsafe (base + count).update(from: source, count: more)
        count += more
    }

    @inline(__always)
    mutating func removeLast(_ dropped: Int = 1) {
        assert(dropped <= count)
        count -= dropped
    }

    /// The elements, as an array of just the size.
    func array() -> [Element] {
        unsafe Array(UnsafeBufferPointer(start: base, count: count))
    }

    @inline(never)
    private mutating func grow(by more: Int) {
        let larger = max(count + more, capacity * 2)
        let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        unsafe moved.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = moved
        capacity = larger
    }
}
