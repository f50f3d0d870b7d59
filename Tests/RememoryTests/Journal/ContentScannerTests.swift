import Testing

@testable import Rememory

/// What a scan finds, where runs of plain pairs are taken at once and where they are not.
@Suite struct ContentScannerTests {
    /// The pairs that the index got, as it got them, and where the scan ended.
    private struct Seen: Equatable {
        var pairs: [String] = []
        var stop = 0
        var needsNormalizing = false
        var memoCount = 0
        /// How many pairs the scanner said are to come, the most that it said.
        var expected = 0
    }

    private struct Recorder: ContentIndex {
        static let kind = ContainerKind.dict
        var pairs: [String] = []
        var expected = 0
        var nodeCount: Int { 2 * pairs.count }
        let weight = ContentWeight()

        mutating func begin() { pairs = [] }
        mutating func set(key: Extent, keyAt: UInt32, value: Extent, cost: UInt32, in bytes: SegmentBytes) {
            pairs.append("\(key.lower)..<\(key.upper) \(value.lower)..<\(value.upper) \(cost)")
        }
        mutating func set(pairs run: UnsafeBufferPointer<DictIndex.Pair>) {
            for pair in unsafe Array(run) {
                let (key, value) = (pair.key, pair.value)
                pairs.append("\(key.lower)..<\(key.upper) \(value.lower)..<\(value.upper) \(pair.cost)")
            }
        }
        mutating func expect(pairs count: Int) { expected = max(expected, count) }
        mutating func takeBack(pairs count: Int) { pairs.removeLast(count) }
        mutating func append(_ item: Extent, cost: UInt32) {}
    }

    /// - Parameter counts: What was expected is of interest, too.
    private func scan(_ pickle: [UInt8], padding: Int = 16, counts: Bool = false) throws -> Seen {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: pickle.count + padding, alignment: 8)
        defer { unsafe buffer.deallocate() }
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
        unsafe buffer.copyBytes(from: pickle)
        var scanner = ContentScanner()
        var recorder = Recorder()
        let stop = try scanner.scan(unsafe SegmentBytes(buffer), from: 0, to: pickle.count, into: &recorder)
        return Seen(
            pairs: recorder.pairs, stop: stop, needsNormalizing: scanner.needsNormalizing,
            memoCount: scanner.firstFreeMemoNumber, expected: counts ? recorder.expected : 0)
    }

    /// {'a': 1, 'b': None}, with and without room behind it for the words that a run is read by.
    @Test(arguments: [0, 1, 16]) func takesARun(padding: Int) throws {
        let seen = try scan(
            [0x7d, 0x28, 0x8c, 1, 0x61, 0x94, 0x4b, 1, 0x8c, 1, 0x62, 0x4e, 0x75, 0x2e], padding: padding)
        #expect(
            seen == Seen(pairs: ["2..<6 6..<8 3", "8..<11 11..<12 3"], stop: 13, needsNormalizing: true, memoCount: 1))
    }

    /// Room is made for what a run's beginning promises, but not for all that much: short pairs may be followed by a long
    /// text.
    @Test func expectsNoMoreThanItShould() throws {
        let pairs: [UInt8] = (0..<40).flatMap { [0x8c, 1, $0, 0x4e] }
        let even = try scan([0x7d, 0x28] + pairs + [0x75, 0x2e], counts: true)
        #expect(even.pairs.count == 40)
        #expect(40...41 ~= even.expected)
        let length = 1 << 20
        let text: [UInt8] = [0x8c, 1, 0x61, 0x58, 0, 0, 0x10, 0] + [UInt8](repeating: 0x62, count: length)
        let uneven = try scan([0x7d, 0x28] + pairs + text + [0x75, 0x2e], counts: true)
        #expect(uneven.pairs.count == 41)
        #expect(uneven.expected == 1 << 16)
    }

    /// What comes behind plain pairs is no reason to know those twice: a list, a removed pair, a number as a key.
    @Test func takesRunsBack() throws {
        let plain: [UInt8] = [0x8c, 1, 0x61, 0x94, 0x4b, 1]
        let list = try scan([0x7d, 0x28] + plain + [0x8c, 1, 0x62, 0x5d, 0x75, 0x2e])
        #expect(list.pairs == ["2..<6 6..<8 3", "8..<11 11..<12 3"])
        #expect(list.memoCount == 1)
        let removed = try scan([0x7d, 0x28] + plain + [0x8c, 1, 0x62, 0x4b, 2, 0x30, 0x30, 0x75, 0x2e])
        #expect(removed.pairs == ["2..<6 6..<8 8"])
        let number = try scan([0x7d, 0x28] + plain + [0x4b, 5, 0x4b, 2, 0x75, 0x2e])
        #expect(number.pairs == ["2..<6 6..<8 3", "8..<10 10..<12 3"])
    }

    /// Cut off anywhere, there is no pair that SETITEMS did not take, and nothing is read behind the end.
    @Test func takesNothingThatIsCutOff() throws {
        let pickle: [UInt8] = [
            0x7d, 0x28, 0x8c, 1, 0x61, 0x94, 0x47, 0, 0, 0, 0, 0, 0, 0, 0, 0x8c, 1, 0x62, 0x88, 0x75, 0x2e,
        ]
        #expect(try scan(pickle).pairs.count == 2)
        for count in 1..<pickle.count {
            for padding in [0, 16] {
                #expect(throws: ScanFailure.self) { try scan(Array(pickle[..<count]), padding: padding) }
            }
        }
    }

    /// Every run gives what it gives when it is not taken at once: `4e 30`, pushed and gone again, keeps it from that and
    /// changes nothing but what the last pair costs. It stands in the text of a pair too where a run ends inside of one.
    @Test func runsAreWhatTheyAreOnTheCarefulWay() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed)
        let text: [UInt8] = [0x8c, 1, 0x61]
        let items: [[UInt8]] = [
            text, text + [0x94], [0x8c, 0], [0x8c, 9] + [UInt8](repeating: 0x62, count: 9) + [0x94],
            text + [0x71, 7], text + [0x71, 7, 0x94], [0x58, 1, 0, 0, 0, 0x63], [0x68, 0], [0x68, 7], [0x4b, 5],
            [0x4b, 0x75, 0x94], [0x4d, 1, 2], [0x4a, 0, 0, 0, 0x80], [0x47, 1, 2, 3, 4, 5, 6, 7, 8], [0x4e], [0x88],
            [0x89, 0x94], [0x5d, 0x94], [0x4b, 1, 0x85], [0x28, 0x4b, 1, 0x74], [0x7d, 0x28] + text + [0x4e, 0x75],
            text + [0x30], [0x8a, 1, 5], [0x28], [0x75],
        ]
        // Most of it is what runs consist of.
        let plain = [0, 1, 2, 3, 9, 10, 11, 12, 13, 14, 15, 16]
        for _ in 0..<3_000 {
            var known: [UInt8] = Bool.random(using: &random) ? [0x7d] : [0x7d, 0x94]
            var careful = known
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                var run: [UInt8] = []
                for position in 0..<2 * Int.random(in: 0...4, using: &random) {
                    let isOdd = Int.random(in: 0..<12, using: &random) == 0
                    let number =
                        isOdd ? Int.random(in: 0..<items.count, using: &random) : plain.randomElement(using: &random)!
                    run += items[position % 2 == 0 && !isOdd ? number % 4 : number]
                }
                known += [0x28] + run + [0x75]
                careful += [0x28] + run + [0x4e, 0x30, 0x75]
            }
            let outcome = outcome(known + [0x2e], Int.random(in: 0...8, using: &random))
            let expected = self.outcome(careful + [0x2e], 16).replacing("78, 48, 117", with: "117")
            try #require(
                outcome == expected, "seed \(seed), \(known.map { String($0, radix: 16) })")
        }
    }

    /// A run is taken some pairs at a time.
    @Test(arguments: [1, 31, 32, 33, 64, 65, 1000]) func takesRunsOfAnyLength(count: Int) throws {
        let pair: [UInt8] = [0x8c, 1, 0x61, 0x94, 0x8c, 2, 0x62, 0x63, 0x94]
        let run = (0..<count).flatMap { _ in pair }
        let seen = try scan([0x7d, 0x28] + run + [0x75, 0x2e])
        let starts = (0..<count).map { 2 + 9 * $0 }
        #expect(
            seen.pairs == starts.map { "\($0)..<\($0 + 4) \($0 + 4)..<\($0 + 9) \($0 == starts.last ? 5 : 4)" })
        #expect(seen.memoCount == 2 * count)
        #expect(seen.stop == 2 + run.count + 1)
        // The last pair is of another kind, so none is taken at once.
        let careful = try scan([0x7d, 0x28] + run + [0x8c, 1, 0x61, 0x5d, 0x75, 0x2e])
        #expect(careful.pairs.count == count + 1)
        #expect(careful.memoCount == 2 * count)
    }

    /// The texts of the pairs, which say what stands where, and what is known of the memo; or the failure.
    private func outcome(_ pickle: [UInt8], _ padding: Int) -> String {
        do {
            let seen = try scan(pickle, padding: padding)
            let pairs = seen.pairs.map { pair in
                pair.split(separator: " ").prefix(2).map { range in
                    let bounds = range.split(separator: "..<").compactMap { Int($0) }
                    return "\(pickle[bounds[0]..<bounds[1]])"
                }
            }
            return "\(pairs) \(seen.needsNormalizing) \(seen.memoCount)"
        } catch ScanFailure.malformed(_, let reason) {
            return reason
        } catch {
            return "irregular"
        }
    }

    /// A run may end where its frame does, and not behind it.
    @Test func endsWithItsFrame() throws {
        let body: [UInt8] = [0x7d, 0x28, 0x8c, 1, 0x61, 0x4b, 1, 0x75, 0x2e]
        #expect(try scan([0x80, 4, 0x95, UInt8(body.count), 0, 0, 0, 0, 0, 0, 0] + body).pairs.count == 1)
        #expect(throws: ScanFailure.self) { try scan([0x80, 4, 0x95, 6, 0, 0, 0, 0, 0, 0, 0] + body) }
    }
}
