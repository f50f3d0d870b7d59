import Foundation
import PeerProtocol
import Rememory

/// Two processes of a language that add to one number as fast as they can.
enum RaceBench {
    private static let row = BenchCase.of("int.add.contended")
    private static let duration = 400_000_000
    /// Until all processes wait for the start.
    private static let delay = 50_000_000

    static let contest = BenchContest(rows: [row]) { bench in
        let name = bench.stage.name("race")
        let second = try BenchPython(on: bench.stage)
        for python in [bench.python, second] { try python.create("int", name) }
        let pythons = [bench.python.peer, second.peer]
        let swifts = try (1...2).map { _ in try racer(bench.stage) }
        let int = try RememoryInt(name)
        var (lost, shares): (Int, [Double]) = (0, [])
        for _ in 0..<bench.rounds {
            let python = try race(pythons, on: int)
            bench.book.add(python: Double(duration) / Double(python.total), to: row)
            let swift = try race(swifts, on: int)
            bench.book.add(swift: Double(duration) / Double(swift.total), to: row)
            lost += swift.lost + python.lost
            shares.append(swift.share)
        }
        bench.book.bounds.append(BenchBound("int.add.contended, additions lost", Double(lost), in: 0...0, unit: ""))
        bench.book.bounds.append(
            BenchBound("int.add.contended, the slower one's share", shares.median ?? 0, in: 0.3...(.infinity), unit: "")
        )
    }

    private static func racer(_ stage: Stage) throws -> Peer {
        let command = [stage.troupe.installation.executable.path, "racer"]
        return Peer(language: .swift, process: try stage.start("Swift racer", command))
    }

    /// One race: all additions, those that the number doesn't show, and the slower one's share.
    private static func race(
        _ peers: [Peer], on int: RememoryInt<Int>
    ) throws -> (total: Int, lost: Int, share: Double) {
        try int.set(0)
        let start = Int(DispatchTime.now().uptimeNanoseconds) + delay
        for peer in peers {
            peer.send(Request("race", int.name, options: ["start": .int(start), "end": .int(start + duration)]))
        }
        let counts = try peers.map { peer in
            let reply = try peer.reply(timeout: 60)
            guard case .ok(let found) = reply, let count = found.int else {
                throw CheckFailure("\(peer) answered race with \(reply)")
            }
            return count
        }
        let total = counts.reduce(0, +)
        guard total > 0 else { throw CheckFailure("no process added anything to \(int.name)") }
        return (total, total - (try int.get()), Double(counts.min() ?? 0) / Double(total))
    }
}
