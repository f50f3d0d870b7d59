import ArgumentParser
import Foundation
import PeerProtocol
import PickleCodec

/// `rememoryctl pickle`: the codec from the shell.
struct PickleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pickle",
        abstract: "Looks into files that hold a pickle, without running any of it.",
        subcommands: [Show.self, Disassemble.self, Globals.self, Transcode.self]
    )

    /// `rememoryctl pickle show`
    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Prints the value, as Python's repr.")

        @Argument(help: "The file, - for standard input.") var file: String
        @Flag(help: "Print JSON, with what JSON has not as tagged objects.") var json = false

        func run() throws {
            let value = try PickleValue(pickle: InputFile.bytes(file))
            if json { return Output.json(try JSON(tagging: value)) }
            Output.line(value.repr())
        }
    }

    /// `rememoryctl pickle dis`
    struct Disassemble: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "dis", abstract: "Lists the instructions, as Python's pickletools.dis.")

        @Argument(help: "The file, - for standard input.") var file: String

        func run() throws {
            let listing = PickleListing(try InputFile.bytes(file))
            Output.lines(String(listing.description.dropLast()))
            if let failure = listing.failure { throw failure }
        }
    }

    /// `rememoryctl pickle globals`
    struct Globals: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "globals",
            abstract: "Lists the classes and functions that the pickle names, and which of them Python would call.")

        @Argument(help: "The file, - for standard input.") var file: String
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let inspection = try PickleInspection(InputFile.bytes(file))
            if json {
                return Output.json(
                    .array(
                        inspection.globals.map { global in
                            ["name": .string(global.name.description), "called": .bool(global.isCalled)]
                        }))
            }
            for global in inspection.globals {
                Output.line((global.isCalled ? "called  " : "named   ") + global.name.description)
            }
            if inspection.hasIndirectCalls { Output.line("called  what another call returns: it may be anything") }
        }
    }

    /// `rememoryctl pickle transcode`
    struct Transcode: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "transcode",
            abstract: "Writes the pickle anew, in protocol 4, to standard output or a file.")

        @Argument(help: "The file, - for standard input.") var file: String
        @Option(name: .shortAndLong, help: ArgumentHelp("Where to write it.", valueName: "file")) var output: String?

        func run() throws {
            let bytes = try PickleGraph(decoding: InputFile.bytes(file)).encoded()
            guard let output else { return try Output.bytes(bytes) }
            do {
                try Data(bytes).write(to: URL(fileURLWithPath: output), options: .atomic)
            } catch {
                throw Failure.file(output, error)
            }
        }
    }
}
