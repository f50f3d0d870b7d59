import Foundation
import PickleCodec
import Testing

@testable import Rememory

/// Random operations by several Swift handles and Python on dicts and lists of whatever Python can hold. A Python
/// process keeps the model; after every operation both of its unpicklers must build the model from the segment, and all
/// handles must read the same.
@Suite struct MixedContentTests {
    /// Python expressions of keys: equal ones of different types and spellings among them.
    private static let keys = [
        "1", "1.0", "True", "0", "False", "-0.0", "2**70", "float(2**70)", "1.5", "None", "'a'", "'é'", "'e\\u0301'",
        "'\\ud800'", "b'a'", "'k' * 300", "(1, 'a')", "(1.0, 'a')", "(True, ('a', None))", "()", "frozenset([1, 2])",
        "frozenset([2.0, True])", "datetime.date(2026, 1, 2)", "'x'", "'y'", "-7", "70000", "'player1'", "'player2'",
    ]
    private static let values = [
        "0", "7", "300", "70_000", "-5", "1 << 40", "-(1 << 63)", "1 << 200", "1.5", "float('inf')", "True", "None",
        "'a'", "'text' * 20", "'\\ud800'", "b'bytes'", "bytearray(b'abc')", "[]", "[1, [2, [3]]]", "(1, 'a')", "{}",
        "{'score': 17, 'level': 3}", "{'score': 18, 'level': 3, 'friend': 'player1'}", "decimal.Decimal('1.10')",
        "datetime.datetime(2026, 11, 22, tzinfo=datetime.timezone.utc)", "[SHARED, SHARED, 'shared']", "LOOP",
        "collections.OrderedDict([('b', 1), ('a', SHARED)])", "uuid.UUID(int=7)", "{5}", "range(3)", "1 + 2j",
        "'z' * 1500", "list(range(300))",
    ]
    private static let globals = """
        import collections, datetime, decimal, uuid
        SHARED = ['shared', 1]
        LOOP = [1]; LOOP.append(LOOP)
        """

    /// A Python process with a block, Swift handles on it, and random numbers.
    private struct Stage<Handle> {
        let block: UniqueBlock
        let python: PythonReader
        let handles: [Handle]
        let seed: UInt64
        var random: SeededGenerator

        init(_ kind: String, _ open: (String) throws -> [Handle]) throws {
            block = try UniqueBlock("mixed")
            python = try PythonReader()
            handles = try open(block.string)
            seed = .random(in: 0 ... .max)
            random = SeededGenerator(seed)
            try python.write(block.segmentPath, "exec(\(MixedContentTests.literal(globals)), GLOBALS) or \(kind)()")
            try python.expect(block.segmentPath, "model = \(kind)()")
        }

        mutating func pick<T>(_ elements: [T]) -> T { elements[Int.random(in: elements.indices, using: &random)] }

        /// An expression, and what Python makes of it.
        mutating func value(_ expressions: [String]) throws -> (code: String, value: PickleValue) {
            let code = pick(expressions)
            let pickle = try #require(Data(base64Encoded: try python.pickle(code)))
            return (code, try PickleValue(pickle: Array(pickle)))
        }
    }

    private static func literal(_ text: String) -> String { "'''" + text + "'''" }

    typealias Dict = RememoryDict<PickleValue, PickleValue>

    @Test(arguments: [(100, 64), (180, 300), (180, 4096), (100, 65536)], [RememoryLayout.journal, .canonical])
    func dictsAgreeAfterEveryOperation(size: (Int, Int), layout: RememoryLayout) throws {
        let (steps, capacity) = size
        var stage = try Stage("dict") { name in
            [
                try Dict(name, capacity: capacity, layout: layout), try Dict(name, layout: .journal),
                try Dict(name, layout: layout),
            ]
        }
        defer { stage.block.removeAll() }
        for step in 0..<steps {
            let dict = stage.pick(stage.handles)
            let statement = try change(dict, &stage)
            let comment: Comment = "seed \(stage.seed), step \(step), capacity \(capacity), \(layout): \(statement)"
            do {
                try stage.python.expect(stage.block.segmentPath, statement)
            } catch {
                Issue.record("\(error)", severity: .error)
                throw PythonReader.Failure(description: "\(comment)")
            }
            let first = try stage.handles[0].snapshot()
            for other in stage.handles.dropFirst() {
                let pairs = try other.snapshot()
                try #require(pairs.map { $0.key.repr() } == first.map { $0.key.repr() }, comment)
                try #require(pairs.map { $0.value.repr() } == first.map { $0.value.repr() }, comment)
                for (key, value) in first { try #require(try other[key]?.repr() == value.repr(), comment) }
            }
        }
    }

    /// Does something to a dict, and says what Python calls it.
    private func change(_ dict: Dict, _ stage: inout Stage<Dict>) throws -> String {
        let (key, keyValue) = try stage.value(MixedContentTests.keys)
        let (value, newValue) = try stage.value(MixedContentTests.values)
        switch Int.random(in: 0..<17, using: &stage.random) {
        case 0...5:
            try dict.set(newValue, for: keyValue)
            return "model[\(key)] = \(value)"
        case 6, 7:
            try dict.removeValue(for: keyValue)
            return "model.pop(\(key), None)"
        case 8:
            let (other, otherValue) = try stage.value(MixedContentTests.keys)
            let pairs: [(key: PickleValue, value: PickleValue)] = [
                (keyValue, newValue), (otherValue, 1), (keyValue, 2),
            ]
            try dict.merge(pairs)
            return "model[\(key)] = \(value); model[\(other)] = 1; model[\(key)] = 2"
        case 9:
            try dict.transaction { tx in
                try tx.removeValue(for: keyValue)
                try tx.set(newValue, for: keyValue)
                try tx.set(7, for: "moved")
            }
            return "model.pop(\(key), None); model[\(key)] = \(value); model['moved'] = 7"
        case 10 where try !dict.isEmpty:
            _ = try dict.popItem()
            return "model.popitem()"
        case 11:
            _ = try dict.setDefault(newValue, for: keyValue)
            return "model.setdefault(\(key), \(value))"
        case 12:
            try dict.update(keyValue) { value in
                value = if case .none = value { newValue } else { PickleValue?.none }
            }
            return "model.pop(\(key)) if \(key) in model else model.__setitem__(\(key), \(value))"
        case 13 where Bool.random(using: &stage.random):
            try dict.clear()
            return "model.clear()"
        case 14, 15:
            _ = try dict.count  // Python changes the segment that has the name
            let statement = "[\(key)] = \(value)"
            try stage.python.change(stage.block.segmentPath, "value\(statement)")
            return "model\(statement)"
        default:
            _ = try dict.count
            try stage.python.change(stage.block.segmentPath, "value.pop(\(key), None); value['python'] = \(value)")
            return "model.pop(\(key), None); model['python'] = \(value)"
        }
    }

    typealias List = RememoryList<PickleValue>

    @Test(arguments: [(100, 64), (180, 300), (180, 4096)], [RememoryLayout.journal, .canonical])
    func listsAgreeAfterEveryOperation(size: (Int, Int), layout: RememoryLayout) throws {
        let (steps, capacity) = size
        var stage = try Stage("list") { name in
            [
                try List(name, capacity: capacity, layout: layout), try List(name, layout: .journal),
                try List(name, layout: layout),
            ]
        }
        defer { stage.block.removeAll() }
        for step in 0..<steps {
            let statement = try change(stage.pick(stage.handles), &stage)
            let comment: Comment = "seed \(stage.seed), step \(step), capacity \(capacity), \(layout): \(statement)"
            do {
                try stage.python.expect(stage.block.segmentPath, statement)
            } catch {
                Issue.record("\(error)", severity: .error)
                throw PythonReader.Failure(description: "\(comment)")
            }
            let first = try stage.handles[0].items().map { $0.repr() }
            for other in stage.handles.dropFirst() {
                try #require(try other.items().map { $0.repr() } == first, comment)
                for index in first.indices { try #require(try other[index].repr() == first[index], comment) }
            }
        }
    }

    private func change(_ list: List, _ stage: inout Stage<List>) throws -> String {
        let (value, newValue) = try stage.value(MixedContentTests.values)
        let count = try list.count
        let index = Int.random(in: 0...count, using: &stage.random)
        switch Int.random(in: 0..<13, using: &stage.random) {
        case 0...2:
            try list.append(newValue)
            return "model.append(\(value))"
        case 3 where count > 0, 4 where count > 0:
            try list.set(newValue, at: index - 1)
            return "model[\(index - 1)] = \(value)"
        case 5:
            try list.insert(newValue, at: index)
            return "model.insert(\(index), \(value))"
        case 6 where count > 0, 7 where count > 0:
            try list.delete(at: index - 1)
            return "del model[\(index - 1)]"
        case 8:
            try list.append(contentsOf: [newValue, 1, newValue])
            return "model.extend([\(value), 1, \(value)])"
        case 9:
            try list.replace(from: index - 1, to: index, with: [newValue])
            return "model[\(index - 1):\(index)] = [\(value)]"
        case 10:
            try list.reverse()
            return "model.reverse()"
        default:
            try stage.python.change(stage.block.segmentPath, "value.append(\(value)); value.insert(0, 'python')")
            return "model.append(\(value)); model.insert(0, 'python')"
        }
    }

    /// Contents around the sizes at which a stamp, a head or nothing more has room.
    @Test func everySizeOfSegmentWorks() throws {
        let python = try PythonReader()
        for capacity in Array(5...140) + [4095, 4096, 4097] {
            let block = try UniqueBlock("sizes")
            defer { block.removeAll() }
            let dict = try RememoryDict<String, String>(block.string, capacity: capacity)
            let other = try RememoryDict<String, String>(block.string)
            var model = ""
            // A Python pickle that fills the segment to the last byte, where it can.
            let room = capacity - 24
            if room > 0, room < 250 {
                try python.write(block.segmentPath, "{'p': 'x' * \(room - 1)}")
                #expect(try dict["p"]?.count == room - 1, "capacity \(capacity)")
                #expect(try other["p"]?.count == room - 1, "capacity \(capacity)")
                model = "'p': '\(String(repeating: "x", count: room - 1))'"
            }
            for step in 0..<6 {
                try (step % 2 == 0 ? dict : other).set("v\(step)", for: "k\(step / 2)")
                let pairs = (0...step / 2).map { "'k\($0)': 'v\(min(2 * $0 + 1, step))'" }
                let expected = ([model].filter { !$0.isEmpty } + pairs).joined(separator: ", ")
                #expect(try python.read(block.segmentPath) == "{\(expected)}", "capacity \(capacity), step \(step)")
                #expect(try dict.count == other.count, "capacity \(capacity), step \(step)")
            }
        }
    }

    /// A NaN equals nothing, itself included: each one set is a new key, and none can be found.
    @Test func everyNotANumberIsAKeyOfItsOwn() throws {
        let block = try UniqueBlock("nan")
        defer { block.removeAll() }
        let python = try PythonReader()
        let dict = try RememoryDict<PickleValue, Int>(block.string)
        let other = try RememoryDict<PickleValue, Int>(block.string)
        for number in 0..<3 {
            try dict.set(number, for: PickleValue(Double.nan))
            try dict.set(number, for: .tuple([1, PickleValue(Double.nan)]))
        }
        #expect(try dict[PickleValue(Double.nan)] == nil)
        let expected = (0..<3).map { "nan: \($0), (1, nan): \($0)" }.joined(separator: ", ")
        #expect(try python.read(block.segmentPath) == "{\(expected)}")
        #expect(try other.count == 6)
        #expect(try other.popItem().value == 2)
        #expect(try other.popItem().value == 2)
        #expect(try dict.count == 4)
        #expect(try python.read(block.segmentPath) == "{nan: 0, (1, nan): 0, nan: 1, (1, nan): 1}")
    }
}
