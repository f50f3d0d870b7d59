import ArgumentParser
import Foundation
import Rememory

/// `rememoryctl keep`
struct KeepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keep",
        abstract: "Keeps blocks alive while only Python programs come and go.",
        discussion: """
            A Python process that exits takes the blocks away that it had open. While this program runs they stay, with \
            everything in them. Ctrl-C ends it.
            """
    )

    @Argument(help: "The blocks. One that there is not is kept as soon as somebody creates it.") var names: [String]
    @OptionGroup var options: BlockOptions

    func run() throws {
        let keeper = try Rememory.keep(names, options: options.rememory)
        defer { keeper.close() }
        for name in keeper.names {
            Output.line(keeper.guardedNames.contains(name) ? "keeping \(name)" : "waiting for \(name) to be created")
        }
        let ended = DispatchSemaphore(value: 0)
        let signals = SignalWatch([SIGINT, SIGTERM, SIGHUP]) { _ in ended.signal() }
        defer { signals.end() }
        ended.wait()
    }
}
