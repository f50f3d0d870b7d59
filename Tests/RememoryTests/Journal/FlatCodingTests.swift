import PickleCodec
import Testing

@testable import Rememory

/// The short way for simple Codable types must give what the general way gives: bytes, values and errors.
@Suite struct FlatCodingTests {
    struct Pair: Codable, Equatable, Sendable {
        var x: Int
        var y: Int
    }

    struct Many: Codable, Equatable, Sendable {
        var text: String
        var number: Double
        var flag: Bool
        var small: Int8?
        var large: UInt64
        var missing: String?
    }

    struct One: Codable, Equatable, Sendable {
        var only: String?
    }

    enum Level: String, Codable, Sendable { case low, high }

    /// More than the short way takes: an enum, a list, a nested struct.
    struct Nested: Codable, Equatable, Sendable {
        var level: Level
        var list: [Int]
        var pair: Pair
    }

    /// Asks for its fields in odd ways, and keeps what its errors were for itself.
    struct Odd: Codable, Equatable, Sendable {
        var known: [String]
        var inner: Int?

        private enum Keys: String, CodingKey { case known, inner, count }

        init(known: [String], inner: Int?) { (self.known, self.inner) = (known, inner) }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            let list = try? container.nestedUnkeyedContainer(forKey: .known)
            known = container.allKeys.map(\.stringValue).sorted() + ["\(list?.count ?? -1)"]
            inner = try? container.decode(Int.self, forKey: .inner)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            var list = container.nestedUnkeyedContainer(forKey: .known)
            for item in known { try? list.encode(item) }
            try container.encode(inner, forKey: .inner)
        }
    }

    class Base: Codable {
        var base = 1

        init() {}
    }

    final class Derived: Base {
        var derived = 2

        override init() { super.init() }

        private enum Keys: CodingKey { case derived }

        required init(from decoder: any Decoder) throws {
            derived = try decoder.container(keyedBy: Keys.self).decode(Int.self, forKey: .derived)
            try super.init(from: decoder)
        }

        override func encode(to encoder: any Encoder) throws {
            try super.encode(to: encoder)
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(derived, forKey: .derived)
        }
    }

    struct Twice: Codable, Sendable {
        private enum Keys: String, CodingKey { case same }

        init() {}
        init(from decoder: any Decoder) throws {}

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(1, forKey: .same)
            try container.encode(2, forKey: .same)
        }
    }

    struct Unused: Codable {}

    /// Codecs of the short and of the general way.
    private func codecs<Value: Codable & Sendable>(_ type: Value.Type) -> (ValueCodec<Value>, ValueCodec<Value>) {
        var (encoder, decoder) = (PickleEncoder(), PickleDecoder())
        let short = ValueCodec<Value>(encoder: encoder, decoder: decoder)
        encoder.classes.register(Unused.self, as: "nobody.Unused")  // registered classes are for the general way
        decoder.classes.register(Unused.self, as: "nobody.Unused")
        return (short, ValueCodec<Value>(encoder: encoder, decoder: decoder))
    }

    private func fragment<Value>(_ value: Value, by codec: ValueCodec<Value>) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try codec.append(value, to: &bytes, firstMemoNumber: 0)
        return bytes
    }

    private func value<Value>(_ fragment: [UInt8], by codec: ValueCodec<Value>) throws -> Value {
        let copy = SegmentCopy(of: fragment)
        let extent = Extent(lower: 0, upper: UInt32(fragment.count))
        return try withExtendedLifetime(copy) {
            if let value = try codec.plain(extent, in: copy.content) { return value }
            let graph = try PickleGraph(decoding: [0x80, 4] + fragment + [0x2e])
            return try codec.decode(graph, at: graph.root)
        }
    }

    private func check<Value: Codable & Equatable & Sendable>(_ value: Value, isShort: Bool = true) throws {
        let (short, general) = codecs(Value.self)
        let bytes = try fragment(value, by: short)
        #expect(try bytes == fragment(value, by: general))
        #expect(try self.value(bytes, by: short) == self.value(bytes, by: general))
        let copy = SegmentCopy(of: bytes)
        let extent = Extent(lower: 0, upper: UInt32(bytes.count))
        let found = try withExtendedLifetime(copy) { try short.plain(extent, in: copy.content) }
        #expect((found != nil) == isShort)
    }

    @Test func givesTheBytesAndValuesOfTheGeneralWay() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed)
        let integers = [0, 1, 255, 256, 65_535, 65_536, -1, 1 << 31, 1 << 40, Int.min, Int.max]
        let texts = ["", "a", "é\u{301}", String(repeating: "x", count: 300), "\u{1F600}"]
        for _ in 0..<300 {
            try check(
                Pair(
                    x: integers.randomElement(using: &random) ?? 0, y: integers.randomElement(using: &random) ?? 0))
            try check(
                Many(
                    text: texts.randomElement(using: &random) ?? "", number: .random(in: -1...1, using: &random),
                    flag: .random(using: &random), small: .random(using: &random) ? 5 : nil,
                    large: .random(in: 0...UInt64(Int.max), using: &random), missing: nil))
        }
        try check(One(only: "x"))
        try check(One(only: nil), isShort: false)  // an empty dict
        try check(Many(text: "", number: .infinity, flag: true, small: -128, large: .max, missing: ""), isShort: false)
        try check(Nested(level: .high, list: [1, 2], pair: Pair(x: 1, y: 2)), isShort: false)
        try check(Odd(known: ["a"], inner: 3), isShort: false)
    }

    @Test func leavesErrorsToTheGeneralWay() throws {
        let (short, _) = codecs(Pair.self)
        let missing = try fragment(One(only: "x"), by: codecs(One.self).0)
        #expect(throws: DecodingError.self) { try value(missing, by: short) }
        #expect(throws: EncodingError.self) { try fragment(Twice(), by: codecs(Twice.self).0) }
        // A float that is an integer will do, two keys that are one count as Python counts them.
        let float: [UInt8] = [0x7d, 0x28, 0x8c, 1, 0x78, 0x47, 0x40, 8, 0, 0, 0, 0, 0, 0, 0x8c, 1, 0x79, 0x4b, 1, 0x75]
        #expect(try value(float, by: short) == Pair(x: 3, y: 1))
        let twice: [UInt8] = [
            0x7d, 0x28, 0x8c, 1, 0x78, 0x4b, 1, 0x8c, 1, 0x79, 0x4b, 2, 0x8c, 1, 0x78, 0x4b, 3, 0x75,
        ]
        #expect(try value(twice, by: short) == Pair(x: 3, y: 2))
    }

    @Test func classesThatShareAContainerWork() throws {
        let block = try UniqueBlock("flat")
        defer { block.removeAll() }
        let python = try PythonReader()
        let dict = try RememoryDict<String, PickleValue>(block.string)
        let encoder = PickleEncoder()
        let graph = try encoder.graph(encoding: Derived())
        try dict.set(PickleValue(graph), for: "derived")
        #expect(try python.read(block.segmentPath) == "{'derived': {'base': 1, 'derived': 2}}")
    }

    @Test func pythonReadsWhatTheShortWayWrites() throws {
        let block = try UniqueBlock("flat")
        defer { block.removeAll() }
        let python = try PythonReader()
        let dict = try RememoryDict<String, Pair>(block.string)
        for step in 0..<40 {
            try dict.set(Pair(x: step, y: 300 * step), for: "key\(step % 4)")
            #expect(try dict["key\(step % 4)"] == Pair(x: step, y: 300 * step))
        }
        let expected = (36..<40).map { "'key\($0 % 4)': {'x': \($0), 'y': \(300 * $0)}" }.joined(separator: ", ")
        #expect(try python.read(block.segmentPath) == "{\(expected)}")
        try python.change(block.segmentPath, "value['key0'] = {'y': 1, 'x': 2.0}")
        #expect(try dict["key0"] == Pair(x: 2, y: 1))
        #expect(try dict.snapshot().map(\.value.x) == [2, 37, 38, 39])
    }

    @Test func aHandleUsedInsideItsOwnCodingFallsBack() throws {
        let block = try UniqueBlock("flat")
        defer { block.removeAll() }
        let dict = try RememoryDict<String, Pair>(block.string)
        try dict.set(Pair(x: 1, y: 2), for: "a")
        let nested = try RememoryDict<String, Reentrant>(block.string)
        let found = try Reentrant.$handle.withValue(nested) { try nested["a"]?.x }
        #expect(found == 1)
    }

    struct Reentrant: Codable, Sendable {
        @TaskLocal static var handle: RememoryDict<String, Reentrant>?
        @TaskLocal static var isInside = false

        var x: Int

        private enum Keys: CodingKey { case x }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            if !Reentrant.isInside {
                _ = try Reentrant.$isInside.withValue(true) { try Reentrant.handle?["a"]?.x }
            }
            x = try container.decode(Int.self, forKey: .x)
        }
    }
}
