import Foundation
import PeerProtocol

/// Processes come and go; the block stays.
enum LifetimeChecks {
    static let all = [
        Check("lifetime.pythonExit", "A Python that attaches and exits takes nothing with it.", run: pythonExit),
        Check("lifetime.pythonExits", "Many Pythons that come and go lose nothing.", run: pythonExits),
        Check("lifetime.scalarsOutlive", "Every type of block outlives a Python that exits.", run: scalars),
        Check("lifetime.swiftExit", "A Swift process that exits leaves the block to Python.", run: swiftExit),
        Check("lifetime.attach", "Attaching from Swift and looking once changes no byte.", run: attach),
        Check("lifetime.unlink", "Unlinking from Swift removes the block.", run: unlink),
        Check("lifetime.reopen", "A block that was closed is found again as it was.", run: reopen),
    ]

    private static func pythonExit(_ stage: Stage) throws {
        let name = stage.name()
        let swift = try stage.swift()
        try swift.ok("dict.set", name, key: "from Swift", value: 1)
        let (python, staying) = (try stage.python(), try stage.python())
        try python.ok("dict.set", name, key: "from Python", value: 2)
        try staying.ok("dict.len", name)
        try python.process.finish()
        try swift.ok("dict.set", name, key: "after", value: 3)
        let expected = "[('from Swift', 1), ('from Python', 2), ('after', 3)]"
        for peer in [swift, staying, try stage.python(), try stage.swift()] {
            try stage.expect(
                try peer.value("dict.items", name), is: expected, "items after a Python's exit, by \(peer)")
        }
        try staying.ok("dict.set", name, key: "stayed", value: 4)
        try stage.expect(
            try swift.ok("dict.contains", name, key: "stayed"), true, "whether Swift sees the Python that stayed")
    }

    private static func pythonExits(_ stage: Stage) throws {
        let name = stage.name()
        let swift = try stage.swift()
        try swift.ok("list.len", name)
        for round in 0..<8 {
            let python = try stage.python()
            try python.ok("list.append", name, value: .json(.int(2 * round)))
            // Swift writes while the Python ends, and while the process that cleans up after it takes the name away.
            python.process.endInput()
            for _ in 0..<20 { try swift.ok("list.len", name) }
            try swift.ok("list.append", name, value: .json(.int(2 * round + 1)))
            try python.process.waitUntilGone()
            try stage.expect(try swift.ok("list.len", name), .int(2 * round + 2), "count in round \(round)")
        }
        let items = try stage.judge.integers(in: try (try stage.python()).value("list.items", name))
        try stage.expect(items, Array(0..<16), "items after eight exits")
    }

    private static func scalars(_ stage: Stage) throws {
        let writes: [(type: String, value: Value)] = [
            ("int", 7), ("float", 1.5), ("bool", true), ("string", "text"), ("block", ["a": 1]),
        ]
        let (swift, python) = (try stage.swift(), try stage.python())
        let names = writes.map { stage.name($0.type) }
        for (write, name) in zip(writes, names) {
            try swift.ok("\(write.type).get", name)
            try python.ok("\(write.type).set", name, value: write.value)
        }
        try python.process.finish()
        let newcomer = try stage.python()
        for (write, name) in zip(writes, names) {
            let kept = try swift.value("\(write.type).get", name)
            try stage.expect(kept, equals: write.value, "\(write.type) after a Python's exit")
            let found = try newcomer.value("\(write.type).get", name)
            try stage.expect(found, equals: write.value, "\(write.type) after a Python's exit, by a new Python")
        }
    }

    private static func swiftExit(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        try swift.ok("dict.set", name, key: "a", value: 1)
        try python.ok("dict.set", name, key: "b", value: 2)
        let before = try SharedMemory.identity(name)
        try swift.process.finish()
        try stage.expect(try SharedMemory.identity(name), before, "the segment's inode after a Swift process exited")
        try python.ok("dict.set", name, key: "c", value: 3)
        let expected = "[('a', 1), ('b', 2), ('c', 3)]"
        for peer in [python, try stage.swift()] {
            try stage.expect(try peer.value("dict.items", name), is: expected, "items after a Swift process exited")
        }
        let other = stage.name("alone")
        let alone = try stage.swift()
        try alone.ok("list.append", other, value: "left")
        try alone.process.finish()
        try stage.expect(try python.value("list.items", other), equals: ["left"], "a List whose only process exited")
        // One more Swift process has the first block open, and guards it.
        let guarded = [name, "sem.rememorydict_\(name)", ".rememory\u{A7}\(name)", ".rmsem\u{A7}\(name)"]
        let rest = SharedMemory.names(containing: name).filter { !guarded.contains($0) }
        try stage.expect(rest, [], "what exited Swift processes left")
    }

    private static func attach(_ stage: Stage) throws {
        let (python, reader) = (try stage.python(), try stage.python())
        let content: [(type: String, write: String, read: String, value: Value)] = [
            ("dict", "dict.replace", "dict.len", ["a": [1, 2]]), ("list", "list.replace", "list.len", [1, "two"]),
            ("int", "int.set", "int.get", 77), ("float", "float.set", "float.get", 0.5),
            ("bool", "bool.set", "bool.get", true), ("string", "string.set", "string.get", "text"),
            ("block", "block.set", "block.get", ["a": 1]),
        ]
        for (type, write, read, value) in content {
            for layout in ["canonical", "journal"] {
                let name = stage.name(type)
                try python.ok(write, name, value: value)
                let (bytes, identity) = (try SharedMemory.bytes(name), try SharedMemory.identity(name))
                let swift = try stage.swift()
                try swift.ok(read, name, options: ["layout": .string(layout)])
                try swift.process.finish()
                try stage.expect(try SharedMemory.identity(name), identity, "the \(type)'s inode after Swift attached")
                let unchanged = try bytes == SharedMemory.bytes(name)
                try stage.expect(unchanged, true, "whether a \(type) keeps its bytes when Swift attaches and looks")
                let what = "the \(type) after Swift read it in \(layout) layout"
                switch type {
                case "dict": try stage.expect(try reader.value("dict.items", name), is: "[('a', [1, 2])]", what)
                case "list": try stage.expect(try reader.value("list.items", name), equals: value, what)
                default: try stage.expect(try reader.value(read, name), equals: value, what)
                }
            }
        }
    }

    private static func unlink(_ stage: Stage) throws {
        for (operation, type) in [
            ("dict.len", "dict"), ("list.len", "list"), ("int.get", "int"), ("block.get", "block"),
        ] {
            let name = stage.name(type)
            let swift = try stage.swift()
            try swift.ok(operation, name)
            try swift.ok("unlink", name, options: ["type": .string(type)])
            try stage.expect(SharedMemory.exists(name), false, "whether the \(type) is still there after unlink")
            try swift.ok("close", name, options: ["type": .string(type)])
            let rest = SharedMemory.names(containing: name).filter { $0 != "sem.rememorydict_\(name)" }
            try stage.expect(rest, [], "what an unlinked \(type) left")
            let python = try stage.python()
            try python.ok(operation, name)
            try swift.ok(operation, name)
        }
    }

    private static func reopen(_ stage: Stage) throws {
        let name = stage.name()
        for peer in [try stage.swift(), try stage.python()] {
            try peer.ok("dict.set", name, key: .json(.string("\(peer)")), value: 1)
            try peer.ok("close", name, options: ["type": "dict"])
            try peer.ok("close", name, options: ["type": "dict"])
        }
        for peer in [try stage.swift(), try stage.python()] {
            try stage.expect(try peer.ok("dict.len", name), 2, "count after closing, by \(peer)")
        }
    }
}
