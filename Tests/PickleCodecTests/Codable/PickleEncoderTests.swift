import PickleCodec
import Testing

/// The bytes are those that CPython 3.11 gives for the equal objects.
struct PickleEncoderTests {
    @Test func dictOfStructs() throws {
        let expected = hex(
            """
            80049526000000000000007d948c07706c6179657231947d94288c0573636f7265944b0a8c056c6576656c944b0275732e
            """)
        #expect(try PickleEncoder().encode(["player1": Player(score: 10, level: 2)]) == expected)
    }

    @Test func codingKeysAreShared() throws {
        let expected = hex(
            """
            80049529000000000000005d94287d94288c0573636f7265944b0a8c056c6576656c944b02757d942868024b0a68034b0275652e
            """)
        #expect(try PickleEncoder().encode([Player(score: 10, level: 2), Player(score: 10, level: 2)]) == expected)
    }

    @Test func dataStringsAreNotSharedButSingletonsAre() throws {
        // pickle.dumps([''.join('ab'), ''.join('ab'), 'a', 'a', '', ''], 4)
        let expected = hex("8004951a000000000000005d94288c026162948c026162948c01619468038c00946804652e")
        #expect(try PickleEncoder().encode(["ab", "ab", "a", "a", "", ""]) == expected)
    }

    @Test func scalars() throws {
        #expect(try PickleEncoder().encode(true) == hex("8004882e"))
        #expect(try PickleEncoder().encode(Int?.none) == hex("80044e2e"))
        #expect(try PickleEncoder().encode(256) == hex("80049504000000000000004d00012e"))
        #expect(try PickleEncoder().encode(1.5) == hex("8004950a00000000000000473ff80000000000002e"))
        #expect(try PickleEncoder().encode(Float(1.5)) == PickleEncoder().encode(1.5))
        #expect(try PickleEncoder().encode(Int64.min) == hex("8004950b000000000000008a0800000000000000802e"))
        #expect(try PickleEncoder().encode(UInt64.max) == PickleEncoder().encode(UInt128(UInt64.max)))
        #expect(try PickleEncoder().encode(Int8(-1)) == PickleEncoder().encode(-1))
    }

    @Test func emptyContainers() throws {
        struct Empty: Codable {}
        #expect(try PickleEncoder().encode([Int]()) == hex("80045d942e"))
        #expect(try PickleEncoder().encode([String: Int]()) == hex("80047d942e"))
        #expect(try PickleEncoder().encode(Empty()) == hex("80047d942e"))
        #expect(try PickleEncoder().encode(Set<Int>()) == hex("80048f942e"))
    }

    @Test func keysOfAnyHashableType() throws {
        #expect(try PickleEncoder().encode([7: "x"]) == hex("8004950a000000000000007d944b078c017894732e"))
        // {(1, 2): True}: an array becomes a tuple where Python must hash it
        #expect(try PickleEncoder().encode([[1, 2]: true]) == hex("8004950b000000000000007d944b014b02869488732e"))
        #expect(try PickleEncoder().encode([Suit.hearts: 1]) == PickleEncoder().encode(["h": 1]))
        #expect(try PickleEncoder().encode([Set([1]): 1]) == hex("8004950b000000000000007d94284b0191944b01732e"))
        #expect(try PickleEncoder().encode([Int?.none: 1]) == hex("80049507000000000000007d944e4b01732e"))
        #expect(failure(encoding: [Player(score: 1, level: 2): 1]).contains("becomes a dict, which Python can't hash"))
        #expect(failure(encoding: Set([[Player(score: 1, level: 2)]])).contains("can't hash"))
    }

    @Test func optionalsInKeyedContainers() throws {
        struct Sparse: Codable, Equatable {
            var a: Int?
            var b: [Int?]
        }
        let bytes = try PickleEncoder().encode(Sparse(a: nil, b: [1, nil]))
        #expect(bytes == hex("8004950f000000000000007d948c0162945d94284b014e65732e"))
        #expect(try roundTrip(Sparse(a: nil, b: [1, nil])) == Sparse(a: nil, b: [1, nil]))
    }

    @Test func nestedContainersMayBeFilledInAnyOrder() throws {
        struct Interleaved: Encodable {
            enum Keys: String, CodingKey { case first, second, list }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Keys.self)
                var first = container.nestedContainer(keyedBy: Keys.self, forKey: .first)
                var second = container.nestedContainer(keyedBy: Keys.self, forKey: .second)
                var list = container.nestedUnkeyedContainer(forKey: .list)
                try second.encode(1, forKey: .second)
                try list.encode(2)
                try first.encode(3, forKey: .first)
                try list.encodeNil()
                try first.encode(4, forKey: .second)
                try 5.encode(to: container.superEncoder())
            }
        }
        // {'first': {'first': 3, 'second': 4}, 'second': {'second': 1}, 'list': [2, None], 'super': 5}
        let expected = """
            80049541000000000000007d94288c056669727374947d942868014b038c067365636f6e64944b047568037d9468034b01738c046c6973
            74945d94284b024e658c057375706572944b05752e
            """
        #expect(try PickleEncoder().encode(Interleaved()) == hex(expected))
    }

    @Test func misuseIsAnError() {
        struct Twice: Encodable {
            enum Keys: String, CodingKey { case a }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Keys.self)
                try container.encode(1, forKey: .a)
                try container.encode(2, forKey: .a)
            }
        }
        struct TwoKinds: Encodable {
            func encode(to encoder: any Encoder) throws {
                var list = encoder.unkeyedContainer()
                try list.encode(1)
                var single = encoder.singleValueContainer()
                try single.encode(1)
            }
        }
        struct Silent: Encodable {
            func encode(to encoder: any Encoder) throws { _ = encoder.singleValueContainer() }
        }
        #expect(failure(encoding: ["x": Twice()]).contains("[\"x\"]: A value of type Twice wrote one key twice"))
        #expect(failure(encoding: [TwoKinds()]).contains("[\"0\"]"))
        #expect(failure(encoding: [TwoKinds()]).contains("containers of different kinds"))
        #expect(failure(encoding: Silent()).contains("expected one"))
    }

    @Test func classesAndSuperclasses() throws {
        class Base: Codable {
            var base = 1
            init() {}
        }
        final class Derived: Base {
            enum Keys: String, CodingKey { case own }
            var own = 2
            override init() { super.init() }
            required init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Keys.self)
                own = try container.decode(Int.self, forKey: .own)
                try super.init(from: container.superDecoder())
            }
            override func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Keys.self)
                try container.encode(own, forKey: .own)
                try super.encode(to: container.superEncoder())
            }
        }
        let value = Derived()
        value.base = 7
        value.own = 8
        let bytes = try PickleEncoder().encode(value)
        let back = try PickleDecoder().decode(Derived.self, from: bytes)
        #expect(back.base == 7 && back.own == 8)
    }

    @Test func userInfoReachesTheValue() throws {
        struct Asking: Codable {
            static let key = CodingUserInfoKey(rawValue: "unit")
            var unit = ""
            init() {}
            init(from decoder: any Decoder) throws { unit = Self.key.flatMap { decoder.userInfo[$0] as? String } ?? "" }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(Self.key.flatMap { encoder.userInfo[$0] as? String } ?? "")
            }
        }
        var encoder = PickleEncoder()
        var decoder = PickleDecoder()
        if let key = Asking.key {
            encoder.userInfo[key] = "metre"
            decoder.userInfo[key] = "foot"
        }
        let bytes = try encoder.encode(Asking())
        #expect(try PickleDecoder().decode(String.self, from: bytes) == "metre")
        #expect(try decoder.decode(Asking.self, from: bytes).unit == "foot")
    }
}
