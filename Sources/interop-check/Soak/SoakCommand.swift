import ArgumentParser
import Foundation

/// `interop-check soak`: processes of both languages write, grow, exit and are killed for as long as asked.
struct SoakCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "soak",
        abstract: "Writes, grows, exits and kills at random for as long as asked, against a model.",
        discussion: """
            One episode after another, each with a company of Swift and Python processes on blocks of its own and a \
            seed that is one more than the last. The first that diverges from the model ends it, and its seed is \
            printed: --seed with that number begins with the same episode, though not with the same timing.

            Pythons attach only while nobody writes, since attaching writes old values back; those that a growth leaves \
            behind are retired; a Python is killed only when it is the only one. All three are the protocol's. With \
            --guarded the Pythons import rememory_guard, and growth leaves nobody behind.

            Status: 0 nothing diverged, 1 something did, 2 it could not run.
            """
    )

    @Option(help: "How long, in minutes.")
    var minutes = 10.0

    @Option(help: "The seed of the first episode.")
    var seed = UInt64.random(in: 1...999_999_999)

    @Option(help: "Use this Python instead of the one that python3 means.")
    var python: String?

    @Flag(help: "Let the Pythons import rememory_guard.")
    var guarded = false

    func validate() throws {
        guard minutes > 0, minutes < .infinity else {
            throw ValidationError("--minutes is \(minutes), expected more than 0")
        }
    }

    func run() throws {
        let environment: PythonEnvironment
        let installation: Installation
        do throws(SetupFailure) {
            installation = try Installation()
            let plain = PythonEnvironment(of: try PythonFinder().python(at: python), in: installation.environments)
            try plain.prepare()
            environment = guarded ? plain.guarded() : plain
        } catch {
            Self.say("NOT RUN  \(error)")
            throw ExitCode(2)
        }
        SharedMemory.removeLeftovers()
        let interruption = Interruption()
        defer { interruption.cancel() }
        Self.say("soak: \(minutes) minutes, seed \(seed), Python \(environment.label)")
        let troupe = Troupe(installation: installation)
        let start = Date()
        var printed = start
        var tally = SoakTally()
        var episode = seed
        while Date().timeIntervalSince(start) < minutes * 60 {
            let stage = Stage(troupe: troupe, environment: environment, seed: episode)
            defer { stage.clear() }
            var play = SoakEpisode(on: stage, tally: tally) { tally in
                guard Date().timeIntervalSince(printed) >= 30 else { return }
                printed = Date()
                Self.say("\(Self.time(since: start))  \(tally)")
            }
            do {
                try play.run()
            } catch {
                Self.say("\(Self.time(since: start))  \(play.tally)")
                let options = (python.map { " --python \($0)" } ?? "") + (guarded ? " --guarded" : "")
                Self.say("DIVERGENCE  seed \(episode), \(error)")
                Self.say("  again with: swift run interop-check soak --minutes 1 --seed \(episode)\(options)")
                throw ExitCode(1)
            }
            tally = play.tally
            episode += 1
        }
        Self.say("\(Self.time(since: start))  \(tally)")
        Self.say("no divergence, seeds \(seed) to \(episode - 1)")
    }

    /// At once, also where the output goes into a file that somebody watches.
    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    private static func time(since start: Date) -> String {
        let seconds = Int(Date().timeIntervalSince(start))
        return String(format: "%02d:%02d", seconds / 60, seconds % 60)
    }
}
