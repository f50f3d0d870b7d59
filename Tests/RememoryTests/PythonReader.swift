import ChildProcess
import Foundation

@testable import Rememory

/// A `python3` that reads and writes segments as the package does (see Python/segment_reader.py).
final class PythonReader {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let process: ChildProcess

    init() throws {
        guard let script = Bundle.module.path(forResource: "segment_reader", ofType: "py") else {
            throw Failure(description: "segment_reader.py is not among the resources of the tests")
        }
        do {
            process = try ChildProcess(["python3", script])
        } catch {
            throw Failure(description: "these tests need a python3 (3.10 or newer) on the PATH: \(error)")
        }
    }

    deinit {
        try? process.standardInput.close()
        process.wait()
    }

    private func ask(_ request: [String: String]) throws -> String {
        var line = try JSONSerialization.data(withJSONObject: request)
        line.append(UInt8(ascii: "\n"))
        try process.standardInput.write(contentsOf: line)
        var reply = Data()
        while reply.last != UInt8(ascii: "\n") {
            let part = process.standardOutput.availableData
            guard !part.isEmpty else {
                throw Failure(description: "python3 ended; these tests need Python 3.10 or newer on the PATH")
            }
            reply.append(part)
        }
        let object = try JSONSerialization.jsonObject(with: reply) as? [String: Any]
        if let message = object?["error"] as? String { throw Failure(description: message) }
        return object?["ok"] as? String ?? ""
    }

    /// Python's `repr` of what it reads in the segment.
    func read(_ path: String) throws -> String { try ask(["op": "read", "path": path]) }

    /// Writes the value of a Python expression, as the package writes.
    func write(_ path: String, _ expression: String) throws {
        _ = try locked(path, ["op": "write", "path": path, "value": expression])
    }

    /// The pickle of what an expression builds, in base64.
    func pickle(_ expression: String) throws -> String { try ask(["op": "pickle", "value": expression]) }

    /// Runs statements that change `model`, and fails unless the segment reads as the model does.
    func expect(_ path: String, _ statements: String) throws {
        _ = try ask(["op": "expect", "path": path, "code": statements])
    }

    /// Reads, runs statements on `value`, and writes it.
    @discardableResult
    func change(_ path: String, _ statements: String) throws -> String {
        try locked(path, ["op": "change", "path": path, "code": statements])
    }

    /// With the block's lock held, as the package writes, and grows.
    private func locked(_ path: String, _ request: [String: String]) throws -> String {
        try RememoryLock(URL(fileURLWithPath: path).lastPathComponent).withLock { try ask(request) }
    }
}
