import PeerProtocol

/// Random operations by both languages against plain Python containers.
enum ModelChecks {
    static let all = [
        Check("model.dict", "2,000 random Dict operations by four processes do what a plain dict does.", run: dict),
        Check("model.list", "2,000 random List operations by four processes do what a plain list does.", run: list),
    ]

    private static let operations = 2000

    /// Values that keep the content small: a growth would leave the other Pythons behind.
    private static let values: [Value] = [
        nil, true, 0, -1, 256, 65536, 1.5, "", "text", "é \u{1F680}", [], [1, [2]], [:], ["a": ["b": nil]],
    ]
    private static let expressions = [
        "2**100", "(1, 'a')", "b'bytes'", "{1, 2}", "shapes.Player('Ada', 3)", "datetime.date(2020, 1, 2)",
        "shapes.shared()", "shapes.Level.HIGH", "bytearray(b'x')", "math.nan",
    ]

    /// - Parameter pick: gives a random request with one of the values; without values, one for the whole content.
    private static func play(_ stage: Stage, _ pick: (inout SeededGenerator, [Value], String) -> Request) throws {
        let name = stage.name()
        let values = try values + expressions.map(stage.judge.value(of:))
        let peers = [try stage.swift(), try stage.python(), try stage.swift(), try stage.python()]
        var history: [String] = []
        for number in 0..<operations {
            let request = pick(&stage.random, values, name)
            let peer = peers[Int.random(in: 0..<peers.count, using: &stage.random)]
            history.append("\(peer): \(request)")
            do {
                let reply = try peer.answer(request)
                try expect(reply, try stage.judge.modelReply(to: request), stage)
            } catch {
                let last = history.suffix(12).joined(separator: "\n")
                throw CheckFailure("operation \(number): \(error)\nthe last operations were\n\(last)")
            }
        }
        for peer in peers + [try stage.python()] {
            let request = pick(&stage.random, [], name)
            try expect(try peer.answer(request), try stage.judge.modelReply(to: request), stage)
        }
    }

    /// The reply is the model's; where it fails, with the same code.
    private static func expect(_ found: PeerReply, _ owed: PeerReply, _ stage: Stage) throws {
        switch (found, owed) {
        case (.ok(let found), .ok(let owed)):
            if let value = Value(reply: found), let model = Value(reply: owed) {
                try stage.expect(value, equals: model, "reply")
            } else {
                try stage.expect(found, owed, "reply")
            }
        case (.error(let found, _), .error(let owed, _)):
            try stage.expect(found, owed, "error")
        default:
            throw CheckFailure("expected \(owed), found \(found)")
        }
    }

    private static let keys: [Value] = [
        "a", "b", "c", "d", "e", "f", "é", "", 0, 1, 2, -1, true, 1.0, 2.5, nil, "1",
    ]

    private static func dict(_ stage: Stage) throws {
        try play(stage) { random, values, name in
            let key = keys.randomElement(using: &random)
            guard let value = values.randomElement(using: &random) else { return Request("dict.items", name) }
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<40: return Request("dict.set", name, key: key, value: value)
            case 40..<55: return Request("dict.get", name, key: key)
            case 55..<65: return Request("dict.delete", name, key: key)
            case 65..<70: return Request("dict.contains", name, key: key)
            case 70..<75: return Request("dict.pop", name, key: key)
            case 75..<80: return Request("dict.setdefault", name, key: key, value: value)
            case 80..<83: return Request("dict.len", name)
            case 83..<86: return Request("dict.keys", name)
            case 86..<90: return Request("dict.items", name)
            case 90..<94: return Request("dict.update", name, value: ["a": 1, "u": [2], "é": nil])
            case 94..<98: return Request("dict.add", name, key: "sum", options: ["by": 3])
            case 98: return Request("dict.replace", name, value: ["r": 1, "a": ["x"]])
            default: return Request("dict.clear", name)
            }
        }
    }

    private static func list(_ stage: Stage) throws {
        try play(stage) { random, values, name in
            guard let value = values.randomElement(using: &random) else { return Request("list.items", name) }
            let index: [String: JSON] = ["index": .int(Int.random(in: -25...25, using: &random))]
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<28: return Request("list.append", name, value: value)
            case 28..<40: return Request("list.insert", name, value: value, options: index)
            case 40..<52: return Request("list.set", name, value: value, options: index)
            case 52..<66: return Request("list.get", name, options: index)
            case 66..<80: return Request("list.delete", name, options: index)
            case 80..<86: return Request("list.pop", name, options: Bool.random(using: &random) ? index : [:])
            case 86..<90: return Request("list.len", name)
            case 90..<94: return Request("list.items", name)
            case 94..<97: return Request("list.extend", name, value: [1, ["two"], nil])
            case 97..<99: return Request("list.replace", name, value: [[], 1, "r"])
            default: return Request("list.clear", name)
            }
        }
    }
}
