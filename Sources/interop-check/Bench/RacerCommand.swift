import ArgumentParser
import Dispatch
import Foundation
import PeerProtocol
import Rememory

/// `interop-check racer`: adds to a number between two moments, for the benchmark.
struct RacerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "racer", abstract: "Adds to an Int from one moment to another, and says how often.",
        shouldDisplay: false)

    private static let additionsBetweenLooks = 32

    func run() throws {
        var ints: [String: RememoryInt<Int>] = [:]
        while let line = readLine() {
            let request = try JSON(parsing: Data(line.utf8))
            guard let id = request["id"]?.int, let name = request["name"]?.string,
                let start = request["start"]?.int, let end = request["end"]?.int
            else {
                throw ValidationError("\(line) is not {\"id\": …, \"name\": …, \"start\": …, \"end\": …}")
            }
            let int = try ints[name] ?? RememoryInt(name)
            ints[name] = int
            let reply: JSON = ["id": .int(id), "ok": .int(try Self.race(int, from: start, to: end))]
            FileHandle.standardOutput.write(Data((reply.description + "\n").utf8))
        }
    }

    /// - Parameters: `start` and `end` are nanoseconds on the monotonic clock.
    private static func race(_ int: RememoryInt<Int>, from start: Int, to end: Int) throws -> Int {
        var additions = 0
        while DispatchTime.now().uptimeNanoseconds < UInt64(start) {}
        while DispatchTime.now().uptimeNanoseconds < UInt64(end) {
            for _ in 0..<additionsBetweenLooks { try int.add(1) }
            additions += additionsBetweenLooks
        }
        return additions
    }
}
