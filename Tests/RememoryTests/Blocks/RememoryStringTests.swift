import Testing

@testable import Rememory

@Suite struct RememoryStringTests {
    @Test func storesUTF8() throws {
        let block = try UniqueBlock()
        let text = try RememoryString(block.string)
        #expect(try block.facts().size == 256)
        #expect(try text.get() == "")
        try text.set("größe 🌍")
        #expect(try block.contentByPath() == Array("größe 🌍".utf8))
        try text.set("x")
        #expect(try block.contentByPath() == [0x78])
        #expect(try text.exchange("y") == "x")
        #expect(try text.compareAndSet(expected: "y", to: "e\u{301}"))
        // Equal to Swift, not to Python.
        #expect(try !text.compareAndSet(expected: "\u{E9}", to: "no"))
        #expect(try text.update { $0 += "!" } == "e\u{301}!")
    }

    @Test func tooLongIsAnErrorUnlessToldToCut() throws {
        let block = try UniqueBlock()
        let text = try RememoryString(block.string, size: .s64)
        try text.set("before")
        let long = String(repeating: "x", count: 65)
        let error = #expect(throws: RememoryError.self) { try text.set(long) }
        #expect(error?.code == .valueTooLarge)
        #expect(try text.get() == "before")
        let cutting = try RememoryString(block.string, size: .s64, tooLong: .truncate)
        try cutting.set(String(repeating: "x", count: 63) + "é")
        #expect(try text.get() == String(repeating: "x", count: 63))
        try cutting.set(String(repeating: "x", count: 62) + "e\u{301}")
        #expect(try text.get() == String(repeating: "x", count: 62))
        // One character that doesn't fit: whole code points of it.
        try cutting.set("a" + String(repeating: "\u{301}", count: 100))
        #expect(try text.get() == "a" + String(repeating: "\u{301}", count: 31))
    }

    @Test func textThatPythonCutInTwo() throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 64, content: Array(repeating: 0x78, count: 63) + [0xC3])
        let error = #expect(throws: RememoryError.self) { try RememoryString(block.string).get() }
        #expect(error?.code == .corruptContent)
        let patient = try RememoryString(block.string, invalidText: .validPart)
        #expect(try patient.get() == String(repeating: "x", count: 63))
    }

    @Test func anotherSizeThanTheSegments() throws {
        let block = try UniqueBlock()
        let wide = try RememoryString(block.string, size: .s256)
        let long = String(repeating: "x", count: 200)
        try wide.set(long)
        let narrow = try RememoryString(block.string, size: .s64)
        #expect(try narrow.get() == long)
        #expect(throws: RememoryError.self) { try narrow.set(long) }
        try narrow.set("short")
        #expect(try wide.get() == "short")
        let wider = try RememoryString(block.string, size: .s1024)
        #expect(throws: RememoryError.self) { try wider.set(String(repeating: "x", count: 257)) }
    }
}
