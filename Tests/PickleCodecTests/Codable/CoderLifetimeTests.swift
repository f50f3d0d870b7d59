import PickleCodec
import Testing

/// What a coder makes for one value goes when the value is done.
struct CoderLifetimeTests {
    /// Remembers, without holding it, who decoded or encoded a value last.
    final class Witness: @unchecked Sendable {
        weak var coder: AnyObject?
        var isMet = false

        func meet(_ coder: AnyObject) {
            self.coder = coder
            isMet = true
        }
    }

    struct Value: Codable {
        static let key = CodingUserInfoKey(rawValue: "witness")

        var number = 7

        init() {}

        init(from decoder: any Decoder) throws {
            Self.key.flatMap { decoder.userInfo[$0] as? Witness }?.meet(decoder as AnyObject)
            number = try decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .number)
        }

        func encode(to encoder: any Encoder) throws {
            Self.key.flatMap { encoder.userInfo[$0] as? Witness }?.meet(encoder as AnyObject)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(number, forKey: .number)
        }

        enum CodingKeys: String, CodingKey {
            case number
        }
    }

    @Test func nothingIsLeftOfACoder() throws {
        let key = try #require(Value.key)
        let (writing, reading) = (Witness(), Witness())
        var encoder = PickleEncoder()
        encoder.userInfo[key] = writing
        let pickle = try encoder.encode(["a": [Value(), Value()]])
        #expect(writing.isMet && writing.coder == nil)

        var decoder = PickleDecoder()
        decoder.userInfo[key] = reading
        #expect(try decoder.decode([String: [Value]].self, from: pickle)["a"]?.count == 2)
        #expect(reading.isMet && reading.coder == nil)
    }

    @Test func nothingIsLeftOfADecoderForSeveralObjects() throws {
        let key = try #require(Value.key)
        let reading = Witness()
        var decoder = PickleDecoder()
        decoder.userInfo[key] = reading
        let graph = try PickleEncoder().graph(encoding: [Value(), Value()])
        #expect(try decoder.decode(Value.self, from: graph, at: graph.children(of: graph.root)).count == 2)
        #expect(reading.isMet && reading.coder == nil)
    }

    @Test func whatIsWrittenTooLateIsInNoOther() throws {
        enum Key: String, CodingKey {
            case a, b
        }
        /// Keeps every second container, and writes into the one before.
        final class Keeper: @unchecked Sendable {
            var container: KeyedEncodingContainer<Key>?
        }
        struct Late: Encodable {
            let number: Int
            let keeper: Keeper

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(number, forKey: .a)
                try keeper.container?.encode(-1, forKey: .b)
                keeper.container = number.isMultiple(of: 2) ? container : nil
            }
        }
        let keeper = Keeper()
        let bytes = try PickleEncoder().encode((0..<6).map { Late(number: $0, keeper: keeper) })
        #expect(try bytes == PickleEncoder().encode((0..<6).map { ["a": $0] }))
    }

    @Test func nothingIsLeftOfAnEncoderThatIsUsedTooLate() throws {
        final class Keeper: Encodable {
            var encoder: (any Encoder)?

            func encode(to encoder: any Encoder) throws {
                self.encoder = encoder
                var container = encoder.unkeyedContainer()
                try container.encode(1)
            }
        }
        weak var encoder: AnyObject?
        func write() throws {
            let keeper = Keeper()
            #expect(try PickleEncoder().encode(keeper) == PickleEncoder().encode([1]))
            encoder = keeper.encoder as AnyObject
            // Nobody reads what this writes, but it makes encoders inside the one that was kept.
            var container = keeper.encoder?.unkeyedContainer()
            try container?.encode(Value())
        }
        try write()
        #expect(encoder == nil)
    }
}
