import Testing

@testable import Rememory

struct PlainValueTests {
    private static let edges =
        [0, 1, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 1 << 31, 1 << 32, 1 << 47, Int.max]
        .flatMap { [$0, -$0, $0 &- 1, -$0 &- 1] }

    /// With and without bytes behind it, and stored in the memo or not.
    @Test(arguments: edges)
    func readsTheIntegersThatItWrites(_ value: Int) {
        let stores: [[UInt8]] = [[], [0x94], [0x71, 7]]
        for (front, store, behind) in [(0, 0, 0), (3, 1, 0), (1, 0, 9), (0, 1, 9), (0, 2, 1)] {
            var bytes = [UInt8](repeating: 0x2e, count: front)
            PlainValue.append(value, to: &bytes)
            bytes += stores[store]
            let extent = Extent(lower: UInt32(front), upper: UInt32(bytes.count))
            bytes += [UInt8](repeating: 0xff, count: behind)
            let copy = SegmentCopy(of: bytes)
            #expect(PlainValue.integer(copy.content, extent) == value)
        }
    }

    /// `4b 01 85` is a tuple, and its instruction alone is not all of it.
    @Test func readsNoMoreThanIntegers() {
        let others: [[UInt8]] = [[0x4b, 1, 0x85], [0x4d, 1, 2, 0x85], [0x4a, 1, 2, 3, 4, 0x85], [0x4c, 1]]
        for bytes in others {
            let copy = SegmentCopy(of: bytes + [UInt8](repeating: 0, count: 8))
            #expect(PlainValue.integer(copy.content, Extent(lower: 0, upper: UInt32(bytes.count))) == nil)
        }
    }
}
