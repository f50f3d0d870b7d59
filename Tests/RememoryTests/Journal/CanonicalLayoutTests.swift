import PickleCodec
import Testing

@testable import Rememory

/// Changes from one Python value, whose parts share strings and objects.
@Suite struct CanonicalLayoutTests {
    private static let shared: PickleValue = ["shared"]

    private func content(_ block: UniqueBlock) throws -> PickleValue {
        try PickleValue(pickle: try block.contentByPath())
    }

    @Test(arguments: [RememoryLayout.journal, .canonical])
    func pairsOfADict(layout: RememoryLayout) throws {
        let block = try UniqueBlock()
        let dict = try RememoryDict<PickleValue, PickleValue>(block.string, layout: layout)
        try dict.merge(pairsOf: ["a": Self.shared, "b": Self.shared])
        try dict.merge(pairsOf: ["c": ["a": 1], "a": ["a": 2]])
        try dict.merge(pairsOf: [:])
        #expect(try content(block) == ["a": ["a": 2], "b": ["shared"], "c": ["a": 1]])
        #expect(try dict.keys() == ["a", "b", "c"])
        #expect(try dict["b"] == ["shared"])
        try dict.replaceAll(withPairsOf: ["z": Self.shared, "y": Self.shared])
        #expect(try content(block) == ["z": ["shared"], "y": ["shared"]])
        #expect(throws: EncodingError.self) { try dict.merge(pairsOf: [1]) }
        #expect(throws: EncodingError.self) { try dict.replaceAll(withPairsOf: 1) }
        #expect(try dict.keys() == ["z", "y"])
    }

    @Test(arguments: [RememoryLayout.journal, .canonical])
    func itemsOfAList(layout: RememoryLayout) throws {
        let block = try UniqueBlock()
        let list = try RememoryList<PickleValue>(block.string, layout: layout)
        try list.append(itemsOf: [Self.shared, Self.shared])
        try list.append(itemsOf: .tuple([1, Self.shared]))
        try list.append(itemsOf: [])
        #expect(try content(block) == [["shared"], ["shared"], 1, ["shared"]])
        try list.replaceAll(withItemsOf: [Self.shared, 2])
        #expect(try content(block) == [["shared"], 2])
        #expect(throws: EncodingError.self) { try list.append(itemsOf: ["a": 1]) }
        #expect(try list.count == 2)
    }

    /// `d['b'] = 'a'` where 'a' is a key: one object in CPython, which has one-character strings once.
    @Test func shortStringsAreOneObject() throws {
        let block = try UniqueBlock()
        let dict = try RememoryDict<String, String>(block.string, layout: .canonical)
        try dict.set("b", for: "a")
        try dict.set("a", for: "b")
        let bytes = Array(try block.contentByPath().prefix { $0 != 0x2e }.dropFirst(11))
        #expect(bytes == [0x7d, 0x94, 0x28, 0x8c, 1, 0x61, 0x94, 0x8c, 1, 0x62, 0x94, 0x68, 2, 0x68, 1, 0x75])
    }

    @Test func valuesWithACycleThroughTheDictSurviveAMerge() throws {
        let block = try UniqueBlock()
        // d = {}; d['self'] = d
        let pickle: [UInt8] = [0x80, 4, 0x7d, 0x94, 0x8c, 4, 0x73, 0x65, 0x6c, 0x66, 0x94, 0x68, 0, 0x73, 0x2e]
        try block.createAsPython(size: 4096, content: pickle)
        let dict = try RememoryDict<PickleValue, PickleValue>(block.string, layout: .canonical)
        try dict.merge(pairsOf: ["a": 1])
        #expect(try dict["self"]?["self"]?["a"] == 1)
        #expect(try dict.count == 2)
    }
}
