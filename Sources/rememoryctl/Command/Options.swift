public import ArgumentParser
import PickleCodec
public import Rememory

extension BlockKind: ExpressibleByArgument {}

/// How a value is printed.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON, with what JSON has not as tagged objects.")
    var json = false

    @Flag(help: "Print the bytes of the pickle, for a file or another program.")
    var pickle = false

    func validate() throws {
        if json, pickle { throw ValidationError("--json and --pickle exclude each other") }
    }
}

/// How a block is opened.
struct BlockOptions: ParsableArguments {
    @Option(help: "What the block is: \(BlockKind.allCases.map(\.rawValue).joined(separator: ", ")).")
    var type: BlockKind?

    @Option(help: "The format of a number, by Python's name: INT8 … UINT64, FLOAT32, FLOAT64.")
    var format: String?

    @Option(help: ArgumentHelp("How long to wait for the lock.", valueName: "seconds"))
    var timeout = 10.0

    @Flag(help: "Accept blocks that belong to another user.")
    var otherOwners = false

    func validate() throws {
        if !(timeout >= 0 && timeout.isFinite) { throw ValidationError("--timeout is \(timeout), expected 0 or more") }
        if let format, IntFormat(rawValue: format.uppercased()) == nil,
            FloatFormat(rawValue: format.uppercased()) == nil
        {
            throw ValidationError("--format is \(format), expected one of INT8 … UINT64, FLOAT32, FLOAT64")
        }
    }

    var rememory: RememoryOptions {
        RememoryOptions(timeout: .seconds(min(timeout, 1e9)), acceptsOtherOwners: otherOwners)
    }
}

/// A value that is given on the command line.
struct InputOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "VALUE is a string as it stands, not JSON.")
    var string = false

    @Flag(help: "VALUE is a file that holds a pickle, - for standard input.")
    var fromPickle = false

    func validate() throws {
        if string, fromPickle { throw ValidationError("--string and --from-pickle exclude each other") }
    }

    /// The value that the argument stands for.
    func value(_ argument: String) throws -> PickleValue {
        let argument = NegativeNumbers.unmarked(argument)
        if fromPickle { return try PickleValue(pickle: InputFile.bytes(argument)) }
        let text = argument == "-" ? String(decoding: try InputFile.bytes("-"), as: UTF8.self) : argument
        if string { return PickleValue(text) }
        do throws(PickleError) {
            return try PickleValue(taggedJSON: Array(text.utf8))
        } catch {
            throw Failure.usage(
                "VALUE is no JSON: \(error)", remedy: "A string is written as '\"text\"', or as text with --string")
        }
    }
}
