import PickleCodec
import Testing

struct KeyStrategyTests {
    struct Names: Codable, Equatable {
        var playerName = "a"
        var imageURL = "b"
        var x1Position = 1
    }

    @Test func snakeCase() throws {
        var encoder = PickleEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        var decoder = PickleDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let bytes = try encoder.encode(["userKey": Names()])
        struct Plain: Decodable {
            var player_name: String
            var image_url: String
            var x1_position: Int
        }
        #expect(try PickleDecoder().decode([String: Plain].self, from: bytes)["userKey"]?.image_url == "b")
        struct Back: Decodable {
            var playerName: String
            var imageUrl: String
            var x1Position: Int
        }
        #expect(try decoder.decode([String: Back].self, from: bytes)["userKey"]?.imageUrl == "b")
    }

    @Test func custom() throws {
        struct Prefixed: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        var encoder = PickleEncoder()
        encoder.keyEncodingStrategy = .custom { path in
            Prefixed(stringValue: path.map(\.stringValue).joined(separator: "."))
        }
        struct Outer: Codable, Equatable { var inner = Player(score: 1, level: 2) }
        let bytes = try encoder.encode(Outer())
        #expect(
            try PickleDecoder().decode([String: [String: Int]].self, from: bytes)
                == ["inner": ["inner.score": 1, "inner.level": 2]])
        var decoder = PickleDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            Prefixed(stringValue: String(path.last?.stringValue.split(separator: ".").last ?? ""))
        }
        #expect(try decoder.decode(Outer.self, from: bytes) == Outer())
    }

    @Test func keysThatBecomeOneAreErrors() throws {
        struct Clash: Codable {
            var oneTwo = 1
            var one_two = 2
        }
        var encoder = PickleEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        #expect(failure(encoding: [Clash()], encoder).contains("two keys that are one after conversion"))
        var decoder = PickleDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let bytes = try PickleEncoder().encode([Clash()])
        #expect(failure([Clash].self, bytes, decoder).contains("Two keys of a dict are one after conversion: 'oneTwo'"))
    }

    @Test func keysAreComparedByCodePoints() throws {
        // "é" as one code point and as two are two keys in Python; a Swift Dictionary can't hold both.
        enum Accents: String, CodingKey {
            case composed = "\u{e9}"
            case decomposed = "e\u{301}"
        }
        struct Both: Codable, Equatable {
            var composed = 1
            var decomposed = 2
            enum CodingKeys: String, CodingKey {
                case composed = "\u{e9}"
                case decomposed = "e\u{301}"
            }
        }
        let bytes = try PickleEncoder().encode([Both(), Both()])
        #expect(try PickleDecoder().decode([Both].self, from: bytes) == [Both(), Both()])
        #expect(failure([[String: Int]].self, bytes).contains("different in Python and one in Swift"))
    }
}
