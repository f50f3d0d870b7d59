import PeerProtocol

/// Two Swift and two Python processes at once, on one block.
enum ContentionChecks {
    static let all = [
        Check("contention.int", "Four processes add to one Int, and nothing is lost.", run: int),
        Check("contention.float", "Four processes add to one Float, and nothing is lost.", run: float),
        Check(
            "contention.dictValue", "Four processes add to one value of a Dict, and nothing is lost.", run: dictValue),
        Check("contention.dictKeys", "Four processes set keys of their own, and each one is there.", run: dictKeys),
        Check("contention.list", "Four processes append to one List, and nothing is lost.", run: list),
        Check("contention.creation", "Processes that create a block at the same moment share one.", run: creation),
    ]

    private static let rounds = 400

    /// The four, with the block open in each: attaching while others write is not safe in Python.
    private static func four(_ stage: Stage, opening operation: String, _ name: String) throws -> [Peer] {
        let peers = [try stage.swift(), try stage.python(), try stage.swift(), try stage.python()]
        for peer in peers { try peer.ok(operation, name) }
        return peers
    }

    /// Sends every request before it waits for the first reply: the processes work at the same time.
    private static func allAtOnce(_ peers: [Peer], rounds: Int = rounds, _ request: (Int, Int) -> Request) throws {
        for round in 0..<rounds {
            for (index, peer) in peers.enumerated() { peer.send(request(index, round)) }
        }
        for peer in peers { try peer.finish(rounds, timeout: 60) }
    }

    private static func int(_ stage: Stage) throws {
        let name = stage.name()
        let peers = try four(stage, opening: "int.get", name)
        try allAtOnce(peers) { index, _ in Request("int.add", name, value: .json(.int(index + 1))) }
        for peer in peers {
            try stage.expect(try peer.value("int.get", name), equals: .json(.int(10 * rounds)), "the sum, by \(peer)")
        }
    }

    private static func float(_ stage: Stage) throws {
        let name = stage.name()
        let peers = try four(stage, opening: "float.get", name)
        try allAtOnce(peers) { _, _ in Request("float.add", name, value: 0.25) }
        for peer in peers {
            let sum = Value.json(.double(Double(rounds)))
            try stage.expect(try peer.value("float.get", name), equals: sum, "the sum, by \(peer)")
        }
    }

    private static func dictValue(_ stage: Stage) throws {
        let name = stage.name()
        let peers = try four(stage, opening: "dict.len", name)
        try allAtOnce(peers) { index, _ in Request("dict.add", name, key: "hits", options: ["by": .int(index + 1)]) }
        for peer in peers {
            let found = try peer.value("dict.get", name, key: "hits")
            try stage.expect(found, equals: .json(.int(10 * rounds)), "the sum, by \(peer)")
        }
    }

    private static func dictKeys(_ stage: Stage) throws {
        let name = stage.name()
        let peers = try four(stage, opening: "dict.len", name)
        try allAtOnce(peers, rounds: 200) { index, round in
            let key = Value.json(.string("p\(index) \(round % 50)"))
            return Request("dict.set", name, key: key, value: .json(.int(round)))
        }
        for peer in peers {
            let found = try peer.value("dict.items", name)
            let expected = "{f'p{index} {round}': 150 + round for index in range(4) for round in range(50)}"
            let sorted = try stage.judge.value(of: "dict(sorted((\(expected)).items()))")
            let ours = try stage.judge.sortedPairs(found)
            try stage.expect(ours, equals: sorted, "what the four processes set, by \(peer)")
        }
    }

    private static func list(_ stage: Stage) throws {
        let name = stage.name()
        let peers = try four(stage, opening: "list.len", name)
        try allAtOnce(peers, rounds: 250) { index, round in
            Request("list.append", name, value: .json(.int(index * 1000 + round)))
        }
        for peer in peers {
            let items = try stage.judge.integers(in: try peer.value("list.items", name))
            try stage.expect(items.count, 1000, "count, by \(peer)")
            for index in 0..<4 {
                let own = items.filter { $0 / 1000 == index }
                try stage.expect(own, (0..<250).map { index * 1000 + $0 }, "what process \(index) appended, by \(peer)")
            }
        }
    }

    /// One Python only: of two that create at once, the second one's first write can be lost by the package itself.
    private static func creation(_ stage: Stage) throws {
        let peers = [try stage.swift(), try stage.python(), try stage.swift()]
        for peer in peers { try peer.ok("ping") }
        for round in 0..<40 {
            let name = stage.name("race")
            for (index, peer) in peers.enumerated() {
                let capacity = JSON.int([4096, 65536, 1 << 20][round % 3])
                peer.send(
                    Request(
                        "dict.set", name, key: .json(.int(index)), value: .json(.int(index)),
                        options: ["capacity": capacity]))
            }
            for peer in peers { try peer.finish(1) }
            for peer in peers {
                try stage.expect(try peer.ok("dict.len", name), 3, "keys after three processes created it, by \(peer)")
            }
        }
    }
}
