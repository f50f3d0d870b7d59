import PickleCodec
import Testing

@testable import PeerProtocol

@Suite struct PythonSumTests {
    private func sum(_ left: PickleValue, _ right: PickleValue) throws -> String? {
        try PythonSum.of(left, right)?.description
    }

    private func big(_ text: String) throws -> PickleValue {
        PickleValue(try #require(PickleInteger(decimal: text)))
    }

    @Test func smallNumbers() throws {
        #expect(try sum(1, 2) == "3")
        #expect(try sum(true, true) == "2")
        #expect(try sum(1, 0.5) == "1.5")
        #expect(try sum(0.1, 0.2) == "0.30000000000000004")
    }

    @Test func integersOfAnySize() throws {
        #expect(try sum(PickleValue(Int.max), 1) == "9223372036854775808")
        #expect(try sum(PickleValue(Int.min), -1) == "-9223372036854775809")
        #expect(try sum(try big("9223372036854775808"), -1) == "9223372036854775807")
        let thousand = "1" + String(repeating: "0", count: 60)
        #expect(try sum(try big(thousand), try big("-" + thousand)) == "0")
        #expect(try sum(try big(thousand), -1) == String(repeating: "9", count: 60))
        #expect(try sum(try big("-" + thousand), try big("-" + thousand)) == "-2" + String(repeating: "0", count: 60))
        #expect(
            try sum(255, try big("-170141183460469231731687303715884105728"))
                == "-170141183460469231731687303715884105473")
    }

    @Test func whatIsNoNumberHasNoSum() throws {
        for value: PickleValue in [nil, "1", [1], [:], .bytes([1])] {
            #expect(try PythonSum.of(value, 1) == nil)
            #expect(try PythonSum.of(value, 0.5) == nil)
        }
    }

    @Test func anIntegerBeyondEveryFloatIsAnOverflow() throws {
        let huge = try big("1" + String(repeating: "0", count: 400))
        #expect(throws: PeerFailure.self) { try PythonSum.of(huge, 0.5) }
    }
}
