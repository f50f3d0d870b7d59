import Foundation
import Testing

@testable import PickleCodec

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

    /// Random keys, as Foundation's coders for JSON convert them.
    @Test func snakeCaseIsThatOfJSON() throws {
        struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        /// Writes one key, and reads whichever there is.
        struct Holder: Codable {
            var key: String
            init(_ key: String) { self.key = key }
            init(from decoder: any Decoder) throws {
                key = try #require(decoder.container(keyedBy: Key.self).allKeys.first).stringValue
            }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try container.encode(1, forKey: Key(stringValue: key))
            }
        }
        let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
        encoder.keyEncodingStrategy = .convertToSnakeCase
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let seed = RandomSeed.make("random keys")
        var random = SeededGenerator(seed: seed)
        let letters = ["a", "b", "A", "B", "C", "1", "2", "_", "é", "É", "ß"]
        for _ in 0..<3000 {
            let key = (0..<Int.random(in: 1...8, using: &random)).map { _ in letters.randomElement(using: &random)! }
                .joined()
            let plain = try JSONSerialization.data(withJSONObject: [key: 1])
            let written = try JSONDecoder().decode([String: Int].self, from: encoder.encode(Holder(key)))
            let read = try decoder.decode(Holder.self, from: plain)
            #expect(KeyConversion.snakeCase(key) == written.keys.first, "PICKLE_SEED=\(seed): \(key)")
            #expect(KeyConversion.camelCase(key) == read.key, "PICKLE_SEED=\(seed): \(key)")
        }
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
