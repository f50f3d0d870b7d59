import ChildProcess
import Foundation

/// A script that the machine's `python3` runs, to compare with what CPython itself makes of pickles.
///
///     let copies = try PythonScript("for data in inputs: out(pickle.dumps(pickle.loads(data), 4))").run(pickles)
struct PythonScript {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let text: String

    /// - Parameter body: Python statements. They find the inputs, each a `bytes`, in the list `inputs`, and give results
    ///   with `out(…)`, a `bytes` or `str` each.
    init(_ body: String) {
        text = """
            import sys, pickle
            inputs = [bytes.fromhex(line) for line in sys.stdin.read().splitlines()]
            def out(data):
                print((data.encode('utf-8', 'surrogatepass') if isinstance(data, str) else data).hex())
            \(body)
            """
    }

    /// Runs the script and gives its results.
    ///
    /// - Throws: ``Failure`` with what Python said, where it did not come to its end.
    func run(_ inputs: [[UInt8]] = []) throws -> [[UInt8]] {
        let python: ChildProcess
        do {
            python = try ChildProcess(["python3", "-c", text])
        } catch {
            throw Failure(description: "these tests need a python3 (3.10 or newer) on the PATH: \(error)")
        }
        let lines = inputs.map { bytes in
            bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        try python.standardInput.write(contentsOf: Data(lines.joined(separator: "\n").utf8))
        try python.standardInput.close()
        let result = String(decoding: try python.standardOutput.readToEnd() ?? Data(), as: UTF8.self)
        let ending = python.wait()
        guard ending == .exited(0) else {
            throw Failure(description: "python3 ended with \(ending), see its message above")
        }
        return result.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { hex(String($0)) }
    }
}
