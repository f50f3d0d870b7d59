import PickleCodec

/// One entry's change between two states of a block.
struct EntryChange: Sendable {
    /// Which entry it was before; none if it is new.
    var before: Int?
    /// Which entry it is after; none if it was removed.
    var after: Int?
    /// Where in the list it happened, when the changes are made one after the other. Of no meaning in a dict.
    var position = 0
}

/// An index whose contents can be compared entry by entry.
protocol WatchedIndex: ContentIndex {
    /// How many entries there are.
    static func count(of content: WatchedContent<Self>) throws -> Int
    /// What has to be done, one change after the other, to make one state the other.
    static func changes(from before: WatchedContent<Self>, to after: WatchedContent<Self>) throws -> [EntryChange]
}

/// Whether values in two states of a block are the same.
///
/// Most are by their bytes alone. A value that uses what another entry memoized is the same if all instructions up to
/// its end are the same. Where bytes differ, values are compared: Python writes `'a'` as `8c 01 61 94`, Swift as
/// `8c 01 61`, and a set in another order each time.
struct ContentComparison<Index: ContentIndex> {
    private let old: Journal<Index>
    private let oldAccess: SegmentAccess
    private let new: Journal<Index>
    private let newAccess: SegmentAccess
    private let isEntangled: Bool
    /// How many bytes at the beginning are the same; found out only where entries depend on each other.
    private let commonCount: Int
    private let codec = ValueCodec<PickleValue>(encoder: PickleEncoder(), decoder: PickleDecoder())

    init(_ old: Journal<Index>, _ oldAccess: SegmentAccess, _ new: Journal<Index>, _ newAccess: SegmentAccess) {
        self.old = old
        self.oldAccess = oldAccess
        self.new = new
        self.newAccess = newAccess
        isEntangled = old.isEntangled || new.isEntangled
        commonCount = isEntangled ? old.source(oldAccess).commonCount(with: new.source(newAccess)) : 0
    }

    /// Whether two extents are the same bytes and mean the same.
    func haveSameBytes(_ left: Extent, _ right: Extent) -> Bool {
        if isEntangled { return left == right && Int(left.upper) <= commonCount }
        return old.source(oldAccess).equal(left.range, new.source(newAccess), right.range)
    }

    func haveSameValue(
        _ left: Extent, node leftNode: @autoclosure () -> Int, _ right: Extent, node rightNode: @autoclosure () -> Int
    ) throws -> Bool {
        if haveSameBytes(left, right) { return true }
        let (oldBytes, newBytes) = (old.source(oldAccess), new.source(newAccess))
        if let number = PlainValue.integer(oldBytes, left), let other = PlainValue.integer(newBytes, right) {
            return number == other
        }
        if let text = oldBytes.stringPayload(whole: left), let other = newBytes.stringPayload(whole: right) {
            return oldBytes.equal(text, newBytes, other)
        }
        let value = try old.value(left, node: leftNode(), by: codec, oldAccess)
        let other = try new.value(right, node: rightNode(), by: codec, newAccess)
        return try value.isSame(as: other)
    }
}

extension PickleValue {
    /// Whether Python would say `==`, and no part has become of another type, as `True` where there was `1`.
    fileprivate func isSame(as other: PickleValue) throws -> Bool {
        if try pickled() == other.pickled() { return true }  // a NaN as well
        // The members of a set, and the keys of a dict, may have been written in another order.
        return self == other && repr().utf8.sorted() == other.repr().utf8.sorted()
    }
}

extension SegmentBytes {
    func equal(_ range: Range<Int>, _ other: SegmentBytes, _ otherRange: Range<Int>) -> Bool {
        unsafe other.withBytes(otherRange) { unsafe equal(range, $0) }
    }

    /// How many bytes at the beginning are the same.
    func commonCount(with other: SegmentBytes) -> Int {
        let limit = min(count, other.count)
        var common = 0
        while limit - common >= 8, load(UInt64.self, at: common) == other.load(UInt64.self, at: common) { common += 8 }
        while common < limit, self[common] == other[common] { common += 1 }
        return common
    }
}
