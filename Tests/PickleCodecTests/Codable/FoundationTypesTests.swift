import Foundation
import PickleCodec
import Testing

/// Foundation's types as Python's, against the bytes of CPython 3.11.
struct FoundationTypesTests {
    private static let noon = Date(timeIntervalSince1970: 1_577_934_245.678901)  // 2020-01-02 03:04:05.678901 UTC
    private static let dates = """
        80049570000000000000005d94288c086461746574696d65948c086461746574696d65949394430a07e401020304050a5bf59468018c087469
        6d657a6f6e6594939468018c0974696d6564656c74619493944b004b004b008794529485945294869452946803430a00010101000000000000
        94680c86945294652e
        """

    @Test func datesAreDatetimesInUTC() throws {
        let first = Date(timeIntervalSince1970: -62_135_596_800)  // 0001-01-01
        #expect(try PickleEncoder().encode([Self.noon, first]) == hex(Self.dates))
        let back = try PickleDecoder().decode([Date].self, from: hex(Self.dates))
        #expect(abs(back[0].timeIntervalSince(Self.noon)) < 1e-6)
        #expect(back[1] == first)
        #expect(failure(encoding: Date.distantPast.addingTimeInterval(-86_400 * 800)).contains("years 1 to 9999"))
        #expect(failure(encoding: [Date(timeIntervalSince1970: .infinity)]).contains("years 1 to 9999"))
    }

    @Test func everyDaySurvives() throws {
        // Every 997th day of 9,999 years, with microseconds.
        let dates = stride(from: -63_113_904_000.0, to: 252_423_993_600 - 978_307_200, by: 997 * 86_400).map {
            Date(timeIntervalSinceReferenceDate: $0 + 0.25)
        }
        #expect(try roundTrip(dates) == dates)
    }

    @Test func uuids() throws {
        let bytes = hex(
            """
            80049541000000000000005d94288c0475756964948c04555549449493942981947d948c03696e74948a1078563412f0debc9a78563412
            78563412736268032981947d9468064b057362652e
            """)
        let ids = ["12345678-1234-5678-9ABC-DEF012345678", "00000000-0000-0000-0000-000000000005"]
        let uuids = ids.compactMap(UUID.init(uuidString:))
        #expect(try PickleEncoder().encode(uuids) == bytes)
        #expect(try PickleDecoder().decode([UUID].self, from: bytes) == uuids)
        let high = [UUID(uuidString: "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF")]
        #expect(try roundTrip(high) == high)
    }

    @Test func decimals() throws {
        let bytes = hex("80049521000000000000008c07646563696d616c948c07446563696d616c9493948c03312e3594859452942e")
        let value = try #require(Decimal(string: "1.5"))
        #expect(try PickleEncoder().encode(value) == bytes)
        #expect(try PickleDecoder().decode(Decimal.self, from: bytes) == value)
        for text in ["0", "-12.75", "12345678901234567890123456789012345678", "1e100", "-0.000001", "9e-100"] {
            let value = try #require(Decimal(string: text))
            #expect(try roundTrip(value) == value, "\(text)")
        }
        #expect(try roundTrip(Decimal.nan).isNaN)
        #expect(try PickleDecoder().decode(Decimal.self, from: PickleEncoder().encode(7)) == 7)
    }

    @Test func decimalsThatDoNotFitAreErrors() throws {
        let texts = ["Infinity", "1E+1000", "1." + String(repeating: "3", count: 40), "sNaN"]
        let pickles = try PythonProcess.run(
            "import decimal\nfor data in inputs: out(pickle.dumps(decimal.Decimal(data.decode()), 4))",
            texts.map { Array($0.utf8) })
        for pickle in pickles {
            #expect(failure(Decimal.self, pickle).contains("that Decimal can't hold"))
        }
    }

    @Test func dataAndURLs() throws {
        #expect(try PickleEncoder().encode(Data([1, 2])) == hex("80049506000000000000004302010294 2e"))
        #expect(try roundTrip(Data([1, 2])) == Data([1, 2]))
        #expect(try PickleDecoder().decode([UInt8].self, from: PickleEncoder().encode(Data([1, 2]))) == [1, 2])
        let url = try #require(URL(string: "https://example.org/a?b=c"))
        #expect(
            try PickleDecoder().decode(String.self, from: PickleEncoder().encode(url)) == "https://example.org/a?b=c")
        #expect(try roundTrip(["u": url]) == ["u": url])
    }

    @Test func durations() throws {
        let delta = hex(
            """
            80049527000000000000008c086461746574696d65948c0974696d6564656c74619493944affffffff4b054b07879452942e
            """)
        let duration = Duration.seconds(-86_395) + .microseconds(7)
        #expect(try PickleEncoder().encode(duration) == delta)
        #expect(try PickleDecoder().decode(Duration.self, from: delta) == duration)
        #expect(try PickleDecoder().decode(TimeInterval.self, from: delta) == -86_394.999993)
        #expect(failure(encoding: Duration.seconds(Int64.max)).contains("timedelta's range"))
    }
}
