import Foundation
import PeerProtocol
import PickleCodec
import Testing

@testable import interop_check

/// Where one test of the built `rememoryctl` plays: its blocks, its Python processes, a folder for its files.
final class CtlStage {
    /// How the program ended, and what it said.
    struct Ending {
        let status: Int32
        let output: String
        let errors: String

        /// The output without its last newline.
        var text: String { output.hasSuffix("\n") ? String(output.dropLast()) : output }
        var json: JSON { get throws { try JSON(parsing: Data(output.utf8)) } }
    }

    let stage: Stage
    let folder: URL
    let tool: String

    private static let troupe: Result<Troupe, any Error> = Result {
        Troupe(installation: try Installation(executable: URL(fileURLWithPath: CommandLine.arguments[0])))
    }

    /// An environment of `python3` with a version of the package, made at the first use.
    static func environment(_ version: String = PythonEnvironment.packageVersion) throws -> PythonEnvironment {
        let environment = PythonEnvironment(
            of: try PythonFinder().defaultPython(), in: try troupe.get().installation.environments,
            packageVersion: version)
        try environment.prepare()
        return environment
    }

    private init() throws {
        let troupe = try CtlStage.troupe.get()
        stage = Stage(troupe: troupe, environment: try CtlStage.environment(), seed: 1)
        tool = troupe.installation.executable.deletingLastPathComponent().appendingPathComponent("rememoryctl").path
        try #require(FileManager.default.isExecutableFile(atPath: tool), "rememoryctl is not built: swift build")
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("rememoryctl-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Runs a body on a stage of its own, and clears up after it.
    static func play<Result>(_ body: (CtlStage) throws -> Result) throws -> Result {
        let stage = try CtlStage()
        defer {
            stage.stage.clear()
            try? FileManager.default.removeItem(at: stage.folder)
        }
        return try body(stage)
    }

    /// A block name that nobody else uses.
    func name(_ hint: String = "b") -> String { stage.name(hint) }

    /// A Swift process that speaks the peer protocol.
    func swift() throws -> Peer { try stage.swift() }

    func start(_ role: String, _ command: [String]) throws -> LineProcess { try stage.start(role, command) }

    func file(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Runs the program to its end, in the stage's folder.
    func run(_ arguments: [String], input: String = "") throws -> Ending {
        let process = try start(arguments)
        process.write(Data(input.utf8))
        let status = try process.finish(timeout: 120)
        return Ending(status: status, output: process.remainingOutput, errors: process.complaints)
    }

    func run(_ arguments: String..., input: String = "") throws -> Ending { try run(arguments, input: input) }

    /// Runs what must work.
    @discardableResult
    func ok(_ arguments: String..., input: String = "", at location: SourceLocation = #_sourceLocation) throws -> Ending
    {
        let ending = try run(arguments, input: input)
        #expect(
            ending.status == 0, "rememoryctl \(arguments.joined(separator: " ")): \(ending.errors)",
            sourceLocation: location)
        return ending
    }

    /// Runs what must fail with a status, and say why.
    func fails(
        _ status: Int32, _ arguments: String..., saying words: String = "", input: String = "",
        at location: SourceLocation = #_sourceLocation
    ) throws {
        let ending = try run(arguments, input: input)
        let command = "rememoryctl \(arguments.joined(separator: " "))"
        #expect(ending.status == status, "\(command): \(ending.errors)", sourceLocation: location)
        #expect(
            words.isEmpty || ending.errors.contains(words), "\(command): \(ending.errors)", sourceLocation: location)
        #expect(!ending.errors.isEmpty, "\(command) says nothing", sourceLocation: location)
    }

    func start(_ arguments: [String]) throws -> LineProcess {
        try stage.start("rememoryctl", ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder.path, tool] + arguments)
    }

    /// A Python process with the package, that runs these lines and then what is written to it, line by line, saying
    /// `ok` after each.
    func python(_ code: String, _ arguments: [String] = [], version: String = PythonEnvironment.packageVersion) throws
        -> LineProcess
    {
        let loop = """
            import sys
            import rememory
            \(code)
            print('ok', flush=True)
            for line in sys.stdin:
                exec(line)
                print('ok', flush=True)
            """
        let environment = try CtlStage.environment(version)
        let process = try stage.start("Python", [environment.python, "-B", "-c", loop] + arguments)
        try expectLine("ok", of: process, timeout: 60)
        return process
    }

    /// Waits for a line.
    func expectLine(_ line: String, of process: LineProcess, timeout: TimeInterval = 60) throws {
        let found = String(decoding: try process.readLine(timeout: timeout), as: UTF8.self)
        try #require(found == line, "\(process.label) says \(found)\n\(process.complaints)")
    }

    /// Lets a Python of ``python(_:_:version:)`` run a line.
    func tell(_ process: LineProcess, _ line: String) throws {
        process.write(line: line)
        try expectLine("ok", of: process)
    }
}
