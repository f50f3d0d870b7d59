/// Where the items of a list stand in its content.
struct ListIndex: ContentIndex {
    struct Item {
        var extent: Extent
        var cost: UInt32
    }

    static let kind = ContainerKind.list

    private(set) var items: [Item] = []
    private(set) var weight = ContentWeight()

    var count: Int { items.count }
    var nodeCount: Int { items.count }

    mutating func begin() {
        items.removeAll(keepingCapacity: true)
        weight = ContentWeight()
    }

    mutating func set(pairs: UnsafeBufferPointer<DictIndex.Pair>) {}

    mutating func expect(pairs count: Int) {}
    mutating func takeBack(pairs count: Int) {}

    mutating func append(_ item: Extent, cost: UInt32) {
        items.append(Item(extent: item, cost: cost))
        weight.add(bytes: item.count, cost: cost)
    }

    mutating func set(
        key: Extent, keyAt: UInt32, value: Extent, cost: UInt32, in bytes: SegmentBytes
    ) throws(ScanFailure) {
        guard let given = PlainValue.integer(bytes, Extent(lower: keyAt, upper: key.upper)) else { throw .irregular }
        let index = given < 0 ? given + items.count : given
        guard items.indices.contains(index) else {
            throw .malformed(offset: Int(keyAt), reason: "index \(given) set in a list of \(items.count) items")
        }
        weight.replace(
            bytes: items[index].extent.count, cost: items[index].cost, by: key.count + value.count, cost: cost)
        items[index] = Item(extent: value, cost: cost)
    }
}
