package import Foundation
import PickleCodec
import Rememory

/// Reads requests and answers each, on one thread, so that a lock that is held between two requests stays held by the
/// thread that uses the block in between.
package struct PeerLoop {
    private var blocks = OpenBlocks()

    package init() {}

    static let identity: JSON = [
        "pid": .int(Int(ProcessInfo.processInfo.processIdentifier)),
        "language": "swift",
        "version": .string("\(RememoryPackage.version), for rememory \(RememoryPackage.pythonVersion)"),
    ]

    /// Answers until the input ends.
    package mutating func run(input: FileHandle = .standardInput, output: FileHandle = .standardOutput) throws {
        let splitter = LineSplitter()
        while case let data = input.availableData, !data.isEmpty {
            for line in splitter.lines(adding: data) {
                try output.write(contentsOf: Data((answer(line) + "\n").utf8))
            }
        }
        if let line = splitter.lastLine() {
            try output.write(contentsOf: Data((answer(line) + "\n").utf8))
        }
    }

    /// The reply to one line, whatever it is.
    mutating func answer(_ line: Data) -> String {
        let fields: PickleValue
        do {
            fields = try PickleValue(json: [UInt8](line))
        } catch {
            return Self.reply(to: "null", PeerFailure.badRequest("not a line of JSON: \(error)"))
        }
        guard fields.kind == .dict else {
            return Self.reply(to: "null", PeerFailure.badRequest("the line is no JSON object"))
        }
        let request = PeerRequest(fields)
        do {
            let result = try perform(request).json()
            return "{\"id\": \(request.id), \"ok\": \(result)}"
        } catch {
            return Self.reply(to: request.id, PeerFailure(error))
        }
    }

    private mutating func perform(_ request: PeerRequest) throws -> PeerReplyBody {
        let name = try request.text("op")
        guard let operation = PeerOperations.all[name] else {
            throw PeerFailure.badRequest("there is no operation '\(name)'")
        }
        // A timeout of its own holds for all that a request does: it takes the lock, and what follows is re-entrant.
        guard let timeout = try request.timeout(), PeerOperations.takesLock(name, request) else {
            return try operation(request, &blocks)
        }
        return try RememoryLock(try request.name()).withLock(timeout: timeout) { try operation(request, &blocks) }
    }

    private static func reply(to id: String, _ failure: PeerFailure) -> String {
        let error: JSON = ["code": .string(failure.code), "message": .string(failure.message)]
        return "{\"id\": \(id), \"error\": \(error)}"
    }
}
