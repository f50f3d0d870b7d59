import Foundation
import PeerProtocol

/// The peers themselves: without them no other check means anything.
enum ProtocolChecks {
    static let all = [
        Check("protocol.ping", "Both peers say who they are.", run: ping),
        Check("protocol.badLines", "A bad request gets an error reply, and the peer goes on.", run: badLines),
        Check("protocol.codes", "Both peers have the same codes for odd names and indexes.", run: codes),
        Check("protocol.timeouts", "A timeout concerns only requests that take the lock.", run: timeouts),
        Check("protocol.heldLocks", "A lock that is held stays held when it is closed.", run: heldLocks),
        Check("protocol.endOfInput", "The end of the input ends a peer with status 0.", run: endOfInput),
        Check("protocol.pickles", "Peers transcode and describe any pickle, and refuse what is none.", run: pickles),
    ]

    private static func ping(_ stage: Stage) throws {
        for language in Language.allCases {
            let peer = try stage.peer(language)
            let answer = try peer.ok("ping")
            try stage.expect(answer["language"], .string(language.rawValue.lowercased()), "language of \(peer)")
            try stage.expect(answer["pid"]?.int, Int(peer.process.pid), "pid of \(peer)")
            try stage.expect(answer["version"]?.string?.isEmpty, false, "whether the version of \(peer) is empty")
        }
    }

    /// A line, and the id that its error reply must carry.
    private static let badRequests: [(line: String, id: JSON)] = [
        ("", nil), ("   ", nil), ("nonsense", nil), ("{", nil), (#"{"id": 1, "op": "ping""#, nil), ("\u{feff}{}", nil),
        (#"[1, 2]"#, nil), ("17", nil), ("null", nil), (#""ping""#, nil),
        (#"{}"#, nil), (#"{"id": 7}"#, 7), (#"{"id": "x", "op": 3}"#, "x"), (#"{"id": 8, "op": "dict.explode"}"#, 8),
        (#"{"id": 9, "op": "dict.get", "key": {"json": 1}}"#, 9),
        (#"{"id": 9, "op": "dict.get", "name": 4, "key": {"json": 1}}"#, 9),
        (#"{"id": 10, "op": "dict.get", "name": "NAME"}"#, 10),
        (#"{"id": 11, "op": "dict.get", "name": "NAME", "key": "plain"}"#, 11),
        (#"{"id": 12, "op": "dict.get", "name": "NAME", "key": {"yaml": 1}}"#, 12),
        (#"{"id": 13, "op": "dict.get", "name": "NAME", "key": {"pickle": "!"}}"#, 13),
        (#"{"id": 14, "op": "dict.get", "name": "NAME", "key": {"json": 1}, "timeout": "soon"}"#, 14),
        (#"{"id": 15, "op": "dict.add", "name": "NAME", "key": {"json": 1}, "by": "one"}"#, 15),
        (#"{"id": 16, "op": "list.get", "name": "NAME", "index": 1.5}"#, 16),
        (#"{"id": 17, "op": "list.get", "name": "NAME", "index": true}"#, 17),
        (#"{"id": 18, "op": "int.get", "name": "NAME", "format": "INT7"}"#, 18),
        (#"{"id": 19, "op": "string.get", "name": "NAME", "size": 65}"#, 19),
        (#"{"id": 20, "op": "block.get", "name": "NAME", "size": -1}"#, 20),
        (#"{"id": 21, "op": "close", "type": "tree", "name": "NAME"}"#, 21),
        (#"{"id": 22, "op": "pickle.describe"}"#, 22),
        (#"{"id": 23, "op": "lock.release", "name": "NAME"}"#, 23),
    ]

    private static func badLines(_ stage: Stage) throws {
        for language in Language.allCases {
            let peer = try stage.peer(language)
            for (line, id) in badRequests {
                peer.process.write(line: line.replacing("NAME", with: stage.name()))
                try expectBadRequest(
                    try peer.process.readLine(timeout: 30), id: id, stage, "\(peer), \(line.prefix(90))")
            }
            peer.process.write(Data([0xff, 0xfe, 0x80, UInt8(ascii: "\n")]))
            try expectBadRequest(
                try peer.process.readLine(timeout: 30), id: nil, stage, "\(peer), bytes that are no text")
            try peer.ok("ping")
        }
    }

    private static func expectBadRequest(_ line: Data, id: JSON, _ stage: Stage, _ what: String) throws {
        let reply = try JSON(parsing: line)
        try stage.expect(reply["error"]?["code"], "badRequest", "\(what): code in \(reply)")
        try stage.expect(reply["id"], id, "\(what): id in \(reply)")
        try stage.expect(reply["error"]?["message"]?.string?.isEmpty, false, "\(what): whether the message is empty")
    }

    /// What stands between `{"id": 1, "op": "` and the end of the line, and the code that comes of it.
    private static let oddRequests: [(request: String, code: String)] = [
        (#"list.get", "name": "NAME", "index": 1000000000000000000000}"#, "indexOutOfRange"),
        (#"list.delete", "name": "NAME", "index": -1000000000000000000000}"#, "indexOutOfRange"),
        (#"list.set", "name": "NAME", "index": 9223372036854775808, "value": {"json": 1}}"#, "indexOutOfRange"),
        (#"list.insert", "name": "NAME", "index": 9223372036854775808, "value": {"json": 1}}"#, "overflow"),
        (#"list.pop", "name": "NAME", "index": 9223372036854775808}"#, "overflow"),
        (#"lock.release", "name": ""}"#, "invalidName"), (#"lock.release", "name": "a/b"}"#, "invalidName"),
        (#"lock.release", "name": "é"}"#, "invalidName"), (#"close", "type": "int", "name": ".."}"#, "invalidName"),
        (#"int.get", "name": "NAMEi", "format": ""}"#, "badRequest"),
        (#"float.get", "name": "NAMEf", "format": []}"#, "badRequest"),
        (#"pickle.describe", "pickle": "gAROLg==="}"#, "badRequest"),
        (#"ping", "timeout": -1}"#, "badRequest"), (#"ping", "timeout": 1e999}"#, "badRequest"),
    ]

    private static func codes(_ stage: Stage) throws {
        for language in Language.allCases {
            let (peer, name) = (try stage.peer(language), stage.name())
            for (request, code) in oddRequests {
                peer.process.write(line: #"{"id": 1, "op": ""# + request.replacing("NAME", with: name))
                let reply = try JSON(parsing: try peer.process.readLine(timeout: 30))
                try stage.expect(reply["error"]?["code"]?.string, code, "\(peer), \(request): code in \(reply)")
            }
        }
    }

    private static func timeouts(_ stage: Stage) throws {
        let name = stage.name()
        let holder = try stage.swift()
        try holder.ok("lock.acquire", name)
        for language in Language.allCases {
            let peer = try stage.peer(language)
            let pickle = try stage.judge.value(of: "1").base64
            for operation in ["ping", "close", "pickle.describe", "pickle.transcode"] {
                try peer.ok(operation, name, options: ["timeout": 0, "type": "lock", "pickle": pickle])
            }
            try peer.fails(with: "lockTimeout", at: "dict.set", name, key: 1, value: 1, options: ["timeout": 0])
            try peer.fails(with: "lockTimeout", at: "lock.acquire", name, options: ["timeout": 0.1])
        }
    }

    private static func heldLocks(_ stage: Stage) throws {
        for language in Language.allCases {
            let (peer, other, name) = (try stage.peer(language), try stage.swift(), stage.name())
            try peer.ok("lock.acquire", name)
            try peer.ok("close", name, options: ["type": "lock"])
            try peer.ok("lock.acquire", name, options: ["timeout": 0])
            try peer.ok("lock.release", name)
            try other.fails(with: "lockTimeout", at: "int.get", name, options: ["timeout": 0])
            try peer.ok("lock.release", name)
            try other.ok("int.get", name, options: ["timeout": 1])
            try peer.fails(with: "badRequest", at: "lock.release", name)
        }
    }

    private static func endOfInput(_ stage: Stage) throws {
        for language in Language.allCases {
            let peer = try stage.peer(language)
            try peer.ok("ping")
            try stage.expect(try peer.process.finish(), 0, "status of \(peer) after the end of its input")
            let hasty = try stage.peer(language)
            hasty.send(Request("int.set", stage.name(), value: 7))
            try stage.expect(try hasty.process.finish(), 0, "status of \(hasty) after a request and the end")
            try hasty.finish(1)
        }
    }

    private static func pickles(_ stage: Stage) throws {
        let garbage = ["", "gA==", "gASV", Data("not a pickle".utf8).base64EncodedString(), "Li4u"]
        for language in Language.allCases {
            let peer = try stage.peer(language)
            for entry in try stage.judge.catalogue() {
                let transcoded = try peer.value("pickle.transcode", options: ["pickle": entry.value.base64])
                try stage.expect(transcoded, equals: entry.value, "\(entry.name), transcoded by \(peer)")
            }
            for (expression, text) in descriptions {
                let pickle = try stage.judge.value(of: expression)
                let description = try peer.ok("pickle.describe", options: ["pickle": pickle.base64])
                try stage.expect(description, .string(text), "description of \(expression) by \(peer)")
            }
            for base64 in garbage {
                try peer.fails(with: "pickleMalformed", at: "pickle.transcode", options: ["pickle": .string(base64)])
            }
        }
    }

    private static let descriptions = [
        ("None", "None"), ("[True, -1, 2**70]", "[True, -1, 1180591620717411303424]"),
        ("[1.0, 1e16, 1e-5, math.inf, math.nan, -0.0]", "[1.0, 1e+16, 1e-05, inf, nan, -0.0]"),
        (#"["it's", 'say "hi"', 'line\n', 'é', '\x7f']"#, #"["it's", 'say "hi"', 'line\n', 'é', '\x7f']"#),
        (#"b'\x00a\xff'"#, #"b'\x00a\xff'"#), ("(1,)", "(1,)"), ("{'a': (), 2: []}", "{'a': (), 2: []}"),
        ("set()", "set()"), ("{1}", "{1}"),
    ]
}
