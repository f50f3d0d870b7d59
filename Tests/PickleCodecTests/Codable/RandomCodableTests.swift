import Foundation
import PickleCodec
import Testing

/// Random values of many types: through Swift and back, and through the machine's Python without a byte changed.
struct RandomCodableTests {
    struct Everything: Codable, Equatable {
        var flag: Bool
        var number: Int
        var small: Int16?
        var large: UInt128
        var float: Double
        var text: String
        var texts: [String]
        var byName: [String: Int]
        var byNumber: [Int: [Double]]
        var members: Set<UInt8>
        var data: Data
        var date: Date
        var uuid: UUID
        var decimal: Decimal
        var duration: Duration
        var shapes: [Shape]
        var player: Player
        var rows: [[Point]]
        var suit: Suit?
        var children: [Everything]

        init(_ random: inout SeededGenerator, depth: Int) {
            func many<T>(_ make: (inout SeededGenerator) -> T) -> [T] {
                (0..<[0, 0, 1, 2, 3, 40].randomElement(using: &random)!).map { _ in make(&random) }
            }
            func word(_ random: inout SeededGenerator) -> String {
                let alphabet = [
                    "a", "b", "é", "e\u{301}", "€", "😀", "\n", "\0", "longer words as well, to pass 15 bytes",
                ]
                return (0..<Int.random(in: 0...3, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
                    .joined()
            }
            flag = .random(using: &random)
            number = Int(truncatingIfNeeded: random.next()) >> Int.random(in: 0...63, using: &random)
            small = Bool.random(using: &random) ? .random(in: .min ... .max, using: &random) : nil
            large = UInt128.random(in: 0 ... .max, using: &random) >> Int.random(in: 0...127, using: &random)
            float = Double(bitPattern: random.next())
            if float.isNaN { float = .infinity }
            text = word(&random)
            texts = many(word)
            byName = Dictionary(many { (word(&$0), Int.random(in: -9...9, using: &$0)) }, uniquingKeysWith: { $1 })
            byNumber = Dictionary(
                many { (Int.random(in: -900_000...900_000, using: &$0), [0.5, -1]) }, uniquingKeysWith: { $1 })
            // Of more, Python would choose the order.
            members = Set([UInt8.random(in: 0...255, using: &random)])
            data = Data(many { UInt8.random(in: 0...255, using: &$0) })
            date = Date(
                timeIntervalSinceReferenceDate: Double(Int.random(in: -1_000_000...1_000_000, using: &random)) / 64)
            let digits = String(random.next() | 1 << 63, radix: 16)
            uuid = UUID(uuidString: "12345678-9abc-def0-\(digits.prefix(4))-\(digits.suffix(12))")!
            decimal = Decimal(Int.random(in: -1_000_000...1_000_000, using: &random)) / 1_000
            duration = .microseconds(Int64.random(in: -1 << 50...1 << 50, using: &random))
            shapes =
                many { Bool.random(using: &$0) ? .circle(radius: 1) : .rectangle(width: 1, height: 2) } + [.nothing]
            player = Player(score: number, level: 1)
            rows = many { _ in [Point(x: 1, y: 2), Point(x: 3, y: 4)] }
            suit = Bool.random(using: &random) ? .spades : nil
            children = depth == 0 ? [] : (0..<2).map { _ in Everything(&random, depth: depth - 1) }
        }
    }

    @Test func throughSwiftAndThroughPython() throws {
        let seed = RandomSeed.make("random Codable values")
        var random = SeededGenerator(seed: seed)
        let values = (0..<40).map { _ in Everything(&random, depth: 2) }
        let pickles = try values.map { try PickleEncoder().encode($0) }
        for (value, pickle) in zip(values, pickles) {
            #expect(try PickleDecoder().decode(Everything.self, from: pickle) == value, "PICKLE_SEED=\(seed)")
        }
        let copies = try PythonProcess.run("for data in inputs: out(pickle.dumps(pickle.loads(data), 4))", pickles)
        let firstDifference = copies.indices.first { copies[$0] != pickles[$0] }
        #expect(copies.count == pickles.count && firstDifference == nil, "PICKLE_SEED=\(seed)")
    }

    @Test(arguments: [0, 1, 2, 999, 1000, 1001, 2000, 2001, 30_000])
    func batchesAndFrames(count: Int) throws {
        let players = Dictionary(uniqueKeysWithValues: (0..<count).map { ("player\($0)", Player(score: $0, level: 1)) })
        let pickles = try [
            PickleEncoder().encode(players), PickleEncoder().encode(Array(0..<count)),
            PickleEncoder().encode(Set(0..<count)), PickleEncoder().encode(String(repeating: "x", count: count)),
        ]
        #expect(try PickleDecoder().decode([String: Player].self, from: pickles[0]) == players)
        let script = """
            d, l, s, t = map(pickle.loads, inputs)
            assert d == {f'player{i}': {'score': i, 'level': 1} for i in range(len(d))} and len(d) == \(count)
            # A set's order is Python's own: compare its pickle by value only.
            for data in inputs[:2] + inputs[3:]: assert pickle.dumps(pickle.loads(data), 4) == data
            assert l == list(range(\(count))) and s == set(l) and len(t) == \(count)
            out('equal')
            """
        #expect(try PythonProcess.run(script, pickles) == [Array("equal".utf8)])
    }
}
