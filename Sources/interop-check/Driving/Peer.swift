import Foundation
import PeerProtocol

/// The languages that a peer can be cast from.
enum Language: String, Sendable, CaseIterable {
    case swift = "Swift"
    case python = "Python"
}

/// A process that speaks the peer protocol, or the judge's.
final class Peer: @unchecked Sendable {
    let language: Language
    let process: LineProcess

    private var lastID = 0
    private var awaited: [(id: Int, request: Request)] = []

    init(language: Language, process: LineProcess) {
        self.language = language
        self.process = process
    }

    /// Sends a request and does not wait for its reply; ``reply(timeout:)`` gives the replies in order.
    func send(_ request: Request) {
        lastID += 1
        awaited.append((lastID, request))
        process.write(line: request.json(id: lastID).description)
    }

    /// The reply to the oldest request that has none yet.
    func reply(timeout: TimeInterval = 30) throws -> PeerReply {
        let (id, request) = awaited.removeFirst()
        let line: Data
        do {
            line = try process.readLine(timeout: timeout)
        } catch {
            throw CheckFailure("\(request): \(error)")
        }
        guard let json = try? JSON(parsing: line), json["id"] == .int(id), let reply = PeerReply(json) else {
            let text = String(decoding: line.prefix(300), as: UTF8.self)
            throw CheckFailure("\(process.label) answered \(request) (id \(id)) with \(text)")
        }
        return reply
    }

    /// Waits for the replies to the oldest requests: each must be a success.
    func finish(_ count: Int, timeout: TimeInterval = 30) throws {
        for (_, request) in awaited.prefix(count) {
            let reply = try reply(timeout: timeout)
            guard case .ok = reply else { throw CheckFailure("\(process.label) answered \(request) with \(reply)") }
        }
    }

    /// Kills the process at once.
    ///
    /// - Returns: How many of its requests it had answered, all of them with success.
    func killed() throws -> Int {
        process.kill()
        try process.waitUntilGone()
        var count = 0
        while !awaited.isEmpty, let reply = try? reply(timeout: 0) {
            guard case .ok = reply else { throw CheckFailure("\(process.label) answered \(reply) before its end") }
            count += 1
        }
        awaited = []
        return count
    }

    /// Sends a request and waits for its reply.
    func answer(_ request: Request) throws -> PeerReply {
        send(request)
        return try reply()
    }

    /// Does what must work, and gives what came of it.
    @discardableResult
    func ok(
        _ operation: String, _ name: String? = nil, key: Value? = nil, value: Value? = nil,
        options: [String: JSON] = [:]
    ) throws -> JSON {
        let request = Request(operation, name, key: key, value: value, options: options)
        let reply = try answer(request)
        guard case .ok(let found) = reply else {
            throw CheckFailure("\(process.label) answered \(request) with \(reply)")
        }
        return found
    }

    /// Does what may fail with one code as well.
    func ok(
        _ operation: String, _ name: String, key: Value? = nil, orFails code: String, options: [String: JSON] = [:]
    ) throws {
        let request = Request(operation, name, key: key, options: options)
        switch try answer(request) {
        case .ok, .error(code, _): return
        case let reply: throw CheckFailure("\(process.label) answered \(request) with \(reply)")
        }
    }

    /// Does what must give a value.
    func value(
        _ operation: String, _ name: String? = nil, key: Value? = nil, value: Value? = nil,
        options: [String: JSON] = [:]
    ) throws -> Value {
        let found = try ok(operation, name, key: key, value: value, options: options)
        guard let value = Value(reply: found) else {
            throw CheckFailure("\(process.label) answered \(operation) with \(found), expected a pickle")
        }
        return value
    }

    /// Does what must fail with one of the codes.
    func fails(
        with codes: String..., at operation: String, _ name: String? = nil, key: Value? = nil, value: Value? = nil,
        options: [String: JSON] = [:]
    ) throws {
        let request = Request(operation, name, key: key, value: value, options: options)
        let reply = try answer(request)
        guard case .error(let code, let message) = reply, codes.contains(code) else {
            let expected = codes.joined(separator: " or ")
            throw CheckFailure("\(process.label) answered \(request) with \(reply), expected the error \(expected)")
        }
        guard !message.isEmpty else {
            throw CheckFailure("\(process.label) answered \(request) with the error \(code) and no message")
        }
    }
}

extension Peer: CustomStringConvertible {
    var description: String { process.label }
}
