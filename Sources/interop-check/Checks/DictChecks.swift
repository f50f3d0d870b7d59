import PeerProtocol

/// What Python programs rely on in a Dict, with Swift among the writers.
enum DictChecks {
    static let all = [
        Check("dict.order", "Insertion order is Python's, whoever writes.", run: order),
        Check("dict.equalKeys", "1, 1.0 and True are one key, and the first one stays.", run: equalKeys),
        Check("dict.foreign", "Objects that Swift never heard of survive its writes to other keys.", run: foreign),
        Check("dict.sharing", "References that values share stay shared.", run: sharing),
        Check("dict.update", "An update that can't be done changes nothing.", run: update),
        Check("dict.unhashable", "A key that Python can't hash is an error on both sides.", run: unhashable),
        Check("dict.alternating", "Writes that alternate between the languages all count.", run: alternating),
    ]

    private static func order(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        for (index, key) in ["z", "a", "m", "b"].enumerated() {
            try [swift, python][index % 2].ok("dict.set", name, key: .json(.string(key)), value: .json(.int(index)))
        }
        try swift.ok("dict.set", name, key: "z", value: "again")
        try python.ok("dict.set", name, key: "a", value: "again")
        try expectKeys("['z', 'a', 'm', 'b']", name, stage, [swift, python])
        try swift.ok("dict.delete", name, key: "z")
        try swift.ok("dict.set", name, key: "z", value: "back")
        try expectKeys("['a', 'm', 'b', 'z']", name, stage, [swift, python])
        try python.ok("dict.delete", name, key: "m")
        try swift.ok("dict.update", name, value: try stage.judge.value(of: "{'n': 1, 'a': 2, 'm': 3}"))
        try expectKeys("['a', 'b', 'z', 'n', 'm']", name, stage, [swift, python])
        try swift.ok("dict.replace", name, value: try stage.judge.value(of: "{'y': 1, 'x': 2}"))
        try expectKeys("['y', 'x']", name, stage, [swift, python])
    }

    private static func expectKeys(_ keys: String, _ name: String, _ stage: Stage, _ peers: [Peer]) throws {
        for peer in peers {
            try stage.expect(try peer.value("dict.keys", name), is: keys, "keys, read by \(peer)")
        }
    }

    private static func equalKeys(_ stage: Stage) throws {
        for (writer, reader) in try stage.pairs() {
            let name = stage.name()
            try writer.ok("dict.set", name, key: 1, value: "int")
            try reader.ok("dict.set", name, key: 1.0, value: "float")
            try writer.ok("dict.set", name, key: true, value: "bool")
            try reader.ok("dict.set", name, key: "1", value: "str")
            try writer.ok("dict.set", name, key: try stage.judge.value(of: "(1, 2.0)"), value: "tuple")
            try reader.ok("dict.set", name, key: try stage.judge.value(of: "(True, 2)"), value: "equal tuple")
            try reader.ok("dict.set", name, key: try stage.judge.value(of: "2**70"), value: "big")
            try writer.ok("dict.set", name, key: try stage.judge.value(of: "2.0**70"), value: "big float")
            let expected = "[(1, 'bool'), ('1', 'str'), ((1, 2.0), 'equal tuple'), (2**70, 'big float')]"
            try stage.expect(try writer.value("dict.items", name), is: expected, "items, by \(writer) and \(reader)")
            try stage.expect(try reader.value("dict.items", name), is: expected, "items, by \(reader) and \(writer)")
        }
    }

    /// Python sets objects of every class; Swift writes, overwrites and deletes other keys around them.
    private static func foreign(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        let entries = try stage.judge.catalogue()
        for peer in [python, swift] { try peer.ok("dict.len", name, options: ["capacity": 400_000]) }
        for entry in entries {
            try python.ok("dict.set", name, key: .json(.string(entry.name)), value: entry.value)
        }
        try swift.ok("dict.set", name, key: "Swift 1", value: [1])
        try swift.ok("dict.set", name, key: "Swift 2", value: ["two": 2])
        try swift.ok("dict.set", name, key: "None", value: "no longer")
        try swift.ok("dict.delete", name, key: "True")
        try swift.ok("dict.update", name, value: ["Swift 3": 3, "Swift 1": nil])
        try swift.ok("dict.add", name, key: "Swift 4", options: ["by": 4])
        _ = try swift.value("dict.pop", name, key: "False")
        try expectSurvivors(entries, name, stage, [python, try stage.python()])
        for entry in entries where ["list", "set", "datetime", "enum"].contains(entry.name) {
            try swift.ok("dict.delete", name, key: .json(.string(entry.name)))
        }
        try python.ok("dict.set", name, key: "Swift 2", value: "by Python")
        try swift.ok("dict.set", name, key: "Swift 2", value: "by Swift")
        let rest = entries.filter { !["list", "set", "datetime", "enum"].contains($0.name) }
        try expectSurvivors(rest, name, stage, [python, try stage.python()])
    }

    private static func expectSurvivors(
        _ entries: [CatalogueEntry], _ name: String, _ stage: Stage, _ readers: [Peer]
    ) throws {
        for reader in readers {
            for entry in entries where !["None", "True", "False"].contains(entry.name) {
                let found = try reader.value("dict.get", name, key: .json(.string(entry.name)))
                try stage.expect(found, equals: entry.value, "\(entry.expression), after Swift's writes to other keys")
            }
        }
    }

    /// Values of one dict that share an object: what is shared in the pickle stays so when Swift writes other keys.
    private static func sharing(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        let content = "(lambda one: {'a': one, 'b': one, 'c': [one, shapes.Slotted(one, one)]})([1, 2])"
        try python.ok("dict.replace", name, value: try stage.judge.value(of: content))
        try swift.ok("dict.set", name, key: "d", value: 1)
        try swift.ok("dict.set", name, key: "d", value: 2)
        try swift.ok("dict.delete", name, key: "a")
        let expected = "(lambda one: [('b', one), ('c', [one, shapes.Slotted(one, one)]), ('d', 2)])([1, 2])"
        try stage.expect(try python.value("dict.items", name), is: expected, "items after Swift deleted one of three")
        try swift.ok("dict.delete", name, key: "b")
        try swift.ok("dict.set", name, key: "a", value: try swift.value("dict.get", name, key: "c"))
        let last = "(lambda one: [one, shapes.Slotted(one, one)])([1, 2])"
        try stage.expect(try python.value("dict.get", name, key: "c"), is: last, "c after Swift deleted the others")
        try stage.expect(try python.value("dict.get", name, key: "a"), is: last, "the copy of c")
    }

    private static func update(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        try swift.ok("dict.update", name, value: ["a": 1, "b": 2])
        for peer in [swift, python] {
            for value in [Value.json(1), .json("ab"), .json([1, 2])] {
                try peer.fails(with: "typeMismatch", at: "dict.update", name, value: value)
                try peer.fails(with: "typeMismatch", at: "dict.replace", name, value: value)
            }
        }
        try swift.ok("dict.set", name, key: "text", value: "not a number")
        for peer in [swift, python] {
            try peer.fails(with: "typeMismatch", at: "dict.add", name, key: "text", options: ["by": 1])
        }
        let expected = "[('a', 1), ('b', 2), ('text', 'not a number')]"
        for peer in [swift, python] {
            try stage.expect(
                try peer.value("dict.items", name), is: expected, "items after refused changes, by \(peer)")
        }
    }

    private static func unhashable(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        try python.ok("dict.set", name, key: "a", value: 1)
        for expression in ["[]", "{}", "([],)", "set()", "bytearray()"] {
            let key = try stage.judge.value(of: expression)
            for peer in [swift, python] {
                try peer.fails(with: "typeMismatch", "pickleMalformed", at: "dict.set", name, key: key, value: 1)
            }
        }
        try stage.expect(try python.value("dict.items", name), is: "[('a', 1)]", "items after refused keys")
    }

    private static func alternating(_ stage: Stage) throws {
        let name = stage.name()
        let peers = [try stage.swift(), try stage.python(), try stage.swift(), try stage.python()]
        for peer in peers { try peer.ok("dict.len", name) }
        for round in 0..<100 {
            let peer = peers[round % peers.count]
            try peer.ok("dict.set", name, key: .json(.string("k\(round % 30)")), value: .json(.int(round)))
            if round % 7 == 6 { try peer.ok("dict.delete", name, key: .json(.string("k\(round % 30)"))) }
        }
        let expected = """
            (lambda d: [d.pop(f'k{i % 30}') if i % 7 == 6 else None for i in range(100) \
            if d.__setitem__(f'k{i % 30}', i) or True] and list(d.items()))({})
            """
        for peer in peers {
            try stage.expect(try peer.value("dict.items", name), is: expected, "items after 100 rounds, by \(peer)")
        }
    }
}
