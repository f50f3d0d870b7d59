import ArgumentParser
import Foundation
import PeerProtocol

/// `interop-check`: every check with every Python.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs the checks with every suitable Python of this machine (the default).",
        discussion: """
            Finds each python3 on the path and those that pyenv manages (3.10 or later), makes an environment with \
            rememory \(PythonEnvironment.packageVersion) for each of them under .build, once, and runs Swift and \
            Python processes side by side.

            Each check is run with the package as it is; with the newest Python once more in processes that import \
            rememory_guard, or with all Pythons (--guarded all).

            Status: 0 all checks hold, 1 a check failed, 2 something could not run (the reason and the remedy are \
            printed).
            """
    )

    @Option(name: .customLong("python"), help: "Use this Python, and only those named so. May be repeated.")
    var pythons: [String] = []

    @Option(name: .customLong("filter"), help: "Run the checks whose names contain this. May be repeated.")
    var filters: [String] = []

    @Flag(name: .customLong("list"), help: "List the checks and what each promises, and run none.")
    var lists = false

    @Option(help: "The seed of random checks; a run prints the one it used.")
    var seed: UInt64 = UInt64.random(in: 1...999_999_999)

    @Option(help: "How many Pythons to check at once.")
    var jobs = max(1, min(4, ProcessInfo.processInfo.activeProcessorCount))

    @Option(help: "With which Pythons to run the checks once more with rememory_guard imported: newest, all or none.")
    var guarded = GuardedRuns.newest

    @Option(help: "How much more often than usual the survival checks kill and end processes.")
    var intensity = 1

    @Option(name: .customLong("json"), help: "Also write the results to this file, as JSON.")
    var jsonFile: String?

    @Option(name: .customLong("junit"), help: "Also write the results to this file, in JUnit's form.")
    var junitFile: String?

    func validate() throws {
        if intensity < 1 { throw ValidationError("--intensity is \(intensity), expected at least 1") }
        if jobs < 1 { throw ValidationError("--jobs is \(jobs), expected at least 1") }
        if CheckRegistry.matching(filters).isEmpty {
            throw ValidationError("no check's name contains \(filters.joined(separator: " or ")); see --list")
        }
    }

    func run() throws {
        let checks = CheckRegistry.matching(filters)
        if lists {
            print(Self.listing(of: checks))
            return
        }
        let report: RunReport
        do throws(SetupFailure) {
            report = try self.report(on: checks)
        } catch {
            report = RunReport(seed: seed, unusable: [error])
        }
        print(ResultTable(report: report))
        try write(report)
        throw ExitCode(report.status)
    }

    private func report(on checks: [Check]) throws(SetupFailure) -> RunReport {
        let installation = try Installation()
        let findings = PythonFinder().find(paths: pythons)
        SharedMemory.removeLeftovers()
        let interruption = Interruption()
        defer { interruption.cancel() }
        let runner = CheckRunner(
            troupe: Troupe(installation: installation, intensity: intensity), checks: checks, seed: seed, jobs: jobs,
            progress: Progress())
        let newest = findings.usable.last
        var report = runner.run(with: findings.usable) { interpreter in
            switch guarded {
            case .newest: interpreter == newest
            case .all: true
            case .none: false
            }
        }
        report.unusable = findings.unusable + report.unusable
        return report
    }

    private func write(_ report: RunReport) throws {
        do {
            if let jsonFile {
                try Data((report.json.description + "\n").utf8).write(to: URL(fileURLWithPath: jsonFile))
            }
            if let junitFile { try Data(report.junit.utf8).write(to: URL(fileURLWithPath: junitFile)) }
        } catch {
            print("the results can't be written: \(error)")
            throw ExitCode(2)
        }
    }

    static func listing(of checks: [Check]) -> String {
        let width = checks.map(\.name.count).max() ?? 0
        return checks.map { check in
            check.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + check.promise
        }.joined(separator: "\n")
    }
}

/// Which Pythons run the checks a second time, cured by `rememory_guard`.
enum GuardedRuns: String, CaseIterable, ExpressibleByArgument {
    case newest, all, none
}
