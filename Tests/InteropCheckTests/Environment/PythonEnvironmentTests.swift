import Foundation
import Testing

@testable import interop_check

@Suite struct PythonEnvironmentTests {
    /// Pretends to be a Python with modules venv and pip, slowly, and writes down what it is asked to make.
    private static func fakePython(log: URL) -> String {
        """
        #!/bin/sh
        case "$*" in
        "-m venv"*)
            for folder; do :; done
            mkdir -p "$folder/bin" && cp "$0" "$folder/bin/python" && sleep 0.3 && echo made >> '\(log.path)'
            ;;
        "-m pip"*) sleep 0.3 ;;
        *) echo 3.12.0 \(PythonEnvironment.packageVersion) ;;
        esac
        """
    }

    private static func prepare(_ folder: String) throws {
        let interpreter = PythonInterpreter(
            path: "\(folder)/python3", realPath: "\(folder)/python3", version: "3.12.0")
        try PythonEnvironment(of: interpreter, in: URL(fileURLWithPath: "\(folder)/made")).prepare()
    }

    @Test func isMadeOnceHoweverManyProcessesNeedIt() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("environment-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let log = folder.appendingPathComponent("log")
        try FakeProgram.write(Self.fakePython(log: log), to: folder.appendingPathComponent("python3").path)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [path = folder.path as String] in
                        try PythonEnvironmentTests.prepare(path)
                    }
                }
            }
        }
        #expect(try String(contentsOf: log, encoding: .utf8) == "made\n")
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("made").path)
        #expect(left.count == 1, "\(left)")
    }
}
