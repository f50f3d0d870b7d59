import ChildProcess
import Foundation

/// A running `python/pickle_checks.py`, which sends pickles and may read answers.
final class PythonChecks {
    /// One pickle and what CPython did with it.
    struct Record {
        enum Outcome: UInt8 { case refused, loaded, unknown }

        var outcome: Outcome
        var pickle: [UInt8]
    }

    /// Why the script can't be used.
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let process: ChildProcess

    /// Starts the script with the first `python3` in PATH.
    init(_ arguments: [String]) throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        let script = root.appending(path: "python/pickle_checks.py").path
        // The order of sets depends on it: the same seed is to give the same pickles.
        let hashSeed = arguments.dropFirst().first ?? "0"
        let environment = ProcessInfo.processInfo.environment.merging(["PYTHONHASHSEED": hashSeed]) { $1 }
        do {
            process = try ChildProcess(["python3", script] + arguments, environment: environment)
        } catch {
            throw Failure(description: "these tests need python3 in PATH (Debian: apt install python3): \(error)")
        }
    }

    deinit { process.kill() }

    /// The next record, or `nil` at the end.
    func next() throws -> Record? {
        guard let header = try read(5) else {
            let ending = process.wait()
            guard ending == .exited(0) else {
                throw Failure(
                    description: "pickle_checks.py ended with \(ending) (3: no test.test_pickle); see standard error")
            }
            return nil
        }
        let count = header[1...].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard let outcome = Record.Outcome(rawValue: header[0]), let pickle = try read(count) else {
            throw Failure(description: "pickle_checks.py sent no whole record")
        }
        return Record(outcome: outcome, pickle: pickle)
    }

    /// Sends what was made of a pickle.
    func answer(_ pickle: [UInt8]?) throws {
        let count = UInt32(pickle?.count ?? 0)
        var data = Data([pickle == nil ? 0 : 1])
        for index in 0..<4 { data.append(UInt8(truncatingIfNeeded: count >> (8 * UInt32(index)))) }
        data.append(contentsOf: pickle ?? [])
        try process.standardInput.write(contentsOf: data)
    }

    private func read(_ count: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard let part = try process.standardOutput.read(upToCount: count - bytes.count), !part.isEmpty else {
                return nil
            }
            bytes.append(contentsOf: part)
        }
        return bytes
    }
}
