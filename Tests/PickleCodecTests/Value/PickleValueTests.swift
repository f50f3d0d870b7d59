import Foundation
import PickleCodec
import Testing

/// `PickleValue` by itself: access, changes, equality.
struct PickleValueTests {
    @Test func literalsAndSubscripts() {
        var state: PickleValue = ["players": ["ann": ["score": 10]], "round": 3, 1: [1.5, nil, true]]
        #expect(state["players"]?["ann"]?["score"]?.int == 10)
        state["players"]?["ann"]?["score"] = 11
        state["players"]?["bob"] = ["score": 1]
        #expect(state["players"]?["bob"]?["score"] == 1)
        #expect(state[1.0]?[0] == 1.5)
        #expect(state[true]?[-1]?.bool == true)
        #expect(state[1]?[1]?.isNone == true)
        #expect(state["nothing"] == nil)
        #expect(state["round"]?["nothing"] == nil)
        state["round"] = nil
        #expect(
            state.description == "{'players': {'ann': {'score': 11}, 'bob': {'score': 1}}, 1: [1.5, None, True]}")
    }

    @Test func positionsOutsideOfAListAreNil() {
        var list: PickleValue = [1, [2]]
        let missing = [list[2], list[-3], list[1]?[1], PickleValue.tuple([])[0]]
        #expect(missing.allSatisfy { $0 == Optional.none })
        list[7]?.append(1)
        list[1]?[1]? = 3
        #expect(list == [1, [2]])
        #expect(list[-1]?[0] == 2)
    }

    @Test func equalKeysAreOne() {
        let dict = PickleValue.dict([(1, "a"), (1.0, "b"), (true, "c"), ("é", 1), ("e\u{301}", 2)])
        #expect(dict.count == 3)
        #expect(dict.description == "{1: 'c', 'é': 1, 'e\u{301}': 2}")
        #expect(PickleValue.set([1, 1.0, 2]).description == "{1, 2}")
    }

    /// Pairs and members of a pickle, gone through and by position: few or many, of keys that differ and of equal ones.
    @Test(arguments: [0, 1, 2, 7, 8, 9, 40]) func equalKeysOfAPickleAreOne(count: Int) throws {
        let texts: [[UInt8]] = (0..<count).map { [0x8c, 2, 0x6b, UInt8($0)] }
        let numbers: [[UInt8]] = (0..<count).map { [0x4b, UInt8($0)] }
        let long: [[UInt8]] = (0..<count).map { [0x58, 2, 1, 0, 0] + [UInt8](repeating: UInt8($0), count: 258) }
        for keys in [texts, numbers, long] {
            let values = (0..<count).map { [0x4b, UInt8($0)] as [UInt8] }
            let list = try PickleValue(pickle: [0x80, 4, 0x28] + keys.joined() + [0x6c, 0x2e]).array
            // Each key once, then every third one again with another value.
            let once = zip(keys, values).flatMap { $0 + $1 }
            let again = stride(from: 0, to: count, by: 3).flatMap { keys[$0] + [0x4b, 99] as [UInt8] }
            for (pairs, isChanged) in [(once, false), (once + again, true)] {
                let dict = try PickleValue(pickle: [0x80, 4, 0x7d, 0x28] + pairs + [0x75, 0x2e])
                let expected = (0..<count).map { isChanged && $0 % 3 == 0 ? 99 : $0 }
                var met: [Int?] = []
                for (_, value) in dict.pairs { met.append(value.int) }
                #expect(met == expected)
                #expect(dict.pairs.indices.map { dict.pairs[$0].value.int } == expected)
                #expect(dict.keys == list)
                #expect(dict.count == count)
            }
            let members = keys + stride(from: 0, to: count, by: 3).map { keys[$0] }
            let set = try PickleValue(pickle: [0x80, 4, 0x8f, 0x28] + members.joined() + [0x90, 0x2e])
            var met: [PickleValue] = []
            for member in set.elements { met.append(member) }
            #expect(met == list)
            #expect(set.elements.indices.map { set.elements[$0] } == met)
        }
    }

    @Test func copiesAreIndependent() {
        let one: PickleValue = [1, [2]]
        var other = one
        other[1]?.append(3)
        other.append(4)
        #expect(one == [1, [2]])
        #expect(other == [1, [2, 3], 4])
    }

    /// x = 'ab'; [x, x], {'k': x, 'l': x}: one object in what is written, also when the list or dict has changed.
    @Test func textsStayOneObjectInWhatChanges() throws {
        func count(_ value: PickleValue) throws -> Int { try value.pickled().split(separator: [0x61, 0x62]).count - 1 }
        let text: [UInt8] = [0x8c, 2, 0x61, 0x62, 0x94]
        let again: [UInt8] = [0x68, 0]
        var list = try PickleValue(pickle: [0x80, 4, 0x5d, 0x28] + text + again + [0x65, 0x2e])
        let (k, l): ([UInt8], [UInt8]) = ([0x8c, 1, 0x6b], [0x8c, 1, 0x6c])
        var dict = try PickleValue(pickle: [0x80, 4, 0x7d, 0x28] + k + text + l + again + [0x75, 0x2e])
        #expect(list == ["ab", "ab"] && dict == ["k": "ab", "l": "ab"])
        list.append(1)
        dict["m"] = 1
        #expect(try (count(list), count(dict)) == (1, 1))
        #expect(list.elements.map(\.string) == ["ab", "ab", nil])
    }

    /// A key is found by a text of Swift's and by one of another pickle, however long it is and wherever it stands.
    @Test func textsOfAnyLengthAreOneKey() throws {
        let texts =
            (0..<40).map { String(repeating: "x", count: $0) } + (1..<12).map { String(repeating: "é", count: $0) }
        let pairs = texts.enumerated().map { (PickleValue($1), PickleValue($0)) }
        let made = PickleValue.dict(pairs)
        let read = try PickleValue(pickle: made.pickled())
        #expect(read.pairs.count == texts.count)
        for (number, pair) in read.pairs.enumerated() {
            #expect(pair.key.string == texts[number] && pair.key == pairs[number].0)
            #expect(pair.key.hashValue == pairs[number].0.hashValue)
            #expect(read[texts[number]] == PickleValue(number) && made[pair.key] == PickleValue(number))
            #expect(pair.key.count == texts[number].unicodeScalars.count)
            #expect(pair.key.utf8 == Array(texts[number].utf8))
        }
        #expect(read["y"] == nil && made["y"] == nil)
    }

    @Test func loopsAreLinear() {
        var list: PickleValue = []
        var dict: PickleValue = ["inner": [:]]
        for number in 0..<50_000 {
            list.append(PickleValue(number))
            dict["inner"]?[number] = 1
            dict["inner"]?[number]? = 2
        }
        #expect(list.count == 50_000)
        #expect(dict["inner"]?.count == 50_000)
        for number in 0..<49_999 { dict["inner"]?[number] = nil }
        #expect(dict == ["inner": [49_999: 2]])
    }

    @Test func equality() throws {
        #expect(PickleValue.tuple([1]) != [1])
        #expect(PickleValue.set([1, 2]) == .frozenSet([2, 1]))
        #expect(PickleValue.bytes([1]) == .byteArray([1]))
        #expect(PickleValue(1 << 62) != PickleValue(Double(1 << 62) * 2))
        #expect(PickleValue(UInt64.max) != PickleValue(0x1p64))
        #expect(PickleValue(Double.nan) != PickleValue(Double.nan))
        let holder: PickleValue = [PickleValue(Double.nan)]
        let copy = holder
        #expect(copy == holder)
        #expect(["a": 1, "b": 2] as PickleValue == ["b": 2, "a": 1])
        // The same class in protocols 2 and 4; another one whose full name reads the same.
        let old = try PickleValue(pickle: Array("c__builtin__\nunicode\n.".utf8))
        let new = try PickleValue(pickle: [0x80, 4] + Array("cbuiltins\nstr\n.".utf8))
        #expect(old == new && old.hashValue == new.hashValue)
        #expect(try PickleValue(pickle: Array("ca.b\nc\n.".utf8)) != PickleValue(pickle: Array("ca\nb.c\n.".utf8)))
        #expect(Set<PickleValue>([["a": 1, "b": 2.0], ["b": 2, "a": true]]).count == 1)
    }

    @Test func bytesAreBytesInEveryProtocol() throws {
        for number in 0...5 {
            let pickles = try PythonProcess.pickles(
                of: ["bytearray(b'a\\xff')", "bytearray()", "b'a\\xff'", "b''"], protocol: number)
            let values = try pickles.map { try PickleValue(pickle: $0) }
            #expect(values.map(\.kind) == [.byteArray, .byteArray, .bytes, .bytes], "protocol \(number)")
            #expect(values.map(\.bytes) == [[97, 255], [], [97, 255], []], "protocol \(number)")
            #expect(
                try pickles.map { try PickleDecoder().decode(Data.self, from: $0) }
                    == values.map { Data($0.bytes ?? []) })
        }
        // In another encoding than Latin-1 these would be other bytes.
        let other = Array("c_codecs\nencode\n(V".utf8) + [0xe9] + Array("\nVutf-8\ntR.".utf8)
        #expect(try PickleValue(pickle: other).bytes == nil)
        #expect(failure(Data.self, other).contains("Expected bytes or a bytearray"))
    }

    /// `bytearray()` and a later `extend([1, 2])`: Python makes one of two bytes. It is no empty one.
    @Test(arguments: ["cbuiltins\nbytearray\n)R(K\u{1}K\u{2}e.", "cbuiltins\nbytes\n)RK\u{1}b."])
    func bytesThatSomethingIsDoneToAreObjects(pickle: String) throws {
        let value = try PickleValue(pickle: Array(pickle.utf8))
        let empty = try PickleValue(pickle: Array((pickle.prefix(while: { $0 != "R" }) + "R.").utf8))
        #expect(empty.bytes == [])
        #expect(value.kind == .object && value.bytes == nil)
        #expect(value != empty && value.description != empty.description)
        #expect(throws: PickleError.self) { try value.json() }
        #expect(failure(Data.self, try value.pickled()).contains("Expected bytes or a bytearray"))
        #expect(failure([UInt8].self, try value.pickled()).hasPrefix("typeMismatch"))
    }
}
