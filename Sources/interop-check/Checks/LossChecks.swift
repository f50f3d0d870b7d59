import Foundation
import PeerProtocol

/// Names that somebody removes, on purpose or because that seemed to be a cure.
enum LossChecks {
    static let all = [
        Check("loss.semaphore", "A semaphore removed by hand is put back, and nothing is lost.", run: semaphore),
        Check("loss.unlinkBySwift", "A block that Swift unlinks stays away, whoever has it open.", run: unlinkBySwift),
        Check(
            "loss.unlinkByPython", "A block that Python unlinks comes back while Swift has it, unless it was meant.",
            run: unlinkByPython),
    ]

    private static func semaphore(_ stage: Stage) throws {
        for round in 0..<(2 * stage.troupe.intensity) {
            let name = stage.name()
            let before = [try stage.swift(), try stage.python()]
            for peer in before { try peer.ok("int.get", name) }
            try SharedMemory.removeSemaphore(name)
            if round % 2 == 1 { try before[0].ok("int.get", name) }
            Thread.sleep(forTimeInterval: 0.3)
            let peers = before + [try stage.swift(), try stage.python()]
            for peer in peers { try peer.ok("int.get", name) }
            let additions = 300
            for _ in 0..<additions {
                for peer in peers { peer.send(Request("int.add", name, value: 1)) }
            }
            for peer in peers { try peer.finish(additions, timeout: 10) }
            let sum = Value.json(.int(peers.count * additions))
            for peer in peers { try stage.expect(try peer.value("int.get", name), equals: sum, "the sum, by \(peer)") }
        }
    }

    private static func unlinkBySwift(_ stage: Stage) throws {
        let name = stage.name()
        let (remover, idle, python) = (try stage.swift(), try stage.swift(), try stage.python())
        for peer in [remover, idle, python] { try peer.ok("dict.set", name, key: "old", value: 1) }
        try remover.ok("unlink", name, options: ["type": "dict"])
        Thread.sleep(forTimeInterval: 0.3)
        try stage.expect(SharedMemory.exists(name), false, "whether somebody brought the block back")
        try idle.fails(with: "vanished", at: "dict.get", name, key: "old")
        try stage.expect(SharedMemory.exists(name), false, "whether somebody brought the block back")
        for peer in [remover, idle] { try peer.ok("close", name, options: ["type": "dict"]) }
        for peer in [try stage.python(), idle, remover] {
            try peer.ok("dict.set", name, key: "new", value: 2)
            try stage.expect(try peer.ok("dict.len", name), 1, "keys of the block that was made anew, by \(peer)")
        }
    }

    private static func unlinkByPython(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        for peer in [swift, python] { try peer.ok("dict.set", name, key: .json(.string("\(peer)")), value: 1) }
        try python.ok("unlink", name, options: ["type": "dict"])
        if stage.environment.isGuarded {
            Thread.sleep(forTimeInterval: 0.3)
            try stage.expect(SharedMemory.exists(name), false, "whether Swift brought back what was meant to go")
            try swift.fails(with: "vanished", at: "dict.len", name)
            try stage.expect(SharedMemory.exists(name), false, "whether Swift brought back what was meant to go")
        } else {
            try stage.expectSoon("the block is back") { SharedMemory.exists(name) }
            for peer in [try stage.python(), python, swift] {
                try stage.expect(try peer.ok("dict.len", name), 2, "keys, by \(peer)")
            }
        }
    }
}
