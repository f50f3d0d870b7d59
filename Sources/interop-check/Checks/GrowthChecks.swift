import Foundation
import PeerProtocol

/// Content that outgrows its segment.
enum GrowthChecks {
    static let all = [
        Check("growth.byPython", "Swift follows when Python's content outgrows the segment.", run: byPython),
        Check("growth.bySwift", "Swift processes and new Pythons follow when Swift's content does.", run: bySwift),
        Check("growth.inTurns", "Growths by both sides, one after another, lose nothing.", run: inTurns),
        Check("growth.concurrent", "Two Swift processes that make one List grow lose nothing.", run: concurrent),
        Check("growth.block", "Blocks grow as well, by either side.", run: block),
    ]

    private static func text(_ count: Int) -> Value {
        .json(.string(String(repeating: "g", count: count)))
    }

    private static func byPython(_ stage: Stage) throws {
        let (name, list) = (stage.name("dict"), stage.name("list"))
        let (python, swift, idle) = (try stage.python(), try stage.swift(), try stage.swift())
        for peer in [python, swift, idle] {
            try peer.ok("dict.set", name, key: .json(.string("\(peer)")), value: 1)
            try peer.ok("list.append", list, value: 1)
        }
        try python.ok("dict.set", name, key: "big", value: text(100_000))
        try python.ok("list.append", list, value: text(100_000))
        for peer in [swift, idle, try stage.swift()] {
            try stage.expect(
                try peer.value("dict.get", name, key: "big"), equals: text(100_000), "the value, by \(peer)")
            try stage.expect(try peer.ok("dict.len", name), 4, "count, by \(peer)")
            try stage.expect(try peer.ok("list.len", list), 4, "count of the list, by \(peer)")
        }
        try swift.ok("dict.set", name, key: "after", value: "growth")
        try swift.ok("list.set", list, value: "after", options: ["index": 0])
        for peer in [python, idle, try stage.python()] {
            try stage.expect(
                try peer.value("dict.get", name, key: "after"), equals: "growth", "Swift's write, by \(peer)")
            try stage.expect(
                try peer.value("list.get", list, options: ["index": 0]), equals: "after", "item, by \(peer)")
        }
        try stage.expect(
            try SharedMemory.attributes(SharedMemory.segmentPath(name)).size, 131072, "size of the segment")
    }

    private static func bySwift(_ stage: Stage) throws {
        let (name, list) = (stage.name("dict"), stage.name("list"))
        let (swift, idle) = (try stage.swift(), try stage.swift())
        for peer in [swift, idle] {
            try peer.ok("dict.set", name, key: .json(.string("\(peer)")), value: 1)
            try peer.ok("list.append", list, value: 1)
        }
        try swift.ok("dict.set", name, key: "big", value: text(100_000))
        try swift.ok("list.append", list, value: text(100_000))
        let python = try stage.python()
        for peer in [idle, swift, python, try stage.swift()] {
            try stage.expect(
                try peer.value("dict.get", name, key: "big"), equals: text(100_000), "the value, by \(peer)")
            try stage.expect(try peer.ok("dict.len", name), 3, "count, by \(peer)")
            let last = try peer.value("list.get", list, options: ["index": -1])
            try stage.expect(last, equals: text(100_000), "the last item, by \(peer)")
        }
        try python.ok("dict.set", name, key: "after", value: "growth")
        try python.ok("list.append", list, value: "after")
        for peer in [swift, idle] {
            try stage.expect(
                try peer.value("dict.get", name, key: "after"), equals: "growth", "Python's write, by \(peer)")
            try stage.expect(try peer.ok("list.len", list), 4, "count of the list, by \(peer)")
        }
        let segment = try SharedMemory.attributes(SharedMemory.segmentPath(name))
        try stage.expect(segment.size >= 131072, "the segment has \(segment.size) bytes after growing")
        try stage.expect(segment.mode, 0o600, "mode of the segment after growing")
    }

    private static func inTurns(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, other) = (try stage.swift(), try stage.swift())
        try swift.ok("dict.set", name, key: "start", value: 0, options: ["capacity": 4096])
        try other.ok("dict.len", name)
        var size = 4000
        for round in 0..<6 {
            size *= 2
            // A Python that was attached before a growth by Swift stays behind: each one takes one turn.
            let grower = round % 2 == 0 ? try stage.python() : swift
            try grower.ok("dict.set", name, key: .json(.int(round)), value: text(size))
            try other.ok("dict.set", name, key: .json(.string("after \(round)")), value: .json(.int(round)))
            try stage.expect(try grower.ok("dict.len", name), .int(1 + 2 * (round + 1)), "count in round \(round)")
        }
        for peer in [swift, other, try stage.python()] {
            for round in 0..<6 {
                let found = try peer.value("dict.get", name, key: .json(.int(round)))
                try stage.expect(found, equals: text(4000 << (round + 1)), "the value of round \(round), by \(peer)")
            }
            let start = try peer.value("dict.get", name, key: "start")
            try stage.expect(start, equals: 0, "the first value, by \(peer)")
        }
    }

    private static func concurrent(_ stage: Stage) throws {
        let name = stage.name()
        let peers = [try stage.swift(), try stage.swift()]
        let padding = String(repeating: "p", count: 1500)
        for round in 0..<200 {
            for (index, peer) in peers.enumerated() {
                let item: Value = .json([.int(1000 * index + round), .string(padding)])
                peer.send(Request("list.append", name, value: item, options: ["capacity": 4096]))
            }
        }
        for peer in peers { try peer.finish(200, timeout: 60) }
        for peer in peers + [try stage.python()] {
            let numbers = try stage.judge.integers(in: try stage.judge.firsts(of: try peer.value("list.items", name)))
            try stage.expect(numbers.filter { $0 < 1000 }, Array(0..<200), "what the first appended, by \(peer)")
            try stage.expect(numbers.filter { $0 >= 1000 }, Array(1000..<1200), "what the second appended, by \(peer)")
        }
    }

    private static func block(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        for peer in [python, swift] { try peer.ok("block.set", name, value: 1, options: ["size": 64]) }
        try python.ok("block.set", name, value: text(1000))
        try stage.expect(try swift.value("block.get", name), equals: text(1000), "Python's larger value, by Swift")
        try swift.ok("block.set", name, value: text(5000))
        try stage.expect(try swift.value("block.get", name), equals: text(5000), "Swift's larger value, by itself")
        for peer in [try stage.python(), try stage.swift()] {
            try stage.expect(try peer.value("block.get", name), equals: text(5000), "Swift's larger value, by \(peer)")
        }
    }
}
