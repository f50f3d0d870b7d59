import Foundation

/// Runs checks with Pythons: several Pythons side by side, the checks of one after another.
struct CheckRunner: Sendable {
    let troupe: Troupe
    let checks: [Check]
    let seed: UInt64
    let jobs: Int
    let progress: Progress

    /// Prepares the environments, and runs every check in each of those that could be prepared.
    ///
    /// - Parameter isGuarded: Whether to run them with the Python once more, with `rememory_guard`.
    func run(
        with interpreters: [PythonInterpreter], isGuarded: @Sendable (PythonInterpreter) -> Bool = { _ in false }
    ) -> RunReport {
        let collected = Collected(RunReport(seed: seed))
        let prepared = prepare(interpreters, collected)
        let casts = prepared + prepared.filter { isGuarded($0.interpreter) }.map { $0.guarded() }
        progress.expect(casts.count * checks.count)
        sideBySide(casts) { environment in
            for check in checks {
                let what = "\(environment.label) \(check.name)"
                progress.started(what)
                let result = Self.run(check, on: troupe, in: environment, seed: seed)
                collected.change { $0.results.append(result) }
                progress.finished(what, result)
            }
        }
        progress.end()
        return collected.report.inOrder(of: checks)
    }

    /// The environments that are ready afterwards; of the others the report has the reason.
    private func prepare(_ interpreters: [PythonInterpreter], _ collected: Collected) -> [PythonEnvironment] {
        let environments = interpreters.map { PythonEnvironment(of: $0, in: troupe.installation.environments) }
        sideBySide(environments) { environment in
            if environment.isReady { return }
            progress.note("making an environment for Python \(environment.version) (\(environment.interpreter.path))")
            do throws(SetupFailure) {
                try environment.prepare()
            } catch {
                progress.note("NOT RUN  Python \(environment.version): no environment, the reason stands below")
                collected.change { $0.unusable.append(error) }
            }
        }
        return environments.filter(\.isReady)
    }

    private func sideBySide(
        _ environments: [PythonEnvironment], _ work: @escaping @Sendable (PythonEnvironment) -> Void
    ) {
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = jobs
        for environment in environments { queue.addOperation { work(environment) } }
        queue.waitUntilAllOperationsAreFinished()
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
            check: check.name, promise: check.promise, python: environment.label, outcome: outcome,
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
