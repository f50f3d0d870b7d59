import ArgumentParser
import PeerProtocol

/// `rememoryctl run`
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Does what JSON lines on standard input say, with a line of JSON for each.",
        discussion: """
            For scripts: one process, many operations, blocks and locks that stay open in between. The operations are \
            those of the peer protocol, for example

              {"id": 1, "op": "dict.add", "name": "game", "key": {"json": "hits"}, "by": 1}
            """
    )

    func run() throws {
        var loop = PeerLoop()
        try loop.run()
    }
}
