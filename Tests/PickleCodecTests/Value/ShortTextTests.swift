import Testing

@testable import PickleCodec

struct ShortTextTests {
    @Test(arguments: 0...15)
    func isTheStringThatTheLibraryMakes(_ count: Int) throws {
        let text = String((0..<count).map { Character(UnicodeScalar(UInt8(33 + 6 * $0))) })
        let made = try #require(ShortText(Array(text.utf8)))
        #expect(made.string == text && made.string.utf8.count == count && made.string.hashValue == text.hashValue)
        #expect(made.string + "more" == text + "more")
        #expect(Array(made.string.utf8) == Array(text.utf8))
        #expect(made.count == count)
        #expect(made.ordinaryString == text, "where the layout is not known")
    }

    @Test(arguments: 1...15)
    func leavesWhatIsNoASCII(_ count: Int) {
        for place in 0..<count {
            var bytes = [UInt8](repeating: 0x61, count: count)
            bytes[place] = 0xc3
            #expect(ShortText(bytes) == nil, "byte \(place)")
        }
    }

    @Test func leavesWhatIsTooLong() {
        #expect(ShortText(Array("sixteen bytes...".utf8)) == nil)
    }

    @Test func holdsNULs() throws {
        let made = try #require(ShortText([0, 0x61, 0]))
        #expect(made.string == "\0a\0")
        #expect(made != ShortText([0, 0x61]))
    }
}

extension ShortText {
    fileprivate init?(_ bytes: [UInt8]) {
        guard let made = unsafe bytes.withUnsafeBytes({ unsafe ShortText($0) }) else { return nil }
        self = made
    }
}
