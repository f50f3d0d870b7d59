import Foundation
import PeerProtocol

/// A Python process that times its own operations.
struct BenchPython {
    let peer: Peer

    /// Starts one.
    init(on stage: Stage) throws {
        peer = Peer(
            language: .python, process: try stage.start("Python bench peer", stage.pythonCommand("bench_peer.py")))
    }

    @discardableResult
    func ask(_ operation: String, _ name: String? = nil, _ options: [String: JSON] = [:]) throws -> JSON {
        peer.send(Request(operation, name, options: options))
        return try reply(to: operation)
    }

    /// The reply to the oldest request without one.
    func reply(to operation: String) throws -> JSON {
        let reply = try peer.reply(timeout: 120)
        guard case .ok(let found) = reply else { throw CheckFailure("\(peer) answered \(operation) with \(reply)") }
        return found
    }

    /// Makes a block and fills it while nobody else has it.
    func create(_ kind: String, _ name: String, n: Int? = nil, values: String = "int") throws {
        try ask("create", name, ["kind": .string(kind), "n": n.map { .int($0) } ?? nil, "values": .string(values)])
    }

    /// Makes everything in the block what Python wrote.
    func write(_ name: String) throws { try ask("write", name) }

    /// Nanoseconds an operation takes.
    ///
    /// - Parameter once: Whether it is done only once, for it takes long.
    func time(_ operation: String, _ name: String, once: Bool = false) throws -> Double {
        try nanoseconds("time", name, ["what": .string(operation), "once": .bool(once)])
    }

    /// Nanoseconds that one reading or writing of the codec's data takes: `loads` or `dumps`.
    func codecTime(_ operation: String, _ name: String) throws -> Double {
        try nanoseconds("codec.time", name, ["what": .string(operation)])
    }

    private func nanoseconds(_ request: String, _ name: String, _ options: [String: JSON]) throws -> Double {
        switch try ask(request, name, options) {
        case .int(let nanoseconds): return Double(nanoseconds)
        case .double(let nanoseconds): return nanoseconds
        case let other: throw CheckFailure("\(peer) answered \(request) with \(other), expected nanoseconds")
        }
    }

    /// The sum of all numbers in a block.
    func total(_ name: String) throws -> Int {
        guard let total = try ask("total", name).int else { throw CheckFailure("\(peer) gave no sum of \(name)") }
        return total
    }
}
