import Foundation

/// What standard input, output and error are.
enum Terminal {
    static var isInput: Bool { isatty(STDIN_FILENO) == 1 }
    static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }
    static var isError: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether colours are wanted: on a terminal, unless `NO_COLOR` says otherwise.
    static let hasColours =
        isOutput && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
        && ProcessInfo.processInfo.environment["TERM"] != "dumb"

    /// Columns and rows of the terminal on standard output; 80 by 24 where it doesn't say.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Asks a question on the terminal that is answered with yes or no.
    static func confirms(_ question: String) -> Bool {
        FileHandle.standardError.write(Data((SafeText.escaped(question) + " [y/N] ").utf8))
        let answer = readLine()?.lowercased() ?? ""
        return answer == "y" || answer == "yes"
    }
}
