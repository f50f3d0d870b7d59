import PickleCodec
import Testing

/// Pickles that would cost far more to decode than to send.
struct HostileDecodingTests {
    /// A list in a list in a list …
    struct Nest: Codable {
        var inner: [Nest]
        init(depth: Int) { inner = depth == 0 ? [] : [Nest(depth: depth - 1)] }
        init(from decoder: any Decoder) throws { inner = try decoder.singleValueContainer().decode([Nest].self) }
        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(inner)
        }
    }

    @Test func deepNestingIsAnError() throws {
        let deep =
            hex("8004") + [UInt8](repeating: 0x5d, count: 100_000) + [UInt8](repeating: 0x61, count: 99_999) + [0x2e]
        #expect(failure(Nest.self, deep).contains("nested deeper than 512"))
        #expect(failure(encoding: Nest(depth: 400)).contains("nested deeper than 512"))
        #expect(try roundTrip(Nest(depth: 100)).inner.count == 1)
    }

    /// Elements are decoded one after the other with the same decoder: the limit holds for each all the same.
    @Test func theLimitIsThatOfElementsToo() throws {
        let list = [Player(score: 1, level: 2)]
        let dict = ["k": Player(score: 3, level: 4)]
        let deep = [["k": list]]
        func limited(_ depth: Int) -> (PickleEncoder, PickleDecoder) {
            var (encoder, decoder) = (PickleEncoder(), PickleDecoder())
            (encoder.maximumDepth, decoder.maximumDepth) = (depth, depth)
            return (encoder, decoder)
        }
        let (one, reader) = limited(1)
        #expect(failure(encoding: list, one).hasPrefix("invalidValue [\"0\"]: "))
        #expect(failure(encoding: dict, one).hasPrefix("invalidValue [\"k\"]: "))
        #expect(try one.encode([1, 2]) == PickleEncoder().encode([1, 2]))
        let encoder = PickleEncoder()
        #expect(failure([Player].self, try encoder.encode(list), reader).hasPrefix("dataCorrupted [\"0\"]: "))
        #expect(failure([String: Player].self, try encoder.encode(dict), reader).hasPrefix("dataCorrupted [\"k\"]: "))
        #expect(
            failure([Int: Player].self, try encoder.encode([7: list[0]]), reader).hasPrefix("dataCorrupted [\"7\"]: "))
        #expect(try reader.decode([Int].self, from: encoder.encode([1, 2])) == [1, 2])

        let (two, secondReader) = limited(2)
        #expect(try roundTrip(list, two, secondReader) == list)
        #expect(try roundTrip(dict, two, secondReader) == dict)
        #expect(failure(encoding: deep, two).hasPrefix("invalidValue [\"0\", \"k\"]: "))
        typealias Deep = [[String: [Player]]]
        #expect(failure(Deep.self, try encoder.encode(deep), secondReader).hasPrefix("dataCorrupted [\"0\", \"k\"]: "))
        let (four, fourthReader) = limited(4)
        #expect(try roundTrip(deep, four, fourthReader) == deep)
        let (unlimited, unlimitedReader) = limited(.max)
        #expect(try roundTrip(deep, unlimited, unlimitedReader) == deep)
    }

    @Test func cyclesAreAnError() {
        // l = []; l.append(l)
        #expect(failure(Nest.self, hex("80045d946800612e")).contains("nested deeper than 512"))
    }

    @Test func sharingThatWouldGrowBeyondMeasureIsAnError() {
        // x = []; 40 times: x = [x, x]
        var bytes = hex("80045d9430")
        for level in 0..<40 { bytes += [0x5d, 0x94, 0x28, 0x68, UInt8(level), 0x68, UInt8(level), 0x65, 0x30] }
        bytes += [0x68, 40, 0x2e]
        var decoder = PickleDecoder()
        decoder.maximumValueCount = 100_000
        #expect(failure(Nest.self, bytes, decoder).contains("too many values"))
    }

    @Test func rangesAreCountedBeforeTheyAreMade() {
        // range(0, 10**12)
        let bytes = hex("80048c086275696c74696e738c0572616e6765934b008a060010a5d4e8004b0187522e")
        #expect(failure([Int].self, bytes).contains("too many values"))
    }

    @Test func sharedLongStringsAreCounted() {
        var bytes = hex("80045d28 58 00001000") + [UInt8](repeating: 0x61, count: 1 << 20) + [0x94]
        for _ in 0..<5_000 { bytes += [0x68, 0] }
        bytes += hex("652e")
        var decoder = PickleDecoder()
        decoder.maximumValueCount = 1_000_000
        #expect(failure([String].self, bytes, decoder).contains("too many values"))
    }

    @Test func noPickleIsAPickleError() {
        #expect(throws: PickleError.self) { try PickleDecoder().decode(Int.self, from: [1, 2, 3]) }
    }
}
