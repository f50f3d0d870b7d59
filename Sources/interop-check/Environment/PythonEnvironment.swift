import Foundation
import Rememory

/// A Python with the package `rememory` of one version, in a folder of its own under `.build`.
struct PythonEnvironment: Sendable {
    static let package = "rememory"
    static let packageVersion = RememoryPackage.pythonVersion

    let interpreter: PythonInterpreter
    let folder: URL
    /// The version of the package: the one that is checked, unless an older one is wanted.
    let packageVersion: String
    /// Whether the peers of this Python import `rememory_guard`.
    private(set) var isGuarded = false

    var python: String { folder.appendingPathComponent("bin/python").path }
    var version: String { interpreter.version }
    /// What reports call it: `3.12.1`, or `3.12.1 guarded`.
    var label: String { isGuarded ? "\(version) guarded" : version }

    /// The same environment, with peers that import `rememory_guard`.
    func guarded() -> PythonEnvironment {
        var guarded = self
        guarded.isGuarded = true
        return guarded
    }

    init(of interpreter: PythonInterpreter, in parent: URL, packageVersion: String = Self.packageVersion) {
        self.interpreter = interpreter
        self.packageVersion = packageVersion
        let place = interpreter.realPath.utf8.reduce(into: UInt32(2_166_136_261)) {
            $0 = ($0 ^ UInt32($1)) &* 16_777_619
        }
        let suffix = packageVersion == Self.packageVersion ? "" : "-\(packageVersion)"
        folder = parent.appendingPathComponent("python-\(interpreter.version)-\(String(place, radix: 16))\(suffix)")
    }

    /// Makes the environment, or finds it ready from an earlier run.
    ///
    /// It is made in a draft, and moved into place, so that it is there as a whole or not at all. Whoever has the draft
    /// makes it; other threads and processes wait for that.
    func prepare() throws(SetupFailure) {
        while !isReady {
            let draft = try EnvironmentDraft(of: folder)
            // Who had it before has made the environment, or given up.
            if draft.isInPlace, !isReady { try make(in: draft) }
        }
    }

    private func make(in draft: borrowing EnvironmentDraft) throws(SetupFailure) {
        let files = FileManager.default
        let place = draft.folder
        defer { try? files.removeItem(at: place) }
        let made = CommandOutput.of([interpreter.path, "-m", "venv", "--clear", place.path], timeout: 180)
        guard made.succeeded else { throw diagnosis(of: made, doing: "make an environment") }
        let pip = [place.appendingPathComponent("bin/python").path, "-m", "pip"]
        let installed = CommandOutput.of(
            pip + ["install", "--quiet", "\(Self.package)==\(packageVersion)"] + (isOld ? ["posix_ipc"] : []),
            timeout: 420)
        guard installed.succeeded else { throw diagnosis(of: installed, doing: "install \(Self.package)") }
        try? files.removeItem(at: folder)
        try? files.moveItem(at: place, to: folder)
        guard isReady else {
            throw SetupFailure(
                "the environment \(folder.path) does not work: \(state.text.trimmed)", remedy: "rm -rf \(folder.path)")
        }
    }

    /// Version 0.2 does not say itself that it needs `posix_ipc`.
    private var isOld: Bool { packageVersion.hasPrefix("0.2.") }

    /// Whether the environment holds the package in its version and both extension modules load.
    var isReady: Bool {
        FileManager.default.isExecutableFile(atPath: python)
            && state.text.trimmed == "\(interpreter.version) \(packageVersion)"
    }

    private var state: CommandOutput {
        let question =
            "import importlib.metadata, platform, posix_ipc, rememory; "
            + "print(platform.python_version(), importlib.metadata.version('\(Self.package)'))"
        return CommandOutput.of([python, "-I", "-c", question], timeout: 60)
    }

    /// The reason and the remedy for what `venv` or `pip` complained about.
    func diagnosis(of output: CommandOutput, doing what: String) -> SetupFailure {
        let version = interpreter.minorVersion
        let text = output.text
        let reason = "Python \(interpreter.version) (\(interpreter.path)) can't \(what): "
        if text.contains("ensurepip") || text.contains("No module named venv") {
            return SetupFailure(
                reason + "its module venv or ensurepip is missing", remedy: "apt-get install python\(version)-venv")
        }
        if text.contains("No module named pip") {
            return SetupFailure(reason + "pip is missing", remedy: "apt-get install python3-pip python\(version)-venv")
        }
        if text.contains("Python.h") {
            return SetupFailure(reason + "Python.h is missing", remedy: "apt-get install python\(version)-dev")
        }
        if text.contains("gcc") || text.contains("cc: not found") || text.contains("C compiler") {
            return SetupFailure(reason + "a C compiler is missing", remedy: "apt-get install build-essential")
        }
        let offline = ["NewConnectionError", "Temporary failure in name resolution", "No matching distribution"]
        if offline.contains(where: text.contains) {
            return SetupFailure(
                reason + "the package index can't be reached, or does not have it\n\(text.trimmed.suffix(400))",
                remedy: "connect to the network, or set PIP_INDEX_URL to an index that has \(Self.package)")
        }
        return SetupFailure(
            reason + String(text.trimmed.suffix(600)), remedy: "\(interpreter.path) -m venv /tmp/try, and look at why")
    }
}
