import Foundation

/// Where things are: the package's root, its Python files and this executable, whatever the current directory is.
struct Installation: Sendable {
    let root: URL
    /// The built `interop-check`, which is also the Swift peer.
    let executable: URL

    var python: URL { root.appendingPathComponent("python") }
    var environments: URL { root.appendingPathComponent(".build/interop-check") }

    /// - Parameter executable: the running program, or a test bundle beside it.
    init(executable: URL = Installation.runningExecutable, source: String = #filePath) throws(SetupFailure) {
        let beside = executable.deletingLastPathComponent().appendingPathComponent("interop-check")
        guard let tool = [beside, executable].first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })
        else {
            throw SetupFailure("the executable interop-check is not at \(beside.path)", remedy: "swift build")
        }
        self.executable = tool
        let starts = [tool, URL(fileURLWithPath: source), URL(fileURLWithPath: "here")]
        guard let root = starts.lazy.compactMap(Installation.packageRoot(above:)).first else {
            throw SetupFailure(
                "python/peer.py was not found above \(tool.path)",
                remedy: "run interop-check from a clone of the package")
        }
        self.root = root
    }

    private static func packageRoot(above start: URL) -> URL? {
        var folder = start.resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            let peer = folder.appendingPathComponent("python/peer.py")
            if FileManager.default.fileExists(atPath: peer.path) { return folder }
            folder.deleteLastPathComponent()
        }
        return nil
    }

    static var runningExecutable: URL {
        Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    }
}
