import PeerProtocol

/// What Python programs rely on in a List, with Swift among the writers.
enum ListChecks {
    static let all = [
        Check("list.foreign", "Objects that Swift never heard of survive its writes to other places.", run: foreign),
        Check("list.sharing", "References that items share stay shared.", run: sharing),
        Check("list.alternating", "Writes that alternate between the languages all count.", run: alternating),
        Check("list.refused", "A change that can't be done changes nothing.", run: refused),
    ]

    private static func foreign(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        let entries = try stage.judge.catalogue()
        for peer in [python, swift] { try peer.ok("list.len", name, options: ["capacity": 400_000]) }
        for entry in entries { try python.ok("list.append", name, value: entry.value) }
        try swift.ok("list.append", name, value: "behind")
        try swift.ok("list.insert", name, value: "before", options: ["index": 0])
        try swift.ok("list.set", name, value: "instead of None", options: ["index": 1])
        try swift.ok("list.delete", name, options: ["index": 2])
        try swift.ok("list.extend", name, value: [1, [2]])
        try stage.expect(try swift.value("list.pop", name), equals: [2], "the last, popped by Swift")
        for reader in [python, try stage.python()] {
            for (index, entry) in entries.enumerated().dropFirst(2) {
                let found = try reader.value("list.get", name, options: ["index": .int(index)])
                try stage.expect(
                    found, equals: entry.value, "\(entry.expression), after Swift's writes to other places")
            }
            try stage.expect(
                try reader.value("list.get", name, options: ["index": 1]), equals: "instead of None", "item 1")
            try stage.expect(try reader.value("list.get", name, options: ["index": -1]), equals: 1, "the last item")
        }
    }

    private static func sharing(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        let content = "(lambda one: [one, one, {'again': one}, shapes.Basket([one])])([1])"
        try python.ok("list.replace", name, value: try stage.judge.value(of: content))
        try swift.ok("list.append", name, value: "x")
        try swift.ok("list.delete", name, options: ["index": 0])
        try swift.ok("list.insert", name, value: 0, options: ["index": 1])
        let expected = "(lambda one: [one, 0, {'again': one}, shapes.Basket([one]), 'x'])([1])"
        try stage.expect(try python.value("list.items", name), is: expected, "items after Swift deleted one of four")
    }

    private static func alternating(_ stage: Stage) throws {
        let name = stage.name()
        let peers = [try stage.swift(), try stage.python(), try stage.swift(), try stage.python()]
        for round in 0..<100 {
            let peer = peers[round % peers.count]
            try peer.ok("list.append", name, value: .json(.int(round)))
            if round % 5 == 4 { try peer.ok("list.delete", name, options: ["index": 0]) }
            if round % 9 == 8 { try peer.ok("list.insert", name, value: .json(.int(-round)), options: ["index": 3]) }
            if round % 4 == 3 {
                try peer.ok("list.set", name, value: .json(.int(1000 + round)), options: ["index": -1])
            }
        }
        let expected = """
            (lambda l: [(l.append(i), i % 5 == 4 and l.pop(0), i % 9 == 8 and l.insert(3, -i), \
            i % 4 == 3 and l.__setitem__(-1, 1000 + i)) for i in range(100)] and l)([])
            """
        for peer in peers {
            try stage.expect(try peer.value("list.items", name), is: expected, "items after 100 rounds, by \(peer)")
        }
    }

    private static func refused(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        try swift.ok("list.extend", name, value: [1, 2])
        for peer in [swift, python] {
            for value in [Value.json(1), .json("ab"), .json(["a": 1])] {
                try peer.fails(with: "typeMismatch", at: "list.extend", name, value: value)
                try peer.fails(with: "typeMismatch", at: "list.replace", name, value: value)
            }
            try peer.fails(with: "indexOutOfRange", at: "list.set", name, value: 1, options: ["index": 2])
            try stage.expect(
                try peer.value("list.items", name), equals: [1, 2], "items after refused changes, by \(peer)")
        }
    }
}
