import Foundation
import PeerProtocol

/// Every type of block, in both directions.
enum BlockChecks {
    static let all = [
        Check("blocks.int", "Integers of every width cross in both directions.", run: int),
        Check("blocks.float", "Floats of both widths cross in both directions.", run: float),
        Check("blocks.bool", "Booleans cross in both directions.", run: bool),
        Check("blocks.string", "Strings of every size cross in both directions.", run: string),
        Check("blocks.block", "Blocks hold any value, in both directions.", run: block),
        Check("blocks.blockSizes", "Blocks are read by openers that ask for more or less.", run: blockSizes),
        Check("blocks.dict", "Dicts cross in both directions.", run: dict),
        Check("blocks.list", "Lists cross in both directions.", run: list),
        Check("blocks.lock", "A lock held by one side keeps the other out, with a timeout.", run: lock),
    ]

    private static func int(_ stage: Stage) throws {
        let bounds: [(String, [String])] = [
            ("INT8", ["-128", "127"]), ("UINT8", ["0", "255"]), ("INT16", ["-2**15", "2**15-1"]),
            ("UINT16", ["0", "2**16-1"]), ("INT32", ["-2**31", "2**31-1"]), ("UINT32", ["0", "2**32-1"]),
            ("INT64", ["-2**63", "2**63-1"]), ("UINT64", ["0", "2**64-1"]),
        ]
        for (writer, reader) in try stage.pairs() {
            for (format, expressions) in bounds {
                let name = stage.name(format)
                let options = ["format": JSON.string(format)]
                for expression in expressions + ["1", "0"] {
                    let value = try stage.judge.value(of: expression)
                    try writer.ok("int.set", name, value: value, options: options)
                    let found = try reader.value("int.get", name, options: options)
                    try stage.expect(found, is: expression, "\(format) from \(writer) to \(reader)")
                }
                try writer.ok("int.add", name, value: 5, options: options)
                try stage.expect(try reader.value("int.add", name, value: 7), equals: 12, "\(format), added by both")
            }
        }
    }

    private static func float(_ stage: Stage) throws {
        let values = ["0.5", "-0.0", "math.inf", "-math.inf", "math.nan", "-2.25", "65504.0"]
        for (writer, reader) in try stage.pairs() {
            for (format, more) in [("FLOAT32", []), ("FLOAT64", ["0.1", "5e-324", "1.7976931348623157e308"])] {
                let name = stage.name(format)
                let options = ["format": JSON.string(format)]
                for expression in values + more {
                    try writer.ok("float.set", name, value: try stage.judge.value(of: expression), options: options)
                    let found = try reader.value("float.get", name, options: options)
                    try stage.expect(found, is: expression, "\(format) from \(writer) to \(reader)")
                }
                try writer.ok("float.set", name, value: 1.5)
                try reader.ok("float.add", name, value: 0.25)
                try stage.expect(
                    try writer.value("float.add", name, value: 1), equals: 2.75, "\(format), added by both")
            }
        }
    }

    private static func bool(_ stage: Stage) throws {
        for (writer, reader) in try stage.pairs() {
            let name = stage.name()
            try stage.expect(try reader.value("bool.get", name), equals: false, "a new Bool")
            for value in [true, false, true] {
                try writer.ok("bool.set", name, value: .json(.bool(value)))
                let found = try reader.value("bool.get", name)
                try stage.expect(found, equals: .json(.bool(value)), "Bool from \(writer) to \(reader)")
            }
        }
        let name = stage.name("odd")
        try SharedMemory.plant(name, Data([0x42]), size: 1)
        for peer in [try stage.swift(), try stage.python()] {
            try stage.expect(try peer.value("bool.get", name), equals: true, "a Bool of 0x42, read by \(peer)")
        }
    }

    private static func string(_ stage: Stage) throws {
        for (writer, reader) in try stage.pairs() {
            for size in [64, 256, 32768] {
                let name = stage.name()
                let options = ["size": JSON.int(size)]
                try stage.expect(try reader.value("string.get", name, options: options), equals: "", "a new String")
                let texts = [
                    "hello", "", "Grüße e\u{301} \u{1F469}\u{200D}\u{1F680}", String(repeating: "x", count: size),
                ]
                for text in texts {
                    try writer.ok("string.set", name, value: .json(.string(text)), options: options)
                    let found = try reader.value("string.get", name, options: options)
                    try stage.expect(found, equals: .json(.string(text)), "String \(size) from \(writer) to \(reader)")
                }
            }
        }
    }

    private static func block(_ stage: Stage) throws {
        let expressions = ["{'a': [1, 2]}", "None", "(1, 'two', b'3')", "shapes.Player('Ada')", "'x' * 900", "0"]
        for (writer, reader) in try stage.pairs() {
            let name = stage.name()
            let options = ["size": JSON.int(1024)]
            try stage.expect(try reader.value("block.get", name, options: options), equals: nil, "a new Block")
            for expression in expressions {
                try writer.ok("block.set", name, value: try stage.judge.value(of: expression), options: options)
                let found = try reader.value("block.get", name, options: options)
                try stage.expect(found, is: expression, "Block from \(writer) to \(reader)")
            }
        }
    }

    private static func blockSizes(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        let text = String(repeating: "y", count: 700)
        try python.ok("block.set", name, value: .json(.string(text)), options: ["size": 1024])
        for size in [JSON.int(128), JSON.int(8192)] {
            let opener = try stage.swift()
            let found = try opener.value("block.get", name, options: ["size": size])
            try stage.expect(found, equals: .json(.string(text)), "a Block of 1024, opened by Swift with \(size)")
        }
        try swift.ok("block.set", name, value: "short")
        try stage.expect(try python.value("block.get", name), equals: "short", "the Block, written by Swift")
        try stage.expect(SharedMemory.attributes(SharedMemory.segmentPath(name)).size, 1024, "size of the segment")
        let narrow = try stage.python()
        let short = try narrow.value("block.get", name, options: ["size": 64])
        try stage.expect(short, equals: "short", "the Block, read by a Python that asks for 64 bytes")
    }

    private static func dict(_ stage: Stage) throws {
        for (writer, reader) in try stage.pairs() {
            let name = stage.name()
            try writer.ok("dict.set", name, key: "a", value: 1)
            try writer.ok("dict.update", name, value: ["b": [2, "two"], "c": nil])
            try stage.expect(try reader.ok("dict.len", name), 3, "count, from \(writer) to \(reader)")
            try stage.expect(try reader.ok("dict.contains", name, key: "b"), true, "whether b is in, read by \(reader)")
            try stage.expect(
                try reader.ok("dict.contains", name, key: "z"), false, "whether z is in, read by \(reader)")
            try stage.expect(try reader.value("dict.get", name, key: "b"), equals: [2, "two"], "b, read by \(reader)")
            try reader.ok("dict.delete", name, key: "a")
            try writer.fails(with: "keyNotFound", at: "dict.get", name, key: "a")
            try writer.fails(with: "keyNotFound", at: "dict.delete", name, key: "a")
            try writer.fails(with: "keyNotFound", at: "dict.pop", name, key: "a")
            try stage.expect(
                try reader.value("dict.pop", name, key: "b"), equals: [2, "two"], "b, popped by \(reader)")
            try stage.expect(
                try writer.value("dict.setdefault", name, key: "c", value: 9), equals: nil, "c, by default")
            try stage.expect(try writer.value("dict.setdefault", name, key: "d", value: 9), equals: 9, "d, by default")
            try stage.expect(try reader.value("dict.add", name, key: "n", options: ["by": 5]), equals: 5, "n")
            try stage.expect(try writer.value("dict.add", name, key: "n", options: ["by": -7]), equals: -2, "n")
            try stage.expect(try reader.value("dict.add", name, key: "n", options: ["by": 0.5]), equals: -1.5, "n")
            try stage.expect(
                try reader.value("dict.items", name), is: "[('c', None), ('d', 9), ('n', -1.5)]", "items, by \(reader)")
            try writer.ok("dict.replace", name, value: ["only": true])
            try stage.expect(try reader.value("dict.keys", name), equals: ["only"], "keys after replacing")
            try reader.ok("dict.clear", name)
            try stage.expect(try writer.ok("dict.len", name), 0, "count after clearing")
        }
    }

    private static func list(_ stage: Stage) throws {
        for (writer, reader) in try stage.pairs() {
            let name = stage.name()
            try writer.ok("list.extend", name, value: [1, 2, 3])
            try reader.ok("list.append", name, value: ["four"])
            try writer.ok("list.insert", name, value: 0, options: ["index": 0])
            try reader.ok("list.insert", name, value: "last", options: ["index": 99])
            try writer.ok("list.insert", name, value: "early", options: ["index": -99])
            try stage.expect(
                try reader.value("list.items", name), equals: ["early", 0, 1, 2, 3, ["four"], "last"],
                "items, by \(reader)")
            try writer.ok("list.set", name, value: 33, options: ["index": -3])
            try stage.expect(try reader.value("list.get", name, options: ["index": 4]), equals: 33, "item 4")
            try reader.ok("list.delete", name, options: ["index": 0])
            try stage.expect(try writer.value("list.pop", name), equals: "last", "the last, popped by \(writer)")
            try stage.expect(try reader.value("list.pop", name, options: ["index": 1]), equals: 1, "item 1, popped")
            try stage.expect(
                try writer.value("list.pop", name, options: ["index": -1]), equals: ["four"], "item -1, popped")
            for index in [3, -4, Int.max, Int.min] {
                for operation in ["list.get", "list.delete", "list.pop"] {
                    try writer.fails(with: "indexOutOfRange", at: operation, name, options: ["index": .int(index)])
                }
                try reader.fails(
                    with: "indexOutOfRange", at: "list.set", name, value: 1, options: ["index": .int(index)])
            }
            try stage.expect(try reader.value("list.items", name), equals: [0, 2, 33], "items, by \(reader)")
            try writer.ok("list.replace", name, value: [[]])
            try stage.expect(try reader.ok("list.len", name), 1, "count after replacing")
            try reader.ok("list.clear", name)
            try stage.expect(try writer.ok("list.len", name), 0, "count after clearing")
            try writer.fails(with: "indexOutOfRange", at: "list.pop", name)
        }
    }

    private static func lock(_ stage: Stage) throws {
        for (holder, other) in try stage.pairs() {
            let name = stage.name()
            try other.ok("dict.set", name, key: "a", value: 1)
            try holder.ok("lock.acquire", name)
            try holder.ok("dict.set", name, key: "a", value: 2)
            let options = ["timeout": JSON.double(0.05)]
            try other.fails(with: "lockTimeout", at: "dict.get", name, key: "a", options: options)
            try other.fails(with: "lockTimeout", at: "dict.set", name, key: "a", value: 3, options: options)
            try other.fails(with: "lockTimeout", at: "lock.acquire", name, options: options)
            other.send(Request("dict.get", name, key: "a"))
            try holder.ok("lock.release", name)
            let waited = try other.reply()
            guard case .ok(let found) = waited, let value = Value(reply: found) else {
                throw CheckFailure("\(other), which waited for the lock, answered \(waited)")
            }
            try stage.expect(value, equals: 2, "what \(other) read after waiting")
            try other.ok("lock.acquire", name)
            try other.ok("lock.release", name)
        }
    }
}
