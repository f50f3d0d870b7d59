import Foundation
import Testing

@testable import Rememory

/// No addition is lost while other processes replace the segment all the time.
@Suite(.serialized) struct CoherenceTests {
    @Test(arguments: [1, 2, 3]) func losesNothingBesideProcessesThatGrow(threads: Int) throws {
        try expectNoLoss(
            GrowthRace(
                coherence: .sentinel, threads: threads,
                growths: GrowthRace.growths(unlessStressed: 16_000 / (threads + 1)))
        )
    }

    @Test func losesNothingBesideSeveralProcesses() throws {
        try expectNoLoss(
            GrowthRace(coherence: .sentinel, threads: 2, peers: 3, growths: GrowthRace.growths(unlessStressed: 6_000))
        )
    }

    @Test func losesNothingWhenTheCoresAreBusy() throws {
        let busy = ProcessInfo.processInfo.activeProcessorCount
        try expectNoLoss(
            GrowthRace(
                coherence: .sentinel, threads: 2, peers: 2, busyThreads: busy,
                growths: GrowthRace.growths(unlessStressed: 600)
            )
        )
    }

    @Test func losesNothingWithTheSystemCall() throws {
        try expectNoLoss(
            GrowthRace(coherence: .systemCall, threads: 2, growths: GrowthRace.growths(unlessStressed: 4_000))
        )
    }

    /// As Python does it: nobody moves the guard but this process. The name is new each time, since sizes double.
    @Test(arguments: [RememoryOptions.Coherence.sentinel, .systemCall])
    func losesNothingToPythonsGrowth(coherence: RememoryOptions.Coherence) throws {
        for _ in 0..<GrowthRace.growths(unlessStressed: 140) / 14 {
            let outcome = try GrowthRace(coherence: coherence, peer: .double, growths: 14).run()
            try #require(outcome.lost == 0, "\(outcome)")
        }
    }

    private func expectNoLoss(_ race: GrowthRace) throws {
        let outcome = try race.run()
        #expect(outcome.lost == 0, "\(outcome)")
        #expect(outcome.usesSentinel == (race.coherence == .sentinel), "\(outcome)")
        if ProcessInfo.processInfo.environment["REMEMORY_STRESS_GROWTHS"] != nil {
            print("\(race.threads) threads, \(race.peers) peers, \(race.busyThreads) busy: \(outcome)")
        }
    }
}
