import PickleCodec
import Testing

struct PickleDecoderTests {
    @Test func roundTrips() throws {
        #expect(try roundTrip(["a": [1, 2], "b": []]) == ["a": [1, 2], "b": []])
        #expect(try roundTrip([1: Suit.hearts, -5: .spades]) == [1: .hearts, -5: .spades])
        #expect(try roundTrip(Set(["x", "y"])) == ["x", "y"])
        #expect(try roundTrip([[1, 2]: Set([1])]) == [[1, 2]: [1]])
        #expect(try roundTrip([Shape.circle(radius: 1.5), .rectangle(width: 1, height: 2), .nothing]).count == 3)
        #expect(try roundTrip([Shape.rectangle(width: 1, height: 2)]) == [.rectangle(width: 1, height: 2)])
        #expect(try roundTrip(Int128.min) == Int128.min)
        #expect(try roundTrip(UInt128.max) == UInt128.max)
        #expect(try roundTrip([Float.infinity, 0.1]) == [Float.infinity, 0.1])
        #expect(try roundTrip(Double.nan).isNaN)
        #expect(try roundTrip([String?.none, "x"]) == [nil, "x"])
        #expect(try roundTrip(PickleInteger(UInt128.max)) == PickleInteger(UInt128.max))
        #expect(try roundTrip(Duration.milliseconds(-1500)) == .milliseconds(-1500))
        #expect(try roundTrip([UInt8](0...255)) == [UInt8](0...255))
        #expect(try roundTrip(1...5) == 1...5)
    }

    @Test func wrongTypesSayWhereAndWhat() throws {
        let bytes = try PickleEncoder().encode(["p": ["score": "high", "level": "x"]])
        #expect(
            failure([String: Player].self, bytes)
                == "typeMismatch [\"p\", \"score\"]: Expected an int for Int, found a str at byte \(offset("high", bytes))."
        )
        #expect(failure([Int].self, try PickleEncoder().encode([1, nil, 2])).hasPrefix("valueNotFound [\"1\"]"))
        #expect(failure(Int.self, try PickleEncoder().encode(true)).contains("found a bool"))
        #expect(failure(Bool.self, try PickleEncoder().encode(1)).contains("Expected a bool for Bool, found an int"))
        #expect(failure(String.self, try PickleEncoder().encode(1)).contains("Expected a str"))
        #expect(failure([String: Int].self, try PickleEncoder().encode([1])).contains("found a list"))
        #expect(failure([Int].self, try PickleEncoder().encode(["a": 1])).contains("Expected a list, tuple or set"))
        #expect(
            failure(Player.self, try PickleEncoder().encode(["score": 1]))
                == "keyNotFound []: Expected a key 'level', found only 'score'.")
    }

    private func offset(_ text: String, _ bytes: [UInt8]) -> Int {
        bytes.indices.first { bytes[$0...].starts(with: text.utf8) }.map { $0 - 2 } ?? -1
    }

    @Test func numbersAreNeverChangedInSilence() throws {
        #expect(failure(Int8.self, try PickleEncoder().encode(300)).contains("300 does not fit in Int8"))
        #expect(failure(UInt.self, try PickleEncoder().encode(-1)).contains("does not fit in UInt"))
        #expect(failure(Int.self, try PickleEncoder().encode(UInt64.max)).contains("does not fit in Int"))
        #expect(failure(Int.self, try PickleEncoder().encode(1.5)).contains("found the float 1.5"))
        #expect(try PickleDecoder().decode(Int.self, from: PickleEncoder().encode(3.0)) == 3)
        #expect(try PickleDecoder().decode(Double.self, from: PickleEncoder().encode(3)) == 3)
        #expect(failure(Double.self, try PickleEncoder().encode((1 << 53) + 1)).contains("can't hold exactly"))
        #expect(failure(Float.self, try PickleEncoder().encode(1e300)).contains("does not fit in Float"))
    }

    @Test func loneSurrogatesAreErrors() {
        #expect(failure(String.self, hex("80048c03eda080942e")).contains("lone surrogate"))
        #expect(failure([String: Int].self, hex("80047d8c03eda0804b01732e")).contains("lone surrogate"))
    }

    @Test func aKeySetTwiceHasItsLastValue() throws {
        // d = {'a': 1, 'b': 2}; d['a'] = 3
        let bytes = hex("80047d28 8c0161 4b01 8c0162 4b02 75 28 8c0161 4b03 75 2e")
        #expect(try PickleDecoder().decode([String: Int].self, from: bytes) == ["a": 3, "b": 2])
        #expect(try PickleDecoder().decode(Pair.self, from: bytes) == Pair(a: 3, b: 2))
        #expect(try PickleDecoder().decode([Int: Int].self, from: hex("80047d28 4b07 4b01 4b07 4b02 752e")) == [7: 2])
    }

    @Test func aKeySetTwiceHasItsLastStruct() throws {
        // d = {'a': p1, 'b': p1}; d['a'] = p2, the keys two objects or one, and p1 = {'score': 1, 'level': 2}
        let first = "7d28 8c0573636f7265 4b01 8c056c6576656c 4b02 75"
        let second = "7d28 8c0573636f7265 4b03 8c056c6576656c 4b04 75"
        let expected = ["a": Player(score: 3, level: 4), "b": Player(score: 1, level: 2)]
        for (key, again) in [("8c0161", "8c0161"), ("8c016194", "6800")] {
            let bytes = hex("80047d28 \(key) \(first) 8c0162 \(first) \(again) \(second) 752e")
            #expect(try PickleDecoder().decode([String: Player].self, from: bytes) == expected)
        }
        // 'é' in two forms: two keys in Python, one in Swift
        let forms = hex("80047d28 8c02c3a9 \(first) 8c0365cc81 \(second) 752e")
        #expect(failure([String: Player].self, forms).contains("Two keys are different in Python and one in Swift"))
    }

    @Test func intKeysServeCodingKeysWithIntegers() throws {
        struct Numbered: Decodable {
            enum CodingKeys: Int, CodingKey { case one = 1 }
            var one: String
        }
        #expect(try PickleDecoder().decode(Numbered.self, from: PickleEncoder().encode([1: "x"])).one == "x")
    }

    @Test func oneShapeAfterAnother() throws {
        // Dicts with the same keys in another order, with more, and with fewer of them, next to each other.
        struct Loose: Codable, Equatable {
            var a: Int?
            var b: Int?
        }
        let dicts = [["a": 1, "b": 2], ["b": 2], ["a": 1], [:], ["a": 5, "b": 6, "c": 7]]
        let bytes = try PickleEncoder().encode(dicts)
        let expected = dicts.map { Loose(a: $0["a"], b: $0["b"]) }
        #expect(try PickleDecoder().decode([Loose].self, from: bytes) == expected)
        #expect(try roundTrip(expected) == expected)
    }

    @Test func nestedContainersOfEveryKind() throws {
        struct Reader: Decodable {
            enum Keys: String, CodingKey { case list, dict, missing }
            var numbers: [Int] = []
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Keys.self)
                var list = try container.nestedUnkeyedContainer(forKey: .list)
                numbers.append(try list.decode(Int.self))
                #expect(try list.decodeNil())
                var inner = try list.nestedUnkeyedContainer()
                #expect(inner.codingPath.map(\.stringValue) == ["list", "2"])
                numbers.append(try inner.decode(Int.self))
                #expect(inner.isAtEnd)
                #expect(throws: DecodingError.self) { try inner.decode(Int.self) }
                let keyed = try list.nestedContainer(keyedBy: Keys.self)
                #expect(keyed.allKeys == [.dict])
                numbers.append(try keyed.decode(Int.self, forKey: .dict))
                numbers.append(try Int(from: list.superDecoder()))
                #expect(list.isAtEnd && list.count == 5)
                #expect(!container.contains(.missing))
                #expect(try container.decodeIfPresent(Int.self, forKey: .missing) == nil)
                numbers.append(try Int(from: container.superDecoder(forKey: .dict)))
            }
        }
        struct Writer: Encodable {
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Reader.Keys.self)
                var list = container.nestedUnkeyedContainer(forKey: .list)
                try list.encode(1)
                try list.encodeNil()
                try list.encode([2])
                try list.encode(["dict": 3])
                try 4.encode(to: list.superEncoder())
                try container.encode(5, forKey: .dict)
            }
        }
        #expect(
            try PickleDecoder().decode(Reader.self, from: PickleEncoder().encode(Writer())).numbers == [1, 2, 3, 4, 5])
    }
}
