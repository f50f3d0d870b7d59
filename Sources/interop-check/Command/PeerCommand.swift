import ArgumentParser
import PeerProtocol

/// `interop-check peer`: Rememory, driven by JSON lines.
struct PeerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peer",
        abstract: "Does what JSON lines on standard input say, with a line of JSON for each.",
        discussion: "The Swift side of every check, through the library's public interface."
    )

    func run() throws {
        var loop = PeerLoop()
        try loop.run()
    }
}
