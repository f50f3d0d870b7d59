import PeerProtocol
import Testing

@testable import interop_check

/// The soak proves nothing if its model takes anything.
@Suite struct SoakModelTests {
    private func content(after writes: [(member: Int, SoakWrite)]) throws -> SoakContent {
        try writes.reduce(into: SoakContent()) { content, write in try content.apply(write.1, by: write.member) }
    }

    private let writes: [(member: Int, SoakWrite)] = [
        (1, .set(["1 a": [1, "x"]])), (2, .set(["2 a": 1, "2 b": "é"])), (1, .delete("1 a")), (1, .addToEntry(3)),
        (2, .addToEntry(4)), (1, .append([[1, 5]])), (2, .append([[2, 6], [2, 7]])), (1, .add(-2)), (2, .add(9)),
    ]

    @Test func everyWriteCounts() throws {
        let whole = try content(after: writes)
        #expect(whole.entries == ["2 a": "1", "2 b": "'é'"])
        #expect(whole.items == [1: ["[1, 5]"], 2: ["[2, 6]", "[2, 7]"]])
        #expect(whole.entrySum == 7 && whole.number == 7)
        for lost in writes.indices where lost != 0 {
            var others = writes
            others.remove(at: lost)
            let without = try content(after: others)
            #expect(without != whole, "without \(writes[lost])")
            #expect(!without.difference(from: whole).isEmpty)
        }
        #expect(whole.difference(from: whole).isEmpty)
    }

    @Test func processesFindWhatTheModelHas() throws {
        try TestStage.play { stage in
            let blocks = SoakBlocks(dict: stage.name(), list: stage.name(), number: stage.name())
            let expected = try content(after: writes)
            let (swift, python) = (try stage.swift(), try stage.python())
            for (number, write) in writes.enumerated() {
                let peer = number % 2 == 0 ? swift : python
                guard case .ok = try peer.answer(write.1.request(to: blocks)) else {
                    Issue.record("\(peer) could not \(write.1)")
                    return
                }
            }
            for peer in [swift, python] {
                #expect(try SoakContent(of: blocks, by: peer) == expected)
            }
            try python.ok("list.pop", blocks.list)
            let found = try SoakContent(of: blocks, by: swift)
            #expect(found != expected)
            #expect(found.difference(from: expected).contains("items of member 2: expected 2, found 1"))
        }
    }
}
