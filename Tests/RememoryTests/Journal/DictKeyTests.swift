import PickleCodec
import Testing

@testable import Rememory

/// Keys and values whose instructions begin like those of a plain one.
@Suite struct DictKeyTests {
    private let block: UniqueBlock

    init() throws { block = try UniqueBlock("dictkeys") }

    private static let keys: [PickleValue] = [
        "a", .tuple(["a"]), .tuple(["a", 1]), .tuple([.tuple(["a"])]), 1, .tuple([1]), .tuple([300]), .tuple([70_000]),
        .tuple([PickleValue(1 << 40)]), 0.5, .tuple([0.5]), true, .tuple([false]), nil, .tuple([nil]), "", .tuple([""]),
        .bytes([]), .bytes([97]), .tuple([.bytes([97])]), .frozenSet(["a"]), .tuple([]),
    ]

    /// As CPython writes them, with MEMOIZE behind each, and as Swift does, without.
    @Test(arguments: [RememoryLayout.journal, .canonical])
    func keysThatBeginAlikeAreDifferent(_ layout: RememoryLayout) throws {
        let distinct = Self.keys.filter { $0 != true }
        let dict = try RememoryDict<PickleValue, PickleValue>(block.string, layout: layout)
        for (place, key) in distinct.enumerated() { try dict.set(PickleValue(place), for: key) }
        let fresh = try RememoryDict<PickleValue, PickleValue>(block.string)
        for handle in [dict, fresh] {
            #expect(try handle.count == distinct.count)
            #expect(try handle.keys() == distinct)
            for (place, key) in distinct.enumerated() { #expect(try handle[key] == PickleValue(place)) }
        }
        for key in distinct.reversed() { try dict.delete(key) }
        #expect(try fresh.isEmpty)
    }

    /// The first look of a handle walks through the pairs, and tells most keys apart by their first bytes. Whatever the
    /// instruction, as long as Python chooses it for the text, and as those before protocol 4 did.
    @Test(arguments: [RememoryLayout.journal, .canonical])
    func firstLooksTellKeysOfAllLengthsApart(_ layout: RememoryLayout) throws {
        let lengths = Array(0...12) + [254, 255, 256, 257]
        let ends = ["", "b", "\u{e4}"]
        let keys = Set(lengths.flatMap { length in ends.map { String(repeating: "a", count: length) + $0 } })
        let dict = try RememoryDict<String, Int>(block.string, layout: layout)
        for (place, key) in keys.enumerated() { try dict.set(place, for: key) }
        for (place, key) in keys.enumerated() {
            #expect(try RememoryDict<String, Int>(block.string)[key] == place, "\(key)")
            #expect(try RememoryDict<String, Int>(block.string)[key + "c"] == nil, "\(key)")
        }
        let old = try UniqueBlock("dictkeysold")
        try old.createAsPython(size: 4096, content: [0x7d, 0x28, 0x58, 1, 0, 0, 0, 0x61, 0x4b, 7, 0x75, 0x2e])
        #expect(try RememoryDict<String, Int>(old.string)["a"] == 7)
    }

    @Test func keysThatPythonWroteAreDifferent() throws {
        let distinct = Self.keys.filter { $0 != true }
        let content = PickleValue.dict(distinct.enumerated().map { ($1, PickleValue($0)) })
        try block.createAsPython(size: 4096, content: try content.pickled())
        let dict = try RememoryDict<PickleValue, PickleValue>(block.string)
        #expect(try dict.count == distinct.count)
        for (place, key) in distinct.enumerated() { #expect(try dict[key] == PickleValue(place)) }
        try dict.set("changed", for: .tuple(["a"]))
        #expect(try dict["a"] == 0)
        #expect(try dict.keys() == distinct)
    }

    /// Compaction copies instructions: a tuple of one must not lose its last byte.
    @Test func tuplesOfOneSurviveRewriting() throws {
        let dict = try RememoryDict<PickleValue, PickleValue>(block.string)
        let values: [PickleValue] = [.tuple(["a"]), .tuple([1]), .tuple([.bytes([1])]), .tuple([0.5]), .tuple([true])]
        for (place, value) in values.enumerated() { try dict.set(value, for: PickleValue("v\(place)")) }
        for number in 0..<500 { try dict.set(PickleValue(number), for: "busy") }
        try dict.delete("busy")
        #expect(try dict.values() == values)
    }

    @Test func typedValuesAreNotTuplesOfThem() throws {
        let dict = try RememoryDict<String, PickleValue>(block.string)
        try dict.set(.tuple([1]), for: "int")
        try dict.set(.tuple(["a"]), for: "text")
        #expect(throws: (any Error).self) { try RememoryDict<String, Int>(block.string)["int"] }
        #expect(throws: (any Error).self) { try RememoryDict<String, String>(block.string)["text"] }
    }

    @Test(arguments: [
        PickleValue.list([]), .dict([(1, 2)]), .set([1]), .byteArray([1]), .tuple([1, .list([])]),
        .frozenSet([.tuple([.set([])])]),
    ])
    func whatPythonCannotHashIsNoKey(_ key: PickleValue) throws {
        let dict = try RememoryDict<PickleValue, PickleValue>(block.string)
        try dict.set(1, for: "a")
        #expect(throws: (any Error).self) { try dict.set(2, for: key) }
        #expect(throws: (any Error).self) { try dict.merge([(key: key, value: PickleValue(2))]) }
        #expect(try dict.keys() == ["a"])
    }
}
