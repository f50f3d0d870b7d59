import Foundation

/// A Python on this machine.
struct PythonInterpreter: Hashable, Sendable {
    /// As it was found: what the user would type.
    let path: String
    /// Where it really is.
    let realPath: String
    /// `3.12.1`
    let version: String

    /// `3.12`
    var minorVersion: String { version.split(separator: ".").prefix(2).joined(separator: ".") }

    /// Whether it is new enough: 3.10 or later.
    var isSuitable: Bool {
        let parts = version.split(separator: ".").prefix(2).compactMap { Int($0) }
        return parts.count == 2 && (parts[0], parts[1]) >= (3, 10)
    }

    /// Asks the program at a path what it is.
    init(path: String) throws(SetupFailure) {
        let question = "import os, platform, sys; print(platform.python_version(), os.path.realpath(sys.executable))"
        let answer = CommandOutput.of([path, "-I", "-c", question], timeout: 30)
        let words = answer.text.split(separator: "\n").first?.split(separator: " ", maxSplits: 1) ?? []
        guard answer.succeeded, words.count == 2 else {
            throw SetupFailure(
                "\(path) is no working Python: \(answer.text.trimmed)", remedy: "give --python a Python 3.10 or later")
        }
        self.init(path: path, realPath: String(words[1]), version: String(words[0]))
    }

    init(path: String, realPath: String, version: String) {
        self.path = path
        self.realPath = realPath
        self.version = version
    }
}

extension String {
    var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
