import ArgumentParser
import Foundation
import PickleCodec
import Rememory

/// `rememoryctl watch`
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Prints changes as they happen, whoever makes them, until Ctrl-C.",
        discussion: """
            Of a dict by key, of a list by index, of other blocks the value. On a terminal a line for people, elsewhere a \
            line of JSON for each change:

              {"change": "changed", "key": "player1", "new": {"score": 11}, "old": {"score": 10}, "time": "…"}

            What comes and goes within a few milliseconds is not seen. The lock is held for no longer than a copy takes.
            """
    )

    @Argument(help: "The block.") var name: String
    @Option(help: ArgumentHelp("Only this key, or index. As a part of a PATH.", valueName: "key")) var key: String?
    @Flag(help: "Print what is there first, as if it were new.") var present = false
    @Flag(help: "Print JSON, also on a terminal.") var json = false
    @Option(help: ArgumentHelp("End after so many changes.", valueName: "count")) var count: Int?
    @OptionGroup var options: BlockOptions

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count is \(count), expected at least 1") }
    }

    func run() async throws {
        let block = try OpenBlock(name, options)
        let wanted = try key.map { try ValuePath($0).parts }
        guard wanted.map({ $0.count == 1 }) ?? true else {
            throw Failure.usage("--key is one key, and '\(key ?? "")' is a path", remedy: "Leave the rest of it out")
        }
        let printer = ChangePrinter(asJSON: json || !Terminal.isOutput)
        let limit = count ?? .max
        let following = Task {
            var seen = 0
            for try await change in block.changes(includingPresent: present) {
                if let part = wanted?.first, try !change.isOf(part) { continue }
                try printer.print(change)
                seen += 1
                if seen >= limit { return }
            }
        }
        let interruption = SignalWatch([SIGINT, SIGTERM, SIGHUP]) { _ in following.cancel() }
        defer { interruption.end() }
        try await following.value
    }
}
