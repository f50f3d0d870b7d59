import PeerProtocol
import PickleCodec
import Testing

@testable import interop_check
@testable import rememoryctl

@Suite struct AuditTests {
    @Test func classesArePlacedAndTold() throws {
        try CtlStage.play { stage in
            let name = stage.name()
            let python = try stage.python(
                """
                import dataclasses, datetime, decimal, collections, os
                @dataclasses.dataclass
                class Player:
                    name: str
                    score: int
                class Evil:
                    def __reduce__(self): return (os.system, ('true',))
                Player.__module__ = 'game.model'; sys.modules['game.model'] = sys.modules['__main__']
                sys.modules['game'] = sys.modules['__main__']
                d = rememory.RememoryDict(sys.argv[1])
                """, [name])
            try stage.tell(
                python,
                "d['p'] = {'team': [Player('ann', 1), Player('bob', 2)], 'at': datetime.date(2024, 1, 1), 'd': decimal.Decimal('1')}"
            )
            let audit = try stage.ok("audit", name, "--json").json["classes"]?.array ?? []
            func finding(_ name: String) throws -> JSON { try #require(audit.first { $0["name"] == .string(name) }) }
            let player = try finding("game.model.Player")
            #expect(player["count"] == 2)
            #expect(player["places"] == ["p.team[0]", "p.team[1]"])
            #expect(player["swift"] == "a struct with name, score")
            #expect(player["danger"] == "code")
            #expect(try finding("datetime.date")["swift"] == "Date")
            #expect(try finding("decimal.Decimal")["danger"] == "harmless")
            try stage.tell(python, "import pickle; p = pickle.dumps({'x': [Evil()]}); d._shm.buf[:len(p)] = p")
            let hostile = try stage.ok("audit", name).text
            #expect(hostile.contains("posix.system"))
            #expect(hostile.contains("CALLS"))
            #expect(hostile.contains("x[0]"))
        }
    }

    @Test func aWalkMeetsEachObjectOnce() throws {
        // Each list holds the one before twice: 2^60 places, 60 objects.
        var pickle: [UInt8] = [0x80, 4, 0x5d, 0x94]
        for number in 0..<60 { pickle += [0x5d, 0x94, 0x28, 0x68, UInt8(number), 0x68, UInt8(number), 0x65] }
        pickle += [0x2e]
        var walk = GraphWalk(try PickleGraph(decoding: pickle))
        var count = 0
        while walk.next() != nil { count += 1 }
        #expect(count == 61)
    }

    @Test func verdictsOnFunctions() {
        func danger(_ module: String, _ name: String) -> ClassVerdict.Danger {
            ClassVerdict(PythonName(module: module, name: name)).danger
        }
        #expect(danger("builtins", "eval") == .hostile)
        #expect(danger("__builtin__", "eval") == .hostile)
        #expect(danger("os", "system") == .hostile)
        #expect(danger("subprocess", "Popen") == .hostile)
        #expect(danger("builtins", "set") == .harmless)
        #expect(danger("game", "Player") == .code)
    }
}
