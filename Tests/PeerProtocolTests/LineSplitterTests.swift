import Foundation
import Testing

@testable import PeerProtocol

@Suite struct LineSplitterTests {
    @Test(arguments: 1...9)
    func piecesOfAnySizeGiveTheSameLines(_ size: Int) {
        let text = Data("one\n\ntwo three\n\nrest".utf8)
        let splitter = LineSplitter()
        var lines: [String] = []
        for start in stride(from: 0, to: text.count, by: size) {
            let piece = text[start..<min(start + size, text.count)]
            lines += splitter.lines(adding: piece).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(lines == ["one", "", "two three", ""])
        #expect(splitter.lastLine() == Data("rest".utf8))
    }

    @Test func withoutARestThereIsNoLastLine() {
        let splitter = LineSplitter()
        #expect(splitter.lines(adding: Data("a\n".utf8)) == [Data("a".utf8)])
        #expect(splitter.lastLine() == nil)
    }
}
