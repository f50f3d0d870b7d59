import Foundation

@testable import interop_check

/// What the tests that need processes share: the built tool, and an environment for the default Python.
enum TestStage {
    static let troupe: Result<Troupe, any Error> = Result {
        Troupe(installation: try Installation(executable: URL(fileURLWithPath: CommandLine.arguments[0])))
    }

    /// The environment of `python3`, made at the first use.
    static let environment: Result<PythonEnvironment, any Error> = Result {
        let environment = PythonEnvironment(
            of: try PythonFinder().defaultPython(), in: try troupe.get().installation.environments)
        try environment.prepare()
        return environment
    }

    /// Runs a body on a stage of its own, and clears up after it.
    static func play(seed: UInt64 = 1, _ body: (Stage) throws -> Void) throws {
        let stage = Stage(troupe: try troupe.get(), environment: try environment.get(), seed: seed)
        defer { stage.clear() }
        try body(stage)
    }
}
