import ChildProcess
import Foundation

@testable import Rememory

/// Another process that does with a block's lock what it is told: `interop-check peer`, or a `python3` that does what the
/// Python package does (see Python/lock_peer.py). Killed at the latest when released.
final class LockPeer {
    enum Language { case swift, python }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let process: ChildProcess

    /// - Parameter prefix: A command that is to run it, as `unshare` with its options.
    init(_ language: Language, through prefix: [String] = []) throws {
        let command =
            language == .swift
            ? [try Products.path("interop-check"), "peer"] : ["python3", try LockPeer.script()]
        do {
            process = try ChildProcess(prefix + command)
        } catch {
            throw Failure(description: "can't start \((prefix + command).joined(separator: " ")): \(error)")
        }
        _ = try ask("ping")
    }

    deinit { die() }

    private static func script() throws -> String {
        guard let script = Bundle.module.path(forResource: "lock_peer", ofType: "py") else {
            throw Failure(description: "lock_peer.py is not among the resources of the tests")
        }
        return script
    }

    /// The number of the process, or of the command that runs it.
    var number: Int32 { process.pid }

    /// Sends a request and does not wait for the answer.
    func tell(_ operation: String, _ block: UniqueBlock? = nil, _ more: [String: Any] = [:]) throws {
        var request = more
        request["id"] = 1
        request["op"] = operation
        request["name"] = block?.string
        var line = try JSONSerialization.data(withJSONObject: request)
        line.append(UInt8(ascii: "\n"))
        try process.standardInput.write(contentsOf: line)
    }

    /// Waits for the answer to the next request.
    func listen() throws -> Any {
        var reply = Data()
        while reply.last != UInt8(ascii: "\n") {
            let part = process.standardOutput.availableData
            guard !part.isEmpty else { throw Failure(description: "the peer ended") }
            reply.append(part)
        }
        let object = try JSONSerialization.jsonObject(with: reply) as? [String: Any]
        if let error = object?["error"] { throw Failure(description: "\(error)") }
        return object?["ok"] ?? NSNull()
    }

    @discardableResult
    func ask(_ operation: String, _ block: UniqueBlock? = nil, _ more: [String: Any] = [:]) throws -> Any {
        try tell(operation, block, more)
        return try listen()
    }

    /// Kills it, and waits until it is gone.
    func die() {
        process.kill()
        process.wait()
    }

    func stop() { process.kill(SIGSTOP) }
}

/// The package's products, which are built side by side.
enum Products {
    static func path(_ name: String) throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name).path
    }
}
