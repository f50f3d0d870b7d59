import Foundation

/// Runs checks with Pythons: several Pythons side by side, the checks of one after another.
struct CheckRunner: Sendable {
    let troupe: Troupe
    let checks: [Check]
    let seed: UInt64
    let jobs: Int
    let progress: Progress

    /// Prepares the environments and runs every check in each.
    func run(with interpreters: [PythonInterpreter]) -> RunReport {
        let collected = Collected(RunReport(seed: seed))
        progress.expect(interpreters.count * checks.count)
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = jobs
        for interpreter in interpreters {
            queue.addOperation {
                let environment = PythonEnvironment(of: interpreter, in: troupe.installation.environments)
                do {
                    if !environment.isReady {
                        progress.note("making an environment for Python \(environment.version) (\(interpreter.path))")
                    }
                    try environment.prepare()
                } catch {
                    progress.note("NOT RUN  Python \(environment.version): no environment, the reason stands below")
                    collected.change {
                        $0.unusable.append(error as? SetupFailure ?? SetupFailure("\(error)", remedy: "-"))
                    }
                    return
                }
                for check in checks {
                    let what = "\(environment.version) \(check.name)"
                    progress.started(what)
                    let result = Self.run(check, on: troupe, in: environment, seed: seed)
                    collected.change { $0.results.append(result) }
                    progress.finished(what, result)
                }
            }
        }
        queue.waitUntilAllOperationsAreFinished()
        progress.end()
        return collected.report.inOrder(of: checks)
    }

    /// Runs one check and clears up after it.
    static func run(
        _ check: Check, on troupe: Troupe, in environment: PythonEnvironment, seed: UInt64
    ) -> CheckResult {
        let start = Date()
        let stage = Stage(troupe: troupe, environment: environment, seed: seed)
        defer { stage.clear() }
        var outcome = CheckResult.Outcome.passed
        do {
            try check.run(stage)
        } catch {
            outcome = .failed("\(error)")
        }
        return CheckResult(
            check: check.name, promise: check.promise, python: environment.version, outcome: outcome,
            seconds: Date().timeIntervalSince(start))
    }
}

/// A report that several threads add to.
private final class Collected: @unchecked Sendable {
    private let lock = NSLock()
    private var value: RunReport

    init(_ value: RunReport) {
        self.value = value
    }

    var report: RunReport { lock.withLock { value } }

    func change(_ body: (inout RunReport) -> Void) {
        lock.withLock { body(&value) }
    }
}

extension RunReport {
    /// The same report, with the results in the order of the checks.
    fileprivate func inOrder(of checks: [Check]) -> RunReport {
        let places = Dictionary(uniqueKeysWithValues: checks.enumerated().map { ($1.name, $0) })
        var sorted = self
        sorted.results.sort { (places[$0.check] ?? 0, $0.python) < (places[$1.check] ?? 0, $1.python) }
        return sorted
    }
}
