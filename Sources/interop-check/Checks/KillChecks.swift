import Foundation
import PeerProtocol

/// Processes that are killed in the middle of their writes.
///
/// Nobody waits for them for long, and what was written is there: everything that was answered, and the write that was
/// under way either whole or not at all. `--intensity 100` kills more often than the project promises.
enum KillChecks {
    static let all = [
        Check(
            "kills.swiftWriters", "Swift writers are killed with Pythons attached, and nothing is lost.",
            run: swiftWriters),
        Check(
            "kills.swiftHolder", "A Swift process that is killed with the lock is found out, with Pythons attached.",
            run: swiftHolder),
        Check(
            "kills.idleSwift", "A Python that waits for a killed Swift process goes on while another one is idle.",
            run: idleSwift),
        Check(
            "kills.pythonWriters", "Python writers are killed with no other Python attached, and nobody hangs.",
            run: pythonWriters),
        Check(
            "kills.noRobbery", "A lock that an idle Python might have is not taken from it: the wait ends in an error.",
            run: noRobbery),
    ]

    /// The longest that anybody may wait for a dead process, in seconds. The promise is five; a machine that is busy with
    /// other things may take longer for the same.
    private static let patience = 15.0
    private static let waiting: [String: JSON] = ["timeout": .double(patience)]

    private static func swiftWriters(_ stage: Stage) throws {
        for container in WriteScript.Container.allCases {
            let name = stage.name(container.rawValue)
            let reader = try stage.swift()
            try reader.ok("\(container.rawValue).len", name, options: ["capacity": 262144])
            let (watcher, idle) = (try stage.python(), try stage.python())
            for python in [watcher, idle] { try python.ok("\(container.rawValue).len", name) }
            var content: WriteScript.Content = []
            for round in 0..<(3 * stage.troupe.intensity) {
                do {
                    let script = try WriteScript(container, name, from: content, count: 300, random: &stage.random)
                    let next = round % 2 == 0 ? reader : try stage.swift()
                    let place = try killOneWriter(stage, script, name, watcher: watcher, next: next)
                    let seen = try script.places(of: try idle.value(container.read, name))
                    try stage.expect(
                        seen.contains(place), "the idle Python sees the content after \(seen) writes, expected \(place)"
                    )
                    content = script.contents[place]
                } catch {
                    throw CheckFailure("round \(round), \(container): \(error)")
                }
            }
        }
    }

    /// Kills a Swift writer at some moment of the script, while a Python reads.
    ///
    /// - Returns: After how many writes of the script it ended.
    private static func killOneWriter(
        _ stage: Stage, _ script: WriteScript, _ name: String, watcher: Peer, next: Peer
    ) throws -> Int {
        let looks = 20
        let writer = try stage.swift()
        try writer.ok("\(script.container.rawValue).len", name)
        for request in script.requests { writer.send(request) }
        for _ in 0..<looks { watcher.send(Request(script.container.read, name)) }
        stage.pause(upTo: 0.04)
        let answered = try writer.killed()
        let found = try patiently { try next.value(script.container.read, name, options: waiting) }
        let place = try script.place(of: found, after: answered)
        var last = 0
        for look in 0..<looks {
            guard case .ok(let reply) = try watcher.reply(timeout: patience), let seen = Value(reply: reply) else {
                throw CheckFailure("look \(look) of \(watcher) found no value")
            }
            guard let now = try script.places(of: seen).first(where: { $0 >= last }), now <= place else {
                throw CheckFailure("look \(look) of \(watcher) found \(seen), which was never written")
            }
            last = now
        }
        return place
    }

    private static func swiftHolder(_ stage: Stage) throws {
        for _ in 0..<stage.troupe.intensity {
            let name = stage.name()
            let (swift, python) = (try stage.swift(), try stage.python())
            for peer in [swift, python] { try peer.ok("dict.set", name, key: "a", value: 1) }
            let holder = try stage.swift()
            try holder.ok("lock.acquire", name)
            python.send(Request("dict.set", name, key: "waited", value: 2))
            _ = try holder.killed()
            try patiently { try swift.ok("dict.set", name, key: "b", value: 3, options: waiting) }
            guard case .ok = try python.reply(timeout: patience) else {
                throw CheckFailure("the Python that had waited for the dead holder got an error")
            }
            for peer in [swift, python] { try stage.expect(try peer.ok("dict.len", name), 3, "keys, by \(peer)") }
        }
    }

    private static func idleSwift(_ stage: Stage) throws {
        let name = stage.name()
        let (idle, python) = (try stage.swift(), try stage.python())
        for peer in [idle, python] { try peer.ok("dict.set", name, key: "a", value: 1) }
        let holder = try stage.swift()
        try holder.ok("lock.acquire", name)
        _ = try holder.killed()
        try patiently { try python.ok("dict.set", name, key: "b", value: 2, options: waiting) }
        for peer in [idle, python] { try stage.expect(try peer.ok("dict.len", name), 2, "keys, by \(peer)") }
    }

    private static func pythonWriters(_ stage: Stage) throws {
        let swift = try stage.swift()
        for round in 0..<(2 * stage.troupe.intensity) {
            let container = round % 2 == 0 ? WriteScript.Container.dict : .list
            do {
                try killOnePython(stage, container, swift)
            } catch {
                throw CheckFailure("round \(round), \(container): \(error)")
            }
        }
    }

    private static func killOnePython(_ stage: Stage, _ container: WriteScript.Container, _ swift: Peer) throws {
        let name = stage.name(container.rawValue)
        let first = try WriteScript(container, name, count: 20, random: &stage.random)
        for request in first.requests {
            guard case .ok = try swift.answer(request) else { throw CheckFailure("\(request) failed") }
        }
        let script = try WriteScript(
            container, name, from: first.contents[20], count: 300, longest: 3000, random: &stage.random)
        let python = try stage.python()
        try python.ok("\(container.rawValue).len", name)
        for request in script.requests { python.send(request) }
        stage.pause(upTo: 0.06)
        let answered = try python.killed()
        if Bool.random(using: &stage.random) { try python.process.waitUntilGone() }

        let read = Request(container.read, name, options: waiting)
        switch try patiently({ try swift.answer(read) }) {
        case .ok(let reply):
            guard let found = Value(reply: reply) else { throw CheckFailure("\(read) gave \(reply)") }
            _ = try script.place(of: found, after: answered)
        case .error("corruptContent", _):
            // It died in the middle of copying its pickle: then nobody reads that as empty, or writes over it.
            let before = try SharedMemory.bytes(name)
            guard case .error("corruptContent", _) = try swift.answer(script.requests[0]) else {
                throw CheckFailure("torn content was written over")
            }
            try stage.expect(try SharedMemory.bytes(name) == before, "torn content was changed")
            let content = script.container == .dict ? Value.json([:]) : .json([])
            try swift.ok("\(container.rawValue).replace", name, value: content)
        case .error(let code, let message):
            throw CheckFailure("\(read) got \(code): \(message)")
        }
        let newcomer = try stage.python()
        try newcomer.ok("\(container.rawValue).len", name)
        try swift.ok("close", name, options: ["type": .string(container.rawValue)])
    }

    private static func noRobbery(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, idle) = (try stage.swift(), try stage.python())
        try swift.ok("dict.set", name, key: "a", value: 1)
        try idle.ok("dict.set", name, key: "b", value: 2)
        let holder = try stage.python()
        try holder.ok("lock.acquire", name)
        _ = try holder.killed()
        let before = try SharedMemory.bytes(name)
        let request = Request("dict.set", name, key: "robbed", value: 3, options: ["timeout": 2.5])
        let reply = try patiently { try swift.answer(request) }
        guard case .error("lockTimeout", let message) = reply else {
            throw CheckFailure("\(request) got \(reply) while an idle Python may have had the lock")
        }
        try stage.expect(message.contains("\(idle.process.pid)"), "the error does not name the idle Python: \(message)")
        try stage.expect(try SharedMemory.bytes(name) == before, "the block was changed without the lock")
        // Without the idle one it is clear who had it.
        try idle.process.finish()
        try patiently { try swift.ok("dict.set", name, key: "c", value: 3, options: waiting) }
        try stage.expect(try swift.ok("dict.len", name), 3, "keys afterwards")
    }

    /// What must not take longer than anybody may wait.
    @discardableResult
    private static func patiently<Result>(_ body: () throws -> Result) throws -> Result {
        let start = Date()
        let result = try body()
        let seconds = Date().timeIntervalSince(start)
        guard seconds < patience + 1 else { throw CheckFailure("it took \(seconds) s") }
        return result
    }
}

extension WriteScript {
    /// Which of its contents it is, if a writer ended after that many answers: the write under way may be there.
    func place(of found: Value, after answered: Int) throws -> Int {
        let places = try places(of: found)
        guard let place = places.first(where: { $0 == answered || $0 == answered + 1 }) else {
            throw CheckFailure("after \(answered) answered writes the content is that of \(places): \(found)")
        }
        return place
    }
}
