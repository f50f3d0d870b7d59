import Testing

@testable import Rememory

struct ShortTextTests {
    @Test(arguments: 0...15)
    func isTheStringThatTheLibraryMakes(_ count: Int) throws {
        let text = String((0..<count).map { Character(UnicodeScalar(UInt8(33 + 6 * $0))) })
        let made = try #require(ShortText.string(Array(text.utf8)))
        #expect(made == text && made.utf8.count == count && made.hashValue == text.hashValue)
        #expect(made + "more" == text + "more")
        #expect(Array(made.utf8) == Array(text.utf8))
    }

    @Test(arguments: 1...15)
    func leavesWhatIsNoASCII(_ count: Int) {
        for place in 0..<count {
            var bytes = [UInt8](repeating: 0x61, count: count)
            bytes[place] = 0xc3
            #expect(ShortText.string(bytes) == nil, "byte \(place)")
        }
    }

    @Test func leavesWhatIsTooLong() {
        #expect(ShortText.string(Array("sixteen bytes...".utf8)) == nil)
    }

    @Test func holdsNULs() throws {
        let made = try #require(ShortText.string([0, 0x61, 0]))
        #expect(made == "\0a\0")
    }
}

extension ShortText {
    fileprivate static func string(_ bytes: [UInt8]) -> String? {
        unsafe bytes.withUnsafeBytes { unsafe string($0) }
    }
}
