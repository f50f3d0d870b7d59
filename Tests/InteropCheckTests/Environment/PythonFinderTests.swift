import Foundation
import Testing

@testable import interop_check

/// A folder of small programs that pretend to be Pythons.
private final class FakePythons {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pythons-\(UUID().uuidString)")

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    /// Makes `path` a program that prints `answer`.
    func add(_ path: String, prints answer: String, status: Int = 0) throws -> String {
        let file = folder.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FakeProgram.write("#!/bin/sh\nprintf '%s\\n' '\(answer)'\nexit \(status)\n", to: file.path)
        return file.path
    }

    func finder() -> PythonFinder {
        let path = ["a", "b"].map { folder.appendingPathComponent($0).path }.joined(separator: ":")
        return PythonFinder(environment: ["PATH": path], home: folder.path)
    }
}

@Suite struct PythonFinderTests {
    private let fakes = FakePythons()

    @Test func findsThePathAndPyenvAndEachVersionOnce() throws {
        let first = try fakes.add("a/python3", prints: "3.11.7 /real/python3.11")
        _ = try fakes.add("b/python3", prints: "3.11.7 /elsewhere/python3.11")
        _ = try fakes.add(".pyenv/versions/3.9.18/bin/python3", prints: "3.9.18 /py/3.9")
        _ = try fakes.add(".pyenv/versions/3.11.7/bin/python3", prints: "3.11.7 /real/python3.11")
        let last = try fakes.add(".pyenv/versions/3.13.0/bin/python3", prints: "3.13.0 /py/with space/3.13")
        _ = try fakes.add(".pyenv/versions/2.7.18/bin/python3", prints: "2.7.18 /py/2")
        let findings = fakes.finder().find(paths: [])
        #expect(findings.usable.map(\.path) == [first, last])
        #expect(findings.usable.map(\.version) == ["3.11.7", "3.13.0"])
        #expect(findings.usable.last?.realPath == "/py/with space/3.13")
        #expect(findings.unusable.isEmpty)
        #expect(try fakes.finder().defaultPython().path == first)
    }

    @Test func namedPathsAreTheOnlyOnes() throws {
        _ = try fakes.add("a/python3", prints: "3.11.7 /real/python3.11")
        let named = try fakes.add("elsewhere/python", prints: "3.12.1 /real/python3.12")
        #expect(fakes.finder().find(paths: [named]).usable.map(\.path) == [named])
        #expect(fakes.finder().find(paths: ["python3"]).usable.map(\.version) == ["3.11.7"])
    }

    @Test func whatCannotBeUsedIsNamed() throws {
        let old = try fakes.add("old/python", prints: "3.9.18 /py/3.9")
        let broken = try fakes.add("broken/python", prints: "no module named platform", status: 1)
        let missing = fakes.folder.appendingPathComponent("missing").path
        let findings = fakes.finder().find(paths: [old, broken, missing])
        #expect(findings.usable.isEmpty)
        #expect(findings.unusable.count == 3)
        #expect(findings.unusable[0].reason == "\(old) is Python 3.9.18")
        #expect(findings.unusable[1].reason.contains("no module named platform"))
        #expect(findings.unusable[2].reason.contains(missing))
        for failure in findings.unusable { #expect(!failure.remedy.isEmpty) }
    }

    @Test func aMachineWithoutPythonIsToldWhatToInstall() {
        let findings = fakes.finder().find(paths: [])
        #expect(findings.unusable.map(\.reason) == ["no Python 3.10 or later was found"])
        #expect(findings.unusable[0].remedy.contains("apt-get install python3 python3-dev python3-venv"))
        #expect(throws: SetupFailure.self) { try fakes.finder().defaultPython() }
    }

    @Test(arguments: [
        ("3.9.18", false), ("3.10.0", true), ("3.14.0rc1", true), ("4.0.0", true), ("2.7.18", false), ("", false),
    ])
    func versionsFrom310OnAreSuitable(_ version: String, _ suitable: Bool) {
        #expect(PythonInterpreter(path: "", realPath: "", version: version).isSuitable == suitable)
    }
}

@Suite struct DiagnosisTests {
    private let environment = PythonEnvironment(
        of: PythonInterpreter(path: "/usr/bin/python3", realPath: "/usr/bin/python3.11", version: "3.11.2"),
        in: URL(fileURLWithPath: "/nowhere"))

    @Test(arguments: [
        ("The virtual environment was not created successfully because ensurepip is not available.", "python3.11-venv"),
        ("/usr/bin/python3: No module named venv", "python3.11-venv"), ("No module named pip", "python3-pip"),
        ("fatal error: Python.h: No such file or directory", "python3.11-dev"),
        ("error: command 'gcc' failed: No such file or directory", "build-essential"),
        ("Failed to establish a new connection: NewConnectionError", "PIP_INDEX_URL"),
        ("ERROR: No matching distribution found for rememory==0.3.4", "PIP_INDEX_URL"),
        ("something else", "/usr/bin/python3"),
    ])
    func complaintsLeadToRemedies(_ complaint: String, _ remedy: String) {
        let failure = environment.diagnosis(of: CommandOutput(status: 1, text: complaint), doing: "be used")
        #expect(failure.remedy.contains(remedy))
        #expect(failure.reason.contains("3.11.2") && failure.reason.contains("/usr/bin/python3"))
    }

    @Test func anInterpreterThatCannotMakeEnvironmentsIsNamed() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("none-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let interpreter = PythonInterpreter(path: "/bin/false", realPath: "/bin/false", version: "3.12.0")
        let environment = PythonEnvironment(of: interpreter, in: folder)
        #expect(!environment.isReady)
        #expect(throws: SetupFailure.self) { try environment.prepare() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func foldersDifferByVersionAndPlace() {
        let folder = URL(fileURLWithPath: "/e")
        let names = [("/a", "3.12.1"), ("/b", "3.12.1"), ("/a", "3.12.2")].map { path, version in
            PythonEnvironment(of: PythonInterpreter(path: "p", realPath: path, version: version), in: folder).folder
                .path
        }
        #expect(Set(names).count == 3)
        #expect(names[0].hasPrefix("/e/python-3.12.1-"))
    }
}
