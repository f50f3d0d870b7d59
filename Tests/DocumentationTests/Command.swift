import ChildProcess
import Foundation

/// A program that is started and waited for.
enum Command {
    struct Result {
        var status: Int32
        /// What it printed, errors included.
        var output: String
    }

    static func run(_ words: [String], input: String = "") throws -> Result {
        let command = try ChildProcess(["sh", "-c", "exec \"$@\" 2>&1", "sh"] + words)
        try command.standardInput.write(contentsOf: Data(input.utf8))
        try command.standardInput.close()
        let text = String(decoding: try command.standardOutput.readToEnd() ?? Data(), as: UTF8.self)
        return Result(status: command.wait().status, output: text)
    }
}
