import Foundation
import PeerProtocol

/// The neutral Python process that decides what is equal and what a request owes.
struct Judge: Sendable {
    let peer: Peer

    /// The value of a Python expression.
    func value(of expression: String) throws -> Value {
        try peer.value("make", options: ["expression": .string(expression)])
    }

    /// How two values differ; nil where they are the same in type, order and shared references.
    func difference(_ left: Value, _ right: Value) throws -> String? {
        try peer.ok("same", options: ["left": left.json, "right": right.json]).string
    }

    /// A list of pairs as a dict, sorted by key.
    func sortedPairs(_ pairs: Value) throws -> Value {
        try peer.value("sorted", options: ["value": pairs.json])
    }

    /// The first item of each item of a list.
    func firsts(of list: Value) throws -> Value {
        try peer.value("firsts", options: ["value": list.json])
    }

    /// A list of integers, for looking at here.
    func integers(in list: Value) throws -> [Int] {
        let found = try peer.ok("integers", options: ["value": list.json])
        return (found.array ?? []).compactMap(\.int)
    }

    /// What a peer owes for a request, by a plain dict or list under the request's name.
    func modelReply(to request: Request) throws -> PeerReply {
        let owed = try peer.ok("model", options: ["request": request.json(id: nil)])
        guard let reply = PeerReply(owed) else {
            throw CheckFailure("the judge's model answered \(request) with \(owed)")
        }
        return reply
    }

    /// The kinds of values that must cross unharmed.
    func catalogue() throws -> [CatalogueEntry] {
        let entries = try peer.ok("catalogue").array ?? []
        return try entries.map { entry in
            guard let name = entry["name"]?.string, let expression = entry["expression"]?.string,
                let value = Value(reply: entry)
            else {
                throw CheckFailure("the judge's catalogue holds \(entry)")
            }
            return CatalogueEntry(name: name, expression: expression, value: value)
        }
    }
}

/// A kind of value.
struct CatalogueEntry: Sendable {
    let name: String
    /// What gives the value in Python.
    let expression: String
    let value: Value
}
