import Foundation
import PeerProtocol

/// The canonical layout: byte for byte what Python would have written.
enum LayoutChecks {
    static let all = [
        Check("layout.dict", "A canonical Dict has Python's bytes after the same operations.", run: dict),
        Check("layout.list", "A canonical List has Python's bytes after the same operations.", run: list),
        Check("layout.block", "A Block has Python's bytes for every value.", run: block),
    ]

    /// Values with all that Python shares by itself: short texts, classes, the keys of one JSON text.
    private static let texts: [Value] = [
        nil, 1, -1, 1.5, "", "a", "é", "text", [], ["a", ["a", 300]], ["a": 1, "b": ["a": "b"]],
        ["p1": ["score": 1, "level": 2], "p2": ["score": 2, "level": 3]], [["score": 1], ["score": 2]],
    ]
    /// Of `collections` only those that have one string for the module's name in every Python.
    private static let expressions = [
        "2**70", "'\\ud800'", "b''", "b'x'", "b'xyz'", "(1, 'a')", "()", "{5}", "frozenset([3])",
        "(lambda l: [l, l])([1])",
        "decimal.Decimal('1.5')", "datetime.timedelta(3)", "datetime.datetime(2020, 1, 2)",
        "collections.OrderedDict(a=1)", "collections.Counter('aab')",
        "'x' * 300", "bytearray(b'zz')",
    ]
    private static let keys = ["'a'", "'key'", "1", "(1, 'x')", "None", "2.5"]

    private static func values(_ stage: Stage) throws -> [Value] {
        try texts + expressions.map { try stage.judge.value(of: $0) }
    }

    /// Does the same with both, and compares the segments.
    private static func compare(_ stage: Stage, capacity: Int, _ next: (inout SeededGenerator) throws -> Request) throws
    {
        let (swift, python) = (try stage.swift(), try stage.python())
        let (ours, theirs) = (stage.name("swift"), stage.name("python"))
        for step in 1...80 {
            var request = try next(&stage.random)
            request.fields["capacity"] = .int(capacity)
            request.fields["layout"] = "canonical"
            request.fields["name"] = .string(theirs)
            let expected = try python.answer(request)
            request.fields["name"] = .string(ours)
            let found = try swift.answer(request)
            if case .ok = expected, case .error = found {
                throw CheckFailure("step \(step), \(request): \(found)")
            }
            let (bytes, model) = (try SharedMemory.bytes(ours), try SharedMemory.bytes(theirs))
            guard bytes != model else { continue }
            throw CheckFailure(
                "step \(step), \(request): Python's \(model.count) bytes are \(text(model)), "
                    + "Swift's \(bytes.count) are \(text(bytes))")
        }
    }

    private static func text(_ bytes: Data) -> String {
        let used = bytes[..<((bytes.lastIndex { $0 != 0 } ?? -1) + 1)]
        return used.prefix(400).map { String($0, radix: 16).leftPadded(to: 2) }.joined()
    }

    private static func dict(_ stage: Stage) throws {
        let values = try values(stage)
        let keys = try keys.map { try stage.judge.value(of: $0) }
        let whole = try stage.judge.value(of: "(lambda l: {'a': l, 'new': l, 'b': 'new'})([1])")
        for capacity in [64, 65536] {
            try compare(stage, capacity: capacity) { random in
                let key = keys.randomElement(using: &random)
                let value = values.randomElement(using: &random)
                return switch Int.random(in: 0..<12, using: &random) {
                case 0: Request("dict.delete", key: key)
                case 1: Request("dict.pop", key: key)
                case 2: Request("dict.setdefault", key: key, value: value)
                case 3: Request("dict.update", value: texts.last { $0.isObject })
                case 4: Request("dict.update", value: whole)
                case 5: Request("dict.replace", value: Bool.random(using: &random) ? whole : texts[10])
                default: Request("dict.set", key: key, value: value)
                }
            }
        }
    }

    private static func list(_ stage: Stage) throws {
        let values = try values(stage)
        let whole = try stage.judge.value(of: "(lambda l: [l, 'new', l, 'new'])([1])")
        for capacity in [64, 65536] {
            try compare(stage, capacity: capacity) { random in
                let value = values.randomElement(using: &random)
                let index = JSON.int(Int.random(in: -4..<4, using: &random))
                return switch Int.random(in: 0..<10, using: &random) {
                case 0: Request("list.delete", options: ["index": index])
                case 1: Request("list.pop", options: ["index": index])
                case 2: Request("list.set", value: value, options: ["index": index])
                case 3: Request("list.insert", value: value, options: ["index": index])
                case 4: Request("list.extend", value: texts.last)
                case 5: Request("list.extend", value: whole)
                case 6: Request("list.replace", value: whole)
                default: Request("list.append", value: value)
                }
            }
        }
    }

    private static func block(_ stage: Stage) throws {
        let (swift, python) = (try stage.swift(), try stage.python())
        let (ours, theirs) = (stage.name("swift"), stage.name("python"))
        for value in try values(stage) {
            try swift.ok("block.set", ours, value: value)
            try python.ok("block.set", theirs, value: value)
            try stage.expect(
                text(try SharedMemory.bytes(ours)), text(try SharedMemory.bytes(theirs)),
                "the Block's bytes for \(value)")
        }
    }
}

extension Value {
    fileprivate var isObject: Bool {
        if case .json(.object) = self { true } else { false }
    }
}

extension String {
    fileprivate func leftPadded(to count: Int) -> String {
        String(repeating: "0", count: max(count - self.count, 0)) + self
    }
}
