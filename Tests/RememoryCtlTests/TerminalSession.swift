import Foundation
import PeerProtocol
import Testing

@testable import interop_check

/// The program in a terminal of its own (see `python/terminal.py`).
struct TerminalSession {
    private let process: LineProcess

    init(_ stage: CtlStage, columns: Int = 120, rows: Int = 30, _ arguments: String...) throws {
        process = try stage.start(
            "terminal",
            stage.stage.pythonCommand("terminal.py") + ["\(columns)x\(rows)", stage.tool] + arguments)
    }

    private func ask(_ request: JSON) throws -> JSON {
        process.write(line: request.description)
        return try JSON(parsing: process.readLine(timeout: 120))
    }

    /// Waits until the program writes a text.
    func expect(_ text: String, at location: SourceLocation = #_sourceLocation) throws {
        let reply = try ask(["expect": .string(text), "timeout": 60])
        try #require(
            reply["found"] == true,
            "expected \(text), found \(reply["instead"]?.string?.debugDescription ?? "nothing")",
            sourceLocation: location)
    }

    func send(_ keys: String) throws { _ = try ask(["send": .string(keys)]) }

    func signal(_ name: String) throws { _ = try ask(["signal": .string(name)]) }

    /// Waits for the program's end.
    func end() throws -> (status: Int?, written: String, isRestored: Bool) {
        let reply = try ask(["end": 60])
        return (reply["status"]?.int, reply["written"]?.string ?? "", reply["restored"] == true)
    }
}
