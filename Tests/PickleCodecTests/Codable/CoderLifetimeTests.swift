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
}
