import PickleCodec
import Testing

/// A decoder, or a container, that a value keeps beyond its `init(from:)` goes on to see that value.
struct KeptDecoderTests {
    enum Key: String, CodingKey {
        case a, b, player
    }

    /// Reads nothing before it is asked.
    struct Later: Decodable {
        let decoder: any Decoder

        init(from decoder: any Decoder) { self.decoder = decoder }

        func number(_ key: Key) throws -> Int {
            try decoder.container(keyedBy: Key.self).decode(Int.self, forKey: key)
        }
    }

    /// Opens its container at once, and reads from it when it is asked.
    struct Opened: Decodable {
        let container: KeyedDecodingContainer<Key>

        init(from decoder: any Decoder) throws { container = try decoder.container(keyedBy: Key.self) }
    }

    /// The coding path of an error, as text.
    private func path<R>(_ body: () throws -> R) -> [String]? {
        do {
            _ = try body()
            return nil
        } catch DecodingError.keyNotFound(_, let context) {
            return context.codingPath.map(\.stringValue)
        } catch DecodingError.typeMismatch(_, let context) {
            return context.codingPath.map(\.stringValue)
        } catch {
            return nil
        }
    }

    @Test func elementsOfAList() throws {
        // The last two have other keys than those before.
        let list: PickleValue = [["a": 1], ["a": 2], ["b": 3, "a": "x"], [:]]
        let bytes = try list.pickled()
        let later = try PickleDecoder().decode([Later].self, from: bytes)
        #expect(try later[1].number(.a) == 2)
        #expect(try later[0].number(.a) == 1)
        #expect(try later[2].number(.b) == 3)
        #expect(path { try later[1].number(.b) } == ["1"])
        #expect(path { try later[2].number(.a) } == ["2", "a"])
        #expect(path { try later[3].number(.a) } == ["3"])
        #expect(later.map { $0.decoder.codingPath.map(\.stringValue) } == [["0"], ["1"], ["2"], ["3"]])

        let opened = try PickleDecoder().decode([Opened].self, from: bytes)
        #expect(try opened[1].container.decode(Int.self, forKey: .a) == 2)
        #expect(try opened[0].container.decode(Int.self, forKey: .a) == 1)
        #expect(opened[2].container.allKeys == [.b, .a])
        #expect(path { try opened[0].container.decode(String.self, forKey: .a) } == ["0", "a"])
        #expect(opened[3].container.allKeys.isEmpty)
    }

    @Test func valuesOfADictAndOfFields() throws {
        struct Both: Decodable {
            var a: Later
            var b: [String: Later]
        }
        let value: PickleValue = ["a": ["a": 1], "b": ["x": ["a": 2], "y": ["a": 3]]]
        let both = try PickleDecoder().decode(Both.self, from: value.pickled())
        #expect(try both.a.number(.a) == 1)
        #expect(try both.b.mapValues { try $0.number(.a) } == ["x": 2, "y": 3])
        #expect(path { try both.a.number(.b) } == ["a"])
        #expect(path { try both.b["y"]?.number(.b) } == ["b", "y"])
    }

    @Test func oneThatIsUsedWhileOthersDecode() throws {
        /// Takes its number from the value before it.
        final class Before: @unchecked Sendable {
            var later: Later?
        }
        struct Chained: Decodable {
            static let key = CodingUserInfoKey(rawValue: "before")
            var number: Int?
            var path: [String]

            init(from decoder: any Decoder) throws {
                let before = Self.key.flatMap { decoder.userInfo[$0] as? Before }
                let container = try decoder.container(keyedBy: Key.self)
                number = try before?.later?.decoder.container(keyedBy: Key.self).decode([Int].self, forKey: .a).first
                path = container.codingPath.map(\.stringValue)
                before?.later = Later(from: decoder)
            }
        }
        let key = try #require(Chained.key)
        let before = Before()
        var decoder = PickleDecoder()
        decoder.userInfo[key] = before
        let value: PickleValue = ["x": [["a": [1]], ["a": [2]], ["a": [3]]]]
        let chained = try decoder.decode([String: [Chained]].self, from: value.pickled())
        before.later = nil
        #expect(chained["x"]?.map(\.number) == [nil, 1, 2])
        #expect(chained["x"]?.map(\.path) == [["x", "0"], ["x", "1"], ["x", "2"]])
    }

    @Test func containersOfTwoKindsOfKeys() throws {
        enum Other: String, CodingKey {
            case a, c
        }
        /// Opens the value by keys of two kinds, as a class and the one above it do, and keeps what it is told to.
        struct Twice: Decodable {
            var first: KeyedDecodingContainer<Key>?
            var second: KeyedDecodingContainer<Other>?

            init(from decoder: any Decoder) throws {
                let first = try decoder.container(keyedBy: Key.self)
                let second = try decoder.container(keyedBy: Other.self)
                let keeps = try first.decode(Int.self, forKey: .b)
                if keeps & 1 != 0 { self.first = first }
                if keeps & 2 != 0 { self.second = second }
                _ = try first.decode(Int.self, forKey: .a) + second.decode(Int.self, forKey: .a)
            }
        }
        let keeps = [0, 1, 2, 3, 0, 2, 1, 3, 3, 0, 1]
        let value = PickleValue.list(keeps.enumerated().map { ["a": PickleValue($0), "b": PickleValue($1)] })
        let read = try PickleDecoder().decode([Twice].self, from: value.pickled())
        for (index, twice) in read.enumerated() {
            #expect((twice.first != nil) == (keeps[index] & 1 != 0) && (twice.second != nil) == (keeps[index] & 2 != 0))
            #expect(try twice.first?.decode(Int.self, forKey: .a) ?? index == index)
            #expect(try twice.second?.decode(Int.self, forKey: .a) ?? index == index)
        }
    }

    @Test func oneOfAValueThatThrows() throws {
        final class Kept: @unchecked Sendable {
            var container: KeyedDecodingContainer<Key>?
        }
        struct Refusing: Decodable {
            static let key = CodingUserInfoKey(rawValue: "kept")

            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Key.self)
                guard try container.decode(Int.self, forKey: .a) == 2 else { return }
                Self.key.flatMap { decoder.userInfo[$0] as? Kept }?.container = container
                _ = try container.decode(String.self, forKey: .a)
            }
        }
        let key = try #require(Refusing.key)
        let kept = Kept()
        defer { kept.container = nil }  // which holds `userInfo`, which holds `kept`
        var decoder = PickleDecoder()
        decoder.userInfo[key] = kept
        let value: PickleValue = [["a": 1], ["a": 2], ["a": 3]]
        let bytes = try value.pickled()
        #expect(throws: DecodingError.self) { try decoder.decode([Refusing].self, from: bytes) }
        #expect(try kept.container?.decode(Int.self, forKey: .a) == 2)
    }

    @Test func goesWithItsValue() throws {
        let value: PickleValue = ["player": ["score": 1, "level": 2]]
        let bytes = try value.pickled()
        weak var decoder: AnyObject?
        // Decoders for what is inside are made when the decoding has long ended.
        func read() throws -> Player {
            let later = try PickleDecoder().decode(Later.self, from: bytes)
            decoder = later.decoder as AnyObject
            return try later.decoder.container(keyedBy: Key.self).decode(Player.self, forKey: .player)
        }
        #expect(try read() == Player(score: 1, level: 2))
        #expect(decoder == nil)
    }
}
