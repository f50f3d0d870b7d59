import Foundation
import PeerProtocol

/// What must be an error, and leave everything as it was.
enum RefusalChecks {
    static let all = [
        Check("refusal.intRange", "An integer out of range is an error, not a wrap.", run: intRange),
        Check(
            "refusal.floatRange", "A float out of a FLOAT32's range is an error in Swift, not infinity.",
            run: floatRange),
        Check(
            "refusal.stringTooLong", "A string that does not fit is an error, and the old one stays.",
            run: stringTooLong),
        Check("refusal.cutString", "A string that Python cut in two is no crash and stays as it is.", run: cutString),
        Check("refusal.wrongTypes", "Values of the wrong type are refused by both sides.", run: wrongTypes),
        Check("refusal.corrupt", "Corrupt content is an error and stays as it was.", run: corrupt),
        Check("refusal.legacy", "JSON text of versions 0.1 and 0.2 is recognised and stays as it was.", run: legacy),
        Check("refusal.otherContent", "Content of another type is an error and stays as it was.", run: otherContent),
        Check("refusal.scalarWidth", "An Int that is narrower than asked for is an error.", run: scalarWidth),
    ]

    private static func intRange(_ stage: Stage) throws {
        let bounds: [(String, String, String)] = [
            ("INT8", "-128", "127"), ("UINT8", "0", "255"), ("INT16", "-2**15", "2**15-1"), ("UINT16", "0", "2**16-1"),
            ("INT32", "-2**31", "2**31-1"), ("UINT32", "0", "2**32-1"), ("INT64", "-2**63", "2**63-1"),
            ("UINT64", "0", "2**64-1"),
        ]
        let (swift, python) = (try stage.swift(), try stage.python())
        for (format, least, most) in bounds {
            let name = stage.name(format)
            let options = ["format": JSON.string(format)]
            for peer in [swift, python] {
                for (bound, step) in [(least, -1), (most, 1)] {
                    try peer.ok("int.set", name, value: try stage.judge.value(of: bound), options: options)
                    for beyond in ["\(bound) + \(step)", "\(bound) + \(step) * 2**70"] {
                        let value = try stage.judge.value(of: beyond)
                        try peer.fails(with: "overflow", at: "int.set", name, value: value, options: options)
                    }
                    try peer.fails(with: "overflow", at: "int.add", name, value: .json(.int(step)))
                    try stage.expect(
                        try swift.value("int.get", name, options: options), is: bound, "\(format) afterwards")
                    try stage.expect(
                        try python.value("int.get", name, options: options), is: bound, "\(format) afterwards")
                }
            }
        }
    }

    private static func floatRange(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        for peer in [swift, python] { try peer.ok("float.set", name, value: 1.5, options: ["format": "FLOAT32"]) }
        try swift.fails(with: "overflow", at: "float.set", name, value: 1e300)
        try swift.fails(with: "overflow", at: "float.set", name, value: -1e300)
        for peer in [swift, python] {
            try stage.expect(try peer.value("float.get", name), equals: 1.5, "the Float afterwards, by \(peer)")
        }
    }

    private static func stringTooLong(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        for peer in [swift, python] { try peer.ok("string.set", name, value: "old", options: ["size": 64]) }
        let texts = [
            String(repeating: "x", count: 65), String(repeating: "é", count: 33), String(repeating: "x", count: 99_999),
        ]
        for text in texts {
            try swift.fails(with: "valueTooLarge", at: "string.set", name, value: .json(.string(text)))
            try stage.expect(try swift.value("string.get", name), equals: "old", "the String afterwards")
            try stage.expect(try python.value("string.get", name), equals: "old", "the String afterwards, by Python")
        }
    }

    private static func cutString(_ stage: Stage) throws {
        let name = stage.name()
        let (swift, python) = (try stage.swift(), try stage.python())
        let text = String(repeating: "x", count: 63) + "é"
        try python.ok("string.set", name, value: .json(.string(text)), options: ["size": 64])
        try python.fails(with: "corruptContent", at: "string.get", name)
        let before = try SharedMemory.bytes(name)
        switch try swift.answer(Request("string.get", name, options: ["size": 64])) {
        case .ok(let found):
            let part = Value.json(.string(String(repeating: "x", count: 63)))
            try stage.expect(Value(reply: found) ?? nil, equals: part, "the valid part")
        case .error(let code, let message):
            try stage.expect(code, "corruptContent", "error (\(message))")
        }
        try stage.expect(try SharedMemory.bytes(name) == before, "reading a cut string changed it")
        try swift.ok("string.set", name, value: "whole")
        try stage.expect(try python.value("string.get", name), equals: "whole", "what Swift wrote over it")
    }

    private static func wrongTypes(_ stage: Stage) throws {
        let cases: [(type: String, good: Value, bad: [String])] = [
            ("int", 5, ["'5'", "5.0", "None", "[5]", "b'5'"]), ("float", 0.5, ["'0.5'", "None", "1j"]),
            ("string", "text", ["5", "b'text'", "None", "['text']"]), ("bool", true, ["'yes'", "None", "2.5"]),
        ]
        let (swift, python) = (try stage.swift(), try stage.python())
        for (type, good, bad) in cases {
            let name = stage.name(type)
            try swift.ok("\(type).set", name, value: good)
            for peer in [swift, python] {
                for expression in bad {
                    let value = try stage.judge.value(of: expression)
                    try peer.fails(with: "typeMismatch", at: "\(type).set", name, value: value)
                }
                try stage.expect(
                    try peer.value("\(type).get", name), equals: good, "the \(type) afterwards, by \(peer)")
            }
        }
    }

    /// What a Dict or List may have suffered.
    private static func ruins(_ stage: Stage) throws -> [(what: String, content: Data)] {
        let whole = try stage.judge.value(of: "{'a': list(range(1000)), 'b': 'text'}")
        guard let base64 = whole.base64.string, let pickle = Data(base64Encoded: base64) else {
            throw CheckFailure("the judge gave \(whole)")
        }
        let noise = Data((0..<500).map { _ in UInt8.random(in: 128...255, using: &stage.random) })
        return [
            ("half a pickle", pickle.prefix(pickle.count / 2)), ("a pickle without its last byte", pickle.dropLast()),
            ("its first ten bytes", pickle.prefix(10)), ("noise", noise), ("plain text", Data("hello world".utf8)),
            ("a stack underflow", Data([0x80, 4, 0x61, 0x2e])), ("protocol 99", Data([0x80, 99, 0x7d, 0x2e])),
            ("a length beyond the end", Data([0x80, 4, 0x8d] + Array(repeating: 0x7f, count: 8) + [0x2e])),
            ("a memo entry that is not there", Data([0x80, 4, 0x68, 9, 0x2e])),
        ]
    }

    private static let dictRequests: [(operation: String, key: Value?, value: Value?, options: [String: JSON])] = [
        ("dict.len", nil, nil, [:]), ("dict.get", "a", nil, [:]), ("dict.contains", "a", nil, [:]),
        ("dict.items", nil, nil, [:]), ("dict.keys", nil, nil, [:]), ("dict.set", "a", 1, [:]),
        ("dict.delete", "a", nil, [:]), ("dict.update", nil, ["a": 1], [:]), ("dict.add", "a", nil, ["by": 1]),
        ("dict.pop", "a", nil, [:]), ("dict.setdefault", "a", 1, [:]),
    ]
    private static let listRequests: [(operation: String, key: Value?, value: Value?, options: [String: JSON])] = [
        ("list.len", nil, nil, [:]), ("list.get", nil, nil, ["index": 0]), ("list.items", nil, nil, [:]),
        ("list.append", nil, 1, [:]), ("list.insert", nil, 1, ["index": 0]), ("list.set", nil, 1, ["index": 0]),
        ("list.delete", nil, nil, ["index": 0]), ("list.extend", nil, [1], [:]), ("list.pop", nil, nil, [:]),
    ]

    /// Tries everything on content that must be refused with one of the codes, and looks at the bytes afterwards.
    private static func expectRefused(
        _ content: Data, _ what: String, codes: [String], dict: Bool = true, list: Bool = true, _ swift: Peer,
        _ stage: Stage
    ) throws {
        for requests in (dict ? [dictRequests] : []) + (list ? [listRequests] : []) {
            let name = stage.name()
            try SharedMemory.plant(name, content)
            let before = try SharedMemory.bytes(name)
            for (operation, key, value, options) in requests {
                let request = Request(operation, name, key: key, value: value, options: options)
                let reply = try swift.answer(request)
                guard case .error(let code, let message) = reply, codes.contains(code), !message.isEmpty else {
                    throw CheckFailure("\(what): \(request) got \(reply), expected \(codes.joined(separator: " or "))")
                }
                guard try SharedMemory.bytes(name) == before else {
                    throw CheckFailure("\(what): \(request) changed it")
                }
            }
        }
    }

    private static func corrupt(_ stage: Stage) throws {
        let swift = try stage.swift()
        for (what, content) in try ruins(stage) {
            try expectRefused(content, what, codes: ["corruptContent"], swift, stage)
            let name = stage.name("block")
            try SharedMemory.plant(name, content)
            let before = try SharedMemory.bytes(name)
            try swift.fails(with: "corruptContent", at: "block.get", name)
            try stage.expect(try SharedMemory.bytes(name) == before, "\(what): block.get changed it")
        }
    }

    private static func legacy(_ stage: Stage) throws {
        let swift = try stage.swift()
        for text in [#"{"a": 1, "b": [1, 2.5, null, true]}"#, "{}", #"{"é\u00e9": {"x": "y"}}"#] {
            try expectRefused(Data(text.utf8), text, codes: ["legacyContent"], list: false, swift, stage)
        }
        for text in [#"[1, "two", {"a": null}]"#, "[]", "[[]]"] {
            try expectRefused(Data(text.utf8), text, codes: ["legacyContent"], dict: false, swift, stage)
        }
    }

    private static func otherContent(_ stage: Stage) throws {
        let swift = try stage.swift()
        for (expression, dict, list) in [
            ("[1, 2]", true, false), ("{'a': 1}", false, true), ("'text'", true, true), ("7", true, true),
            ("collections.OrderedDict(a=1)", false, true), ("None", true, true),
        ] {
            guard let base64 = try stage.judge.value(of: expression).base64.string,
                let pickle = Data(base64Encoded: base64)
            else { throw CheckFailure("the judge gave no pickle") }
            let codes = ["typeMismatch", "corruptContent"]
            try expectRefused(pickle, expression, codes: codes, dict: dict, list: list, swift, stage)
        }
    }

    private static func scalarWidth(_ stage: Stage) throws {
        let (swift, python) = (try stage.swift(), try stage.python())
        let name = stage.name()
        try python.ok("int.set", name, value: 3, options: ["format": "INT16"])
        let wide = try stage.python()
        for peer in [swift, wide] {
            try peer.fails(with: "typeMismatch", at: "int.get", name, options: ["format": "INT64"])
            try peer.fails(
                with: "typeMismatch", "valueTooLarge", at: "int.set", name, value: 5, options: ["format": "INT64"])
        }
        try stage.expect(try python.value("int.get", name), equals: 3, "the Int afterwards")
    }
}
