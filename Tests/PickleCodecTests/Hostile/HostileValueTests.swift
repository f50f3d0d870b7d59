import PickleCodec
import Testing

/// Values that would cost more than their pickles if anything walked them like a tree.
struct HostileValueTests {
    /// A million lists, each in the next; fewer where nothing is optimized, and each step takes ten times as long. The
    /// stack would not even hold these, if anything recursed.
    #if DEBUG
        static let depth = 200_000
    #else
        static let depth = 1_000_000
    #endif
    static let deep =
        [UInt8](repeating: 0x5d, count: depth) + [UInt8](repeating: 0x61, count: depth - 1) + [0x2e]

    /// x = []; 30 times: x = [x, x], through the memo or by DUP.
    static let doubled: [[UInt8]] = [
        [0x80, 4, 0x5d, 0x94, 0x30]
            + (0..<30).flatMap { [0x5d, 0x94, 0x28, 0x68, $0, 0x68, $0, 0x65, 0x30] as [UInt8] } + [0x68, 30, 0x2e],
        [0x80, 4, 0x29] + (0..<30).flatMap { _ in [0x32, 0x86] as [UInt8] } + [0x2e],
    ]

    @Test func millionNestedLists() throws {
        let value = try PickleValue(pickle: Self.deep)
        let other = try PickleValue(pickle: Self.deep)
        #expect(value == other)
        #expect(value.hashValue == other.hashValue)
        #expect(value != [value])
        #expect(value.description.utf8.count == 2 * Self.depth)
        #expect(try value.json().count == 2 * Self.depth)
        #expect(try PickleValue(json: value.json()) == value)
        #expect(try PickleValue(taggedJSON: value.taggedJSON()) == value)
        #expect(try PickleValue(pickle: value.pickled()) == value)
    }

    @Test func millionNestedListsMadeInSwift() throws {
        var value: PickleValue = []
        for _ in 0..<100_000 { value = [value] }
        let copy = value
        value[0] = [1]
        #expect(copy != value)
        #expect(copy.description.utf8.count == 200_002)
        #expect(try PickleValue(pickle: copy.pickled()) == copy)
    }

    @Test(arguments: doubled)
    func doubledThirtyTimes(pickle: [UInt8]) throws {
        let value = try PickleValue(pickle: pickle)
        let other = try PickleValue(pickle: pickle)
        #expect(value == other)
        #expect(value.hashValue == other.hashValue)
        #expect(value != [other])
        #expect(value.description.utf8.count < 1_100_000)
        #expect(value.description.hasSuffix("…"))
        #expect(throws: PickleError.self) { try value.json() }
        #expect(throws: PickleError.self) { try value.taggedJSON() }
        #expect(try value.pickled().count < 500)
        #expect(try PickleValue(pickle: value.pickled()) == value)
        var changed = value
        if changed.kind == .list { changed.append(1) }
        #expect(try changed.pickled().count < 500)
    }

    @Test func doublingInSwift() throws {
        var value: PickleValue = ["x"]
        for _ in 0..<60 { value = [value, value] }
        #expect(try value.pickled().count < 1_000)
        #expect(value == value)
        var other = value
        other[0]?[0]?.append(1)
        #expect(other != value)
    }

    @Test func cyclesEnd() throws {
        // a = []; a.append(a)    b = [[]]; b[0].append(b)    c = [[], 1]; c[0].append(c)
        let one = try PickleValue(pickle: [0x80, 4, 0x5d, 0x94, 0x68, 0, 0x61, 0x2e])
        let two = try PickleValue(pickle: [0x80, 4, 0x5d, 0x94, 0x5d, 0x94, 0x68, 0, 0x61, 0x61, 0x2e])
        let third = try PickleValue(
            pickle: [0x80, 4, 0x5d, 0x94, 0x28, 0x5d, 0x94, 0x68, 0, 0x61, 0x4b, 1, 0x65, 0x2e])
        #expect(one == two)
        #expect(one.hashValue == two.hashValue)
        #expect(one != third)
        #expect(one != [[]])
        #expect(two.description == "[[[...]]]")
        #expect(throws: PickleError.self) { try one.json() }
        #expect(throws: PickleError.self) { try one.taggedJSON() }
        #expect(try PickleValue(pickle: third.pickled()) == third)
        // d = {'a': d, 'b': {d, …}} in other orders
        let dicts = try PythonProcess.result(
            of: """
                d = {}; d["a"] = d; d["b"] = (1, {"x": d, "y": {2, 3}})
                e = {}; e["b"] = (True, {"y": {3, 2}, "x": e}); e["a"] = {"b": e["b"], "a": e}
                f = {}; f["a"] = f; f["b"] = (1, {"x": f, "y": {2, 4}})
                out(pickle.dumps([d, e, f]))
                """)
        let values = try PickleValue(pickle: dicts)
        #expect(values[0] == values[1])
        #expect(values[0] != values[2])
        #expect(values[0]?.hashValue == values[1]?.hashValue)
    }

    @Test func keysInOneCycleCostLittle() throws {
        // {(a, 0): None, (a, 1): None, …} with a = Player(); a.__setstate__(a), the keys all in one cycle.
        var pickle: [UInt8] = [0x80, 4] + Array("cgame\nPlayer\n)R".utf8) + [0x94, 0x68, 0, 0x62, 0x30, 0x7d, 0x28]
        for number in 0..<20_000 {
            pickle += [0x68, 0, 0x4d, UInt8(number & 255), UInt8(number >> 8), 0x86, 0x4e]
        }
        pickle += [0x75, 0x2e]
        let value = try PickleValue(pickle: pickle)
        #expect(value.pairs.count == 20_000)
        #expect(value == value)
    }

    @Test func longSharedStringsAreReadOnce() throws {
        // [s, s, s, …] with one string of 100,000 bytes, 20,000 times
        let text = [UInt8](repeating: 0x61, count: 100_000)
        let pickle: [UInt8] =
            [0x80, 4, 0x5d, 0x28, 0x58, 0xa0, 0x86, 1, 0] + text + [0x94]
            + (0..<20_000).flatMap { _ in [0x68, 0] as [UInt8] } + [0x65, 0x2e]
        let value = try PickleValue(pickle: pickle)
        let other = try PickleValue(pickle: pickle)
        #expect(value == other)
        #expect(value.hashValue == other.hashValue)
        #expect(value.description.utf8.count < 10_000_000)
    }

    @Test(arguments: ["builtins bytearray", "_codecs encode"])
    func longSharedContentsAreReadOnce(name: String) throws {
        // [bytearray(b), bytearray(b), …] and [encode(s, 'latin1'), …] with one content of 20,000 bytes
        let words = name.split(separator: " ")
        let isEncode = words[1] == "encode"
        var pickle: [UInt8] = [0x80, 4] + Array("c\(words[0])\n\(words[1])\n".utf8) + [0x94]
        pickle += [isEncode ? 0x58 : 0x42, 0x20, 0x4e, 0, 0] + [UInt8](repeating: 0x61, count: 20_000)
        pickle += (isEncode ? [0x94, 0x8c, 6] + Array("latin1".utf8) + [0x94, 0x86, 0x94] : [0x85, 0x94]) as [UInt8]
        pickle += [0x5d, 0x28]
        for _ in 0..<2_000 { pickle += [0x68, 0, 0x68, isEncode ? 3 : 1, 0x52] }
        pickle += [0x65, 0x2e]
        let value = try PickleValue(pickle: pickle)
        let other = try PickleValue(pickle: pickle)
        #expect(value == other)
        #expect(value.hashValue == other.hashValue)
        #expect(value.description.utf8.count < 5_000_000)
        #expect(throws: PickleError.self) { try value.json() }
        #expect(throws: PickleError.self) { try value.taggedJSON() }
    }

    @Test func manyEqualKeys() throws {
        // {(): 0, (): 1, …}: the first key's place, the last value
        var pickle: [UInt8] = [0x80, 4, 0x7d, 0x28]
        for number in 0..<50_000 { pickle += [0x29, 0x4d, UInt8(number & 255), UInt8(number >> 8)] }
        pickle += [0x75, 0x2e]
        let value = try PickleValue(pickle: pickle)
        #expect(value.count == 1)
        #expect(value.description == "{(): 49999}")
        #expect(value == .dict([(.tuple([]), 49_999)]))
    }
}
