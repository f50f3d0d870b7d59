import Testing

@testable import interop_check

/// Swift and Python processes side by side: every check of `interop-check`, with the default Python.
@Suite struct InteropTests {
    @Test(arguments: CheckRegistry.all)
    func holdsWithTheDefaultPython(_ check: Check) throws {
        let seed = UInt64.random(in: 1...999_999_999)
        let environment: PythonEnvironment
        do {
            environment = try TestStage.environment.get()
        } catch {
            Issue.record("The cross-language checks need Python 3.10 or later. \(error)")
            return
        }
        let result = CheckRunner.run(check, on: try TestStage.troupe.get(), in: environment, seed: seed)
        if let failure = result.failure {
            Issue.record(
                """
                \(check.promise)
                \(failure)
                Again with: swift run interop-check --filter \(check.name) --seed \(seed)
                """)
        }
    }

    @Test func whatACheckMadeIsRemovedAlsoWhenItFails() throws {
        var prefix = ""
        let check = Check("test.failing", "It fails.") { stage in
            let name = stage.name()
            for peer in [try stage.swift(), try stage.python()] { try peer.ok("dict.set", name, key: 1, value: 1) }
            throw CheckFailure(name)
        }
        let result = CheckRunner.run(
            check, on: try TestStage.troupe.get(), in: try TestStage.environment.get(), seed: 1)
        prefix = try #require(result.failure)
        #expect(SharedMemory.names(containing: prefix) == [])
    }
}
