import Foundation
import PeerProtocol

/// Every kind of value of the catalogue, judged by a Python that took no part.
enum ValueChecks {
    static let all = [
        Check("values.catalogue", "The catalogue holds at least 60 kinds of values.", run: catalogueSize),
        Check("values.inDict", "Every kind of value crosses in a Dict, in both directions.", run: inDict),
        Check("values.inList", "Every kind of value crosses in a List, in both directions.", run: inList),
        Check("values.inBlock", "Every kind of value crosses in a Block, in both directions.", run: inBlock),
        Check("values.asKeys", "Keys of many types are found by the other side.", run: asKeys),
        Check(
            "values.relayed", "A value that Swift took out of a block and put into another is the same.", run: relayed),
        Check("values.json", "Values given as JSON are what Python makes of the same JSON.", run: json),
    ]

    private static func catalogueSize(_ stage: Stage) throws {
        let entries = try stage.judge.catalogue()
        try stage.expect(entries.count >= 60, "the catalogue has \(entries.count) entries")
        try stage.expect(Set(entries.map(\.name)).count, entries.count, "distinct names")
    }

    private static func inDict(_ stage: Stage) throws {
        let entries = try stage.judge.catalogue()
        for (writer, reader) in try stage.pairs() {
            let name = stage.name()
            try writer.ok("dict.len", name, options: ["capacity": 400_000])
            for entry in entries {
                try writer.ok("dict.set", name, key: .json(.string(entry.name)), value: entry.value)
            }
            for entry in entries {
                let found = try reader.value("dict.get", name, key: .json(.string(entry.name)))
                try stage.expect(found, equals: entry.value, "\(entry.expression), from \(writer) to \(reader)")
            }
            let keys = JSON.array(entries.map { .string($0.name) })
            try stage.expect(try reader.value("dict.keys", name), equals: .json(keys), "keys in order, by \(reader)")
        }
    }

    private static func inList(_ stage: Stage) throws {
        let entries = try stage.judge.catalogue()
        for (writer, reader) in try stage.pairs() {
            let name = stage.name()
            try writer.ok("list.len", name, options: ["capacity": 400_000])
            for entry in entries {
                try writer.ok("list.append", name, value: entry.value)
            }
            for (index, entry) in entries.enumerated() {
                let found = try reader.value("list.get", name, options: ["index": .int(index)])
                try stage.expect(found, equals: entry.value, "\(entry.expression), from \(writer) to \(reader)")
            }
            try stage.expect(try reader.ok("list.len", name), .int(entries.count), "count, by \(reader)")
        }
    }

    private static func inBlock(_ stage: Stage) throws {
        let entries = try stage.judge.catalogue()
        for (writer, reader) in try stage.pairs() {
            let name = stage.name()
            for entry in entries {
                try writer.ok("block.set", name, value: entry.value, options: ["size": 150_000])
                let found = try reader.value("block.get", name, options: ["size": 150_000])
                try stage.expect(found, equals: entry.value, "\(entry.expression), from \(writer) to \(reader)")
            }
        }
    }

    private static let keys = [
        "'text'", "''", "'\\u00e9'", "'e\\u0301'", "'\\U0001F680'", "'\\ud800'", "0", "-1", "2**31", "2**63", "2**64",
        "-(2**200)", "1.5", "-0.5", "1e300", "math.inf", "None", "b''", "b'text'", "()", "(1,)",
        "(1, 'a', (2.5, None))",
        "('text',)", "frozenset()", "frozenset({1, 'a'})", "datetime.date(2024, 2, 29)", "decimal.Decimal('2.50')",
        "uuid.UUID(int=7)", "shapes.Coordinate(1, 2)", "shapes.Color.RED", "shapes.Point(1.0, 2.0)", "int", "...",
    ]

    private static func asKeys(_ stage: Stage) throws {
        for (writer, reader) in try stage.pairs() {
            let name = stage.name()
            for (index, key) in keys.enumerated() {
                try writer.ok("dict.set", name, key: try stage.judge.value(of: key), value: .json(.int(index)))
            }
            for (index, expression) in keys.enumerated() {
                let key = try stage.judge.value(of: expression)
                let what = "the value of \(expression), from \(writer) to \(reader)"
                try stage.expect(try reader.value("dict.get", name, key: key), equals: .json(.int(index)), what)
                try reader.ok("dict.set", name, key: key, value: .json(.int(-index)))
            }
            let all = "[" + keys.joined(separator: ", ") + "]"
            try stage.expect(try writer.value("dict.keys", name), is: all, "keys, set again by \(reader)")
            for expression in keys {
                try writer.ok("dict.delete", name, key: try stage.judge.value(of: expression))
            }
            try stage.expect(try reader.ok("dict.len", name), 0, "count after \(writer) deleted every key")
        }
    }

    private static func relayed(_ stage: Stage) throws {
        let (swift, python) = (try stage.swift(), try stage.python())
        let (source, target) = (stage.name("source"), stage.name("target"))
        for peer in [python, swift] {
            for name in [source, target] { try peer.ok("dict.len", name, options: ["capacity": 400_000]) }
        }
        for entry in try stage.judge.catalogue() {
            let key = Value.json(.string(entry.name))
            try python.ok("dict.set", source, key: key, value: entry.value)
            try swift.ok("dict.set", target, key: key, value: try swift.value("dict.get", source, key: key))
            let found = try python.value("dict.get", target, key: key)
            try stage.expect(found, equals: entry.value, "\(entry.expression), relayed by Swift")
        }
    }

    private static func json(_ stage: Stage) throws {
        let swift = try stage.swift()
        let name = stage.name()
        let documents: [(Value, String)] = [
            (1, "1"), (1.0, "1.0"), (-0.0, "-0.0"), (true, "True"), (nil, "None"), (1e300, "1e300"),
            ("\u{1F680}\"\\\n\u{7f}", #"'\U0001F680"\\\n\x7f'"#), ([1, 1.0, "1"], "[1, 1.0, '1']"),
            (["k": ["k": []]], "{'k': {'k': []}}"), (.json(.int(Int.max)), "2**63 - 1"), ([:], "{}"), ([], "[]"),
        ]
        for (document, expression) in documents {
            try swift.ok("block.set", name, value: document)
            try stage.expect(try swift.value("block.get", name), is: expression, "what Swift makes of \(document.json)")
        }
    }
}
