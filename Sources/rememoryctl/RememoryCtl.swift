import ArgumentParser
import Foundation
import Rememory

/// The command line.
@main
struct RememoryCtl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rememoryctl",
        abstract: "Sees, changes, watches, moves and repairs the blocks that Swift and Python processes share.",
        discussion: """
            A block is named as its processes name it. Its type is guessed from what is there; --type says it where \
            that is not enough.

            PATH leads into a value: player1.score, log.0, log.-1. A part in brackets is JSON, for keys that are not \
            strings or have dots in them: ["a.b"].score, [42], [true], [{"$tuple": [1, 2]}]. A part without brackets \
            is a string key of a dict, an index of a list, an attribute of an object.

            VALUE is JSON; what JSON has not is written as an object with one key: {"$tuple": [1, 2]}, \
            {"$set": [1, 2]}, {"$bytes": "YWI="}, {"$dict": [[1, "a"]]}, {"$pickle": "gASV…"}. - reads it from \
            standard input.

            Status: 0 done, 1 no such key or block, 2 usage, or a file that can't be read or written, 3 the lock was \
            not to be had in time, 4 the content is not fit for it.
            """,
        version: "\(RememoryPackage.version), for rememory \(RememoryPackage.pythonVersion)",
        subcommands: [
            ListCommand.self, ShowCommand.self, GetCommand.self, SetCommand.self, DeleteCommand.self,
            AppendCommand.self, AddCommand.self, RemoveCommand.self, ExportCommand.self, ImportCommand.self,
            MigrateCommand.self, DoctorCommand.self, AuditCommand.self, SwiftCommand.self,
            WatchCommand.self, TopCommand.self, KeepCommand.self, PickleCommand.self,
            RunCommand.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot(NegativeNumbers.marked(Array(CommandLine.arguments.dropFirst())))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            Foundation.exit(Failure.report(error))
        }
    }
}
