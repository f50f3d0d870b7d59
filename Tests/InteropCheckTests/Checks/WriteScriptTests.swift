import PeerProtocol
import Testing

@testable import interop_check

@Suite struct WriteScriptTests {
    @Test(arguments: WriteScript.Container.allCases)
    func processesAreWhereTheScriptSays(_ container: WriteScript.Container) throws {
        try TestStage.play(seed: 3) { stage in
            let name = stage.name()
            let first = try WriteScript(container, name, count: 30, random: &stage.random)
            let peers = [try stage.swift(), try stage.python()]
            for (number, request) in first.requests.enumerated() {
                guard case .ok = try peers[number % 2].answer(request) else {
                    Issue.record("\(request) failed")
                    return
                }
                for peer in peers {
                    let found = try peer.value(container.read, name)
                    #expect(try first.places(of: found).contains(number + 1), "\(found), by \(peer)")
                    #expect(throws: Never.self) { try first.place(of: found, after: number) }
                }
            }
            let next = try WriteScript(container, name, from: first.contents[30], count: 1, random: &stage.random)
            #expect(try next.places(of: try peers[0].value(container.read, name)) == [0])
        }
    }

    @Test func whatWasNeverWrittenHasNoPlace() throws {
        var random = SeededGenerator(seed: 5)
        let script = try WriteScript(.list, "none", count: 10, random: &random)
        #expect(try script.places(of: ["torn"]).isEmpty)
        #expect(throws: CheckFailure.self) { try script.place(of: ["torn"], after: 3) }
        // What was lost, and what can't be there yet.
        let empty: Value = []
        #expect(throws: CheckFailure.self) { try script.place(of: empty, after: 1) }
    }
}
