import Testing

@testable import interop_check

@Suite struct SoakEpisodeTests {
    @Test(arguments: [false, true])
    func anEpisodeEndsWithoutADivergence(_ isGuarded: Bool) throws {
        let seed = UInt64.random(in: 1...999_999_999)
        let plain = try TestStage.environment.get()
        let environment = isGuarded ? plain.guarded() : plain
        let stage = Stage(troupe: try TestStage.troupe.get(), environment: environment, seed: seed)
        defer { stage.clear() }
        var tallies = 0
        var episode = SoakEpisode(on: stage, tally: SoakTally()) { _ in tallies += 1 }
        do {
            try episode.run()
        } catch {
            Issue.record(
                "\(error)\nAgain with: swift run interop-check soak --minutes 1 --seed \(seed)\(isGuarded ? " --guarded" : "")"
            )
            return
        }
        #expect(episode.tally.episodes == 1)
        #expect(episode.tally.operations > 0 || tallies == 0)
    }
}
