import Foundation

/// A command that ran to its end.
struct CommandOutput: Sendable {
    let status: Int32
    /// Standard output and, behind it, standard error.
    let text: String

    var succeeded: Bool { status == 0 }

    /// Runs a command to its end, or kills it after the timeout.
    static func of(_ command: [String], timeout: TimeInterval) -> CommandOutput {
        var environment = ProcessInfo.processInfo.environment
        environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        do {
            let process = try LineProcess(label: command[0], command: command, environment: environment)
            defer { process.kill() }
            let status = try process.finish(timeout: timeout)
            return CommandOutput(status: status, text: process.remainingOutput + process.complaints)
        } catch {
            return CommandOutput(status: -1, text: "\(error)")
        }
    }
}
