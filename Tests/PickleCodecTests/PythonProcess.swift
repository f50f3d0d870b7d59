import ChildProcess
import Foundation

/// The machine's `python3`, for comparing with the real thing.
enum PythonProcess {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Runs a script with some bytes as its standard input and gives its standard output.
    ///
    /// Scripts find `pickle`, `io`, `json` and `sys` imported, the input in `data`, and `out(bytes_or_str)` for the output.
    static func run(_ script: String, input: [UInt8] = []) throws -> [UInt8] {
        var environment = ProcessInfo.processInfo.environment
        environment["PYTHONHASHSEED"] = "0"
        environment["PYTHONIOENCODING"] = "utf-8:surrogatepass"
        let python = try ChildProcess(["python3", "-c", prelude + script], environment: environment, errors: .pipe)
        let writer = Thread {
            try? python.standardInput.write(contentsOf: Data(input))
            try? python.standardInput.close()
        }
        writer.start()
        let output = try python.standardOutput.readToEnd() ?? Data()
        let complaint = try python.standardError.readToEnd() ?? Data()
        let ending = python.wait()
        guard ending == .exited(0) else {
            throw Failure(description: "python3 ended with \(ending): " + String(decoding: complaint, as: UTF8.self))
        }
        return [UInt8](output)
    }

    /// What a script prints for each of several inputs, in one process: `each(data)` is called with every input and its
    /// result, bytes or str, is the output.
    static func map(_ inputs: [[UInt8]], _ script: String) throws -> [[UInt8]] {
        var packed: [UInt8] = []
        for input in inputs {
            packed += (0..<4).map { UInt8(truncatingIfNeeded: input.count >> (8 * $0)) }
            packed += input
        }
        let output = try run(
            script + """

                position = 0
                while position < len(data):
                    end = position + 4 + int.from_bytes(data[position:position + 4], "little")
                    result = each(data[position + 4:end])
                    if isinstance(result, str): result = result.encode("utf-8", "surrogatepass")
                    out(len(result).to_bytes(4, "little") + result)
                    position = end
                """, input: packed)
        var results: [[UInt8]] = []
        var rest = output[...]
        while rest.count >= 4 {
            let count = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            results.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
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

    private static let prelude = """
        import io, json, pickle, pickletools, sys
        sys.setrecursionlimit(20_000)
        data = sys.stdin.buffer.read()
        def out(result):
            if isinstance(result, str): result = result.encode("utf-8", "surrogatepass")
            sys.stdout.buffer.write(result)

        """
}
