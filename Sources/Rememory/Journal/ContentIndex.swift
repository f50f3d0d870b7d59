/// What the journal knows of the content of a segment: where its entries stand.
protocol ContentIndex: Sendable {
    static var kind: ContainerKind { get }

    init()

    /// The outermost container, still empty, was pushed: whatever was known is void.
    mutating func begin()
    /// A dict's pair, or a list's item that is set by index, in program order.
    mutating func set(
        key: Extent, keyAt: UInt32, value: Extent, cost: UInt32, in bytes: SegmentBytes
    ) throws(ScanFailure)
    /// About so many pairs of a dict are to come.
    mutating func expect(pairs count: Int)
    /// Pairs of a dict whose keys are each a `str` that stands there itself.
    mutating func set(pairs: UnsafeBufferPointer<DictIndex.Pair>)
    /// Forgets the pairs of a dict that were set last: nothing takes them.
    mutating func takeBack(pairs count: Int)
    /// An item appended to a list.
    mutating func append(_ item: Extent, cost: UInt32)

    /// How many keys and values, or items, the program pushes, overwritten pairs of a dict included.
    var nodeCount: Int { get }
    var weight: ContentWeight { get }
}

/// How much of the content still builds something. Python pays for all of it each time it reads.
struct ContentWeight {
    private(set) var liveBytes = 0
    private(set) var liveCost = 0
    private(set) var deadBytes = 0
    private(set) var deadCost = 0

    mutating func add(bytes: Int, cost: UInt32) {
        liveBytes += bytes
        liveCost += Int(cost)
    }

    /// A value was overwritten by one further on, whose key is spelled once more.
    mutating func replace(bytes: Int, cost: UInt32, by newBytes: Int, cost newCost: UInt32) {
        liveBytes += newBytes - bytes
        deadBytes += bytes
        liveCost += Int(newCost) - Int(cost)
        deadCost += Int(cost)
    }

    /// Whether Python's reading cost nears 1.5 times that of the same content without its dead parts. What a load
    /// costs follows the number of instructions, and for long strings the number of bytes.
    var wantsCompaction: Bool {
        deadCost > liveCost / 3 + 48 || deadBytes > liveBytes / 3 + 2048
    }
}
