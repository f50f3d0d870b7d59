import ArgumentParser
import Rememory

/// The command line: checks by default, and the Swift side of every check as `peer`.
@main
struct InteropCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interop-check",
        abstract: "Proves that Swift and unmodified Python processes share every kind of block.",
        version: "\(RememoryPackage.version), checked against rememory \(RememoryPackage.pythonVersion)",
        subcommands: [RunCommand.self, PeerCommand.self, SoakCommand.self, BenchCommand.self, RacerCommand.self],
        defaultSubcommand: RunCommand.self
    )
}
