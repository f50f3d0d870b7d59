import PickleCodec
import Testing

/// Strings and integers on both sides of where a shorter way to them ends, from the input and from `extra`.
struct PickleGraphLeavesTests {
    /// One `str` of some UTF-8, as protocol 4 writes it and as protocol 0 does.
    private func pickles(of utf8: [UInt8], protocol0: String) -> [[UInt8]] {
        let header: [UInt8] =
            utf8.count < 256
            ? [0x8c, UInt8(utf8.count)] : [0x58, UInt8(utf8.count & 0xff), UInt8(utf8.count >> 8), 0, 0]
        return [[0x80, 4] + header + utf8 + [0x2e], [0x56] + Array(protocol0.utf8) + [0x0a, 0x2e]]
    }

    @Test(arguments: [0, 1, 2, 31, 32, 33, 254, 255, 256, 257, 300])
    func stringsOfEveryLength(_ count: Int) throws {
        let text = String(repeating: "a", count: count)
        for bytes in pickles(of: Array(text.utf8), protocol0: text) {
            let graph = try PickleGraph(decoding: bytes)
            #expect(graph.string(of: graph.root) == text)
            #expect(graph.utf8(of: graph.root).map(Array.init) == Array(text.utf8))
            #expect(!graph.hasSurrogates(graph.root))
            let value = PickleValue(graph)
            #expect(value.string == text)
            #expect(value == PickleValue(text))
            #expect(try PickleDecoder().decode(String.self, from: graph) == text)

            // The same text as a key: looked up in a small dict and in a large one, and met twice.
            let dict = PickleValue.dict([(value, 1)])
            #expect(dict[text]?.int == 1)
            #expect(try PickleDecoder().decode([String: Int].self, from: dict.pickled()) == [text: 1])
            let numbered = (0..<20).map { (PickleValue("key\($0)"), PickleValue($0)) }
            let large = try PickleValue(pickle: PickleValue.dict(numbered + [(value, 100)]).pickled())
            #expect(large[text]?.int == 100)
            #expect(PickleValue.set([value, PickleValue(text)]).count == 1)
        }
    }

    @Test(arguments: [3, 252, 253, 254, 300])
    func stringsWithASurrogate(_ length: Int) throws {
        // A lone surrogate takes 3 bytes, and 6 characters in protocol 0.
        let rest = String(repeating: "a", count: length)
        let utf8 = Array(rest.utf8) + [0xed, 0xa0, 0x80]
        for bytes in pickles(of: utf8, protocol0: rest + "\\ud800") {
            let graph = try PickleGraph(decoding: bytes)
            #expect(graph.string(of: graph.root) == nil)
            #expect(graph.utf8(of: graph.root).map(Array.init) == utf8)
            #expect(graph.hasSurrogates(graph.root))
            let value = PickleValue(graph)
            #expect(value.string == nil && value.utf8 == utf8 && value.count == length + 1)
            let dict = try PickleValue(pickle: PickleValue.dict([(value, 1), (PickleValue(rest), 2)]).pickled())
            #expect(dict.count == 2 && dict[value]?.int == 1 && dict[rest]?.int == 2)
            #expect(failure(String.self, bytes).contains("lone surrogate"))
        }
    }

    @Test func integersOfEveryWidth() throws {
        var numbers: [PickleInteger] = [0, -1]
        for bits in 1...72 {
            let power = Int128(1) << Int128(bits)
            for number in [power - 1, power, power + 1] { numbers += [PickleInteger(number), PickleInteger(-number)] }
        }
        for number in numbers {
            let canonical = try PickleValue(number).pickled()
            // Longer than it has to be, and in decimal digits.
            var bytes = number.twosComplement
            bytes += [UInt8](repeating: number.isNegative ? 0xff : 0, count: 12 - bytes.count)
            let long = hex("80028a0c") + bytes + [0x2e]
            let decimal = [0x4c] + Array("\(number)L".utf8) + [0x0a, 0x2e]
            for pickle in [canonical, long, decimal] {
                let graph = try PickleGraph(decoding: pickle)
                #expect(graph.integer(of: graph.root) == number)
                #expect(graph.int(of: graph.root) == Int(exactly: number))
                #expect(PickleValue(graph).int == Int(exactly: number))
                #expect(PickleValue(graph).integer == number)
            }
        }
    }
}
