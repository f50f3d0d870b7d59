import Foundation
import PeerProtocol

/// Python processes that end, and with their end remove the names of all that they had open.
///
/// As long as one Swift process has the block open that costs nobody anything. `--intensity 100` ends as many as the
/// project promises.
enum ExitChecks {
    static let all = [
        Check("exits.busySwift", "Pythons exit while Swift and another Python write, and nothing is lost.", run: busy),
        Check("exits.idleSwift", "Pythons exit while Swift does nothing, and nothing is lost.", run: idle),
        Check(
            "exits.newcomer", "A Python that comes while the name is lost gets the content from an idle Swift.",
            run: newcomer),
        Check(
            "exits.afterGrowth", "A grown block outlives the Python that made it grow, with an idle Swift process.",
            run: afterGrowth),
    ]

    private static let additions = 60

    /// The visitors exit while the two others add to a number and to a value of a Dict, and append to a List.
    private static func busy(_ stage: Stage) throws {
        let (number, dict, list) = (stage.name("int"), stage.name("dict"), stage.name("list"))
        let (swift, staying) = (try stage.swift(), try stage.python())
        let writers = [swift, staying]
        for writer in writers { try open(number, dict, list, writer) }
        for round in 1...(2 * stage.troupe.intensity) {
            // It attaches while nobody writes: an uncured Python writes old values back.
            let visitor = try stage.python()
            try open(number, dict, list, visitor)
            try visitor.ok("int.add", number, value: 1000)
            for _ in 0..<additions {
                for writer in writers {
                    writer.send(Request("int.add", number, value: 1))
                    writer.send(Request("dict.add", dict, key: "sum", options: ["by": 1]))
                    writer.send(Request("list.append", list, value: .json(.int(round))))
                }
            }
            visitor.process.endInput()
            for writer in writers { try writer.finish(3 * additions, timeout: 10) }
            try visitor.process.waitUntilGone()
            for peer in writers {
                let what = "after \(round) exits, by \(peer)"
                let sum = try peer.value("int.get", number)
                try stage.expect(sum, equals: .json(.int(round * (1000 + 2 * additions))), "the Int \(what)")
                let value = try peer.value("dict.get", dict, key: "sum")
                try stage.expect(value, equals: .json(.int(round * 2 * additions)), "the Dict's value \(what)")
                let count = try peer.ok("list.len", list)
                try stage.expect(count, .int(round * 2 * additions), "the List's count \(what)")
            }
        }
    }

    private static func open(_ number: String, _ dict: String, _ list: String, _ peer: Peer) throws {
        try peer.ok("int.get", number)
        try peer.ok("dict.len", dict)
        try peer.ok("list.len", list, options: ["capacity": 1_048_576])
    }

    private static func idle(_ stage: Stage) throws {
        let (dict, number) = (stage.name("dict"), stage.name("int"))
        let (swift, staying) = (try stage.swift(), try stage.python())
        for peer in [swift, staying] {
            try peer.ok("dict.len", dict)
            try peer.ok("int.get", number)
        }
        for round in 0..<(2 * stage.troupe.intensity) {
            let visitor = try stage.python()
            try visitor.ok("dict.set", dict, key: .json(.string("visitor \(round)")), value: .json(.int(round)))
            try visitor.ok("int.add", number, value: 1)
            try visitor.process.finish()
            // From here on nobody asks the Swift process for anything.
            try stage.expectSoon("the names are back") { SharedMemory.exists(dict) && SharedMemory.exists(number) }
            try staying.ok("dict.set", dict, key: .json(.string("staying \(round)")), value: .json(.int(round)))
            try staying.ok("int.add", number, value: 1)
            let newcomer = try stage.python()
            let what = "after \(round + 1) exits, by a new Python"
            try stage.expect(try newcomer.ok("dict.len", dict), .int(2 * round + 2), "the Dict's count \(what)")
            let found = try newcomer.value("int.get", number)
            try stage.expect(found, equals: .json(.int(2 * round + 2)), "the Int \(what)")
            newcomer.process.kill()
            try newcomer.process.waitUntilGone()
        }
        try stage.expect(
            try swift.ok("dict.len", dict), .int(4 * stage.troupe.intensity), "the Dict's count, by the idle Swift")
    }

    private static func newcomer(_ stage: Stage) throws {
        for round in 0..<(2 * stage.troupe.intensity) {
            let (dict, list) = (stage.name("dict"), stage.name("list"))
            let swift = try stage.swift()
            for round in 0..<5 {
                try swift.ok("dict.set", dict, key: .json(.int(round)), value: "kept")
                try swift.ok("list.append", list, value: "kept")
            }
            let newcomer = try stage.python()
            try newcomer.ok("ping")
            for name in [dict, list] { try SharedMemory.removeSegment(name) }
            if round % 2 == 1 { stage.pause(upTo: 0.002) }
            try newcomer.ok("dict.get", dict, key: 1, orFails: "keyNotFound")
            try newcomer.ok("list.get", list, orFails: "indexOutOfRange", options: ["index": 0])
            try stage.expectSoon("the newcomer has the content") {
                try newcomer.ok("dict.len", dict) == 5 && newcomer.ok("list.len", list) == 5
            }
            try newcomer.ok("dict.set", dict, key: "new", value: 1)
            try newcomer.ok("list.append", list, value: "new")
            try stage.expect(try swift.ok("dict.len", dict), 6, "the Dict's count, by Swift")
            try stage.expect(try swift.ok("list.len", list), 6, "the List's count, by Swift")
        }
    }

    private static func afterGrowth(_ stage: Stage) throws {
        for language in Language.allCases {
            let name = stage.name(language.rawValue)
            let (idle, grower) = (try stage.swift(), try stage.peer(language))
            try idle.ok("dict.set", name, key: "small", value: 1, options: ["capacity": 4096])
            let large = Value.json(.string(String(repeating: "g", count: 10_000)))
            try grower.ok("dict.set", name, key: "large", value: large)
            // An idle process has to see the growth before the grower's exit takes the name of the larger segment.
            stage.pause(upTo: 0.2)
            try grower.process.finish()
            try stage.expectSoon("the name is back") { SharedMemory.exists(name) }
            for peer in [try stage.python(), idle, try stage.swift()] {
                let found = try peer.value("dict.get", name, key: "large")
                try stage.expect(found, equals: large, "the value that made it grow, by \(peer)")
                try stage.expect(try peer.ok("dict.len", name), 2, "keys, by \(peer)")
            }
        }
    }
}
