import Foundation

/// Finds the Pythons to check with: every `python3` on the path and those that pyenv manages.
struct PythonFinder {
    var environment = ProcessInfo.processInfo.environment
    var home = ProcessInfo.processInfo.environment["HOME"] ?? NSHomeDirectory()

    /// What the search gave.
    struct Findings {
        var usable: [PythonInterpreter] = []
        /// What was found and can't be used, with the reason.
        var unusable: [SetupFailure] = []
    }

    /// The Pythons at the paths, or, without paths, every suitable one of this machine, each version once.
    func find(paths: [String]) -> Findings {
        var findings = Findings()
        for path in paths.isEmpty ? candidates() : paths {
            do throws(SetupFailure) {
                let interpreter = try PythonInterpreter(path: located(path))
                let known = findings.usable.contains {
                    $0.realPath == interpreter.realPath || $0.version == interpreter.version
                }
                if interpreter.isSuitable {
                    if !known { findings.usable.append(interpreter) }
                } else if !paths.isEmpty {
                    findings.unusable.append(
                        SetupFailure("\(path) is Python \(interpreter.version)", remedy: "use Python 3.10 or later"))
                }
            } catch {
                findings.unusable.append(error)
            }
        }
        if findings.usable.isEmpty, findings.unusable.isEmpty {
            findings.unusable.append(
                SetupFailure(
                    "no Python 3.10 or later was found",
                    remedy: "apt-get install python3 python3-dev python3-venv, or name one with --python PATH"))
        }
        findings.usable.sort { $0.version.compare($1.version, options: .numeric) == .orderedAscending }
        return findings
    }

    /// The one that `python3` means.
    func defaultPython() throws(SetupFailure) -> PythonInterpreter {
        let interpreter = try PythonInterpreter(path: located("python3"))
        guard interpreter.isSuitable else {
            throw SetupFailure("python3 is Python \(interpreter.version)", remedy: "put Python 3.10 or later first")
        }
        return interpreter
    }

    /// The one at a path; without a path, the one that `python3` means.
    func python(at path: String?) throws(SetupFailure) -> PythonInterpreter {
        if let path { try PythonInterpreter(path: path) } else { try defaultPython() }
    }

    func candidates() -> [String] {
        let onPath = searchPath.map { "\($0)/python3" }
        let pyenv = environment["PYENV_ROOT"] ?? "\(home)/.pyenv"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "\(pyenv)/versions")) ?? []
        // A folder named `3` or `3.12` is another name for one of the full versions.
        let managed = versions.filter { $0.split(separator: ".").count == 3 && isRecent($0) }.sorted()
        return (onPath + managed.map { "\(pyenv)/versions/\($0)/bin/python3" })
            .filter(FileManager.default.isExecutableFile(atPath:))
    }

    private func isRecent(_ version: String) -> Bool {
        PythonInterpreter(path: "", realPath: "", version: version).isSuitable
    }

    private var searchPath: [Substring] { (environment["PATH"] ?? "/usr/bin").split(separator: ":") }

    /// A command's name as the path that it stands for.
    private func located(_ command: String) throws(SetupFailure) -> String {
        if command.contains("/") { return command }
        let places = searchPath.map { "\($0)/\(command)" }
        guard let place = places.first(where: FileManager.default.isExecutableFile(atPath:)) else {
            throw SetupFailure(
                "there is no \(command) on the path",
                remedy: "apt-get install python3 python3-dev python3-venv, or name one with --python PATH")
        }
        return place
    }
}
