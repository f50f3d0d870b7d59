import ChildProcess
import Foundation

/// The machine's `python3`, to compare with what CPython itself makes of pickles.
///
///     let copies = try PythonProcess.run("for data in inputs: out(pickle.dumps(pickle.loads(data), 4))", pickles)
enum PythonProcess {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a script and gives its results.
    ///
    /// Scripts find `io`, `json`, `pickle`, `pickletools` and `sys` imported, and the inputs, each a `bytes`, in the list
    /// `inputs`. They give each result, a `bytes` or `str`, with `out(…)`.
    ///
    /// - Throws: ``Failure`` with what Python said, where it did not come to its end.
    static func run(_ script: String, _ inputs: [[UInt8]] = []) throws -> [[UInt8]] {
        let environment = ProcessInfo.processInfo.environment.merging(["PYTHONHASHSEED": "0"]) { $1 }
        let python: ChildProcess
        do {
            python = try ChildProcess(["python3", "-c", prelude + script], environment: environment, errors: .pipe)
        } catch {
            throw Failure(description: "these tests need a python3 (3.10 or newer) in PATH: \(error)")
        }
        // It may fill the pipe with results before it has read all inputs.
        let writer = Thread {
            try? python.standardInput.write(contentsOf: Data(packed(inputs)))
            try? python.standardInput.close()
        }
        writer.start()
        let output = try python.standardOutput.readToEnd() ?? Data()
        let complaint = try python.standardError.readToEnd() ?? Data()
        let ending = python.wait()
        guard ending == .exited(0) else {
            throw Failure(description: "python3 ended with \(ending): " + String(decoding: complaint, as: UTF8.self))
        }
        return unpacked([UInt8](output))
    }

    /// The one result of a script.
    static func result(of script: String) throws -> [UInt8] {
        let results = try run(script)
        guard let result = results.first, results.count == 1 else {
            throw Failure(description: "expected one result of python3, found \(results.count)")
        }
        return result
    }

    /// What a function makes of each of several inputs: the script defines `each(data)`, which returns `bytes` or `str`.
    static func map(_ inputs: [[UInt8]], _ script: String) throws -> [[UInt8]] {
        let results = try run(script + "\nfor data in inputs: out(each(data))", inputs)
        guard results.count == inputs.count else {
            throw Failure(description: "expected \(inputs.count) results of python3, found \(results.count)")
        }
        return results
    }

    /// The pickles of some expressions, in a protocol.
    static func pickles(of expressions: [String], protocol number: Int = 4) throws -> [[UInt8]] {
        try map(
            expressions.map { Array($0.utf8) },
            """
            import array, collections, datetime, decimal, enum, fractions, pathlib, uuid
            from collections import *
            from datetime import *
            from decimal import Decimal
            from fractions import Fraction
            nan, inf = float("nan"), float("inf")
            def each(text): return pickle.dumps(eval(text.decode()), \(number))
            """)
    }

    // MARK: - Several byte strings in one stream, each behind its length

    private static func packed(_ parts: [[UInt8]]) -> [UInt8] {
        parts.flatMap { part in (0..<4).map { UInt8(truncatingIfNeeded: part.count >> (8 * $0)) } + part }
    }

    private static func unpacked(_ bytes: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var rest = bytes[...]
        while rest.count >= 4 {
            let count = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            parts.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return parts
    }

    private static let prelude = """
        import io, json, pickle, pickletools, sys
        sys.setrecursionlimit(20_000)
        def out(result):
            if isinstance(result, str): result = result.encode("utf-8", "surrogatepass")
            sys.stdout.buffer.write(len(result).to_bytes(4, "little") + result)
        inputs = []
        while count := sys.stdin.buffer.read(4):
            inputs.append(sys.stdin.buffer.read(int.from_bytes(count, "little")))

        """
}
