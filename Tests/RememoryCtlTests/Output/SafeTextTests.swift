import PickleCodec
import Testing

@testable import rememoryctl

@Suite struct SafeTextTests {
    @Test func whatDrivesATerminalIsEscaped() {
        #expect(SafeText.escaped("a\u{1b}[31m\u{9b}b\u{7f}\n\t") == #"a\x1b[31m\x9bb\x7f\n\t"#)
        #expect(SafeText.escaped("\u{202e}\u{2066}\u{200b}\u{2028}\u{e0041}") == #"\u202e\u2066\u200b\u2028\U000e0041"#)
        #expect(SafeText.escaped("héllo, 世界 🚀") == "héllo, 世界 🚀")
    }

    @Test func jsonStaysTheSameJSON() throws {
        let text = "a\u{1b}\u{9b}\u{202e}\u{e0041}é"
        let json = String(decoding: try PickleValue(text).json(), as: UTF8.self)
        let safe = SafeText.escapedJSON("[\"\u{9b}\u{202e}\u{e0041}\u{7f}\"]")
        #expect(safe == #"["\u009b\u202e\udb40\udc41\u007f"]"#)
        #expect(try PickleValue(json: SafeText.escapedJSON(json)).string == text)
    }

    @Test func everyControlAndFormatCharacterIsEscaped() {
        for value in UInt32(0)...0x10ffff {
            guard let scalar = Unicode.Scalar(value), [.control, .format].contains(scalar.properties.generalCategory)
            else { continue }
            #expect(SafeText.escaped(String(scalar)).unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) })
        }
    }

    @Test func negativeNumbersPassTheParser() {
        let marked = NegativeNumbers.marked(["get", "log", "-1", "--json", "-s", "-.5", "-"])
        #expect(marked.filter { $0.hasPrefix("-") } == ["--json", "-s", "-"])
        #expect(marked.map(NegativeNumbers.unmarked) == ["get", "log", "-1", "--json", "-s", "-.5", "-"])
    }
}
