import Foundation
import PeerProtocol
import PickleCodec

/// A value as a peer or the judge takes it.
enum Value: Hashable, Sendable {
    /// `{"json": …}`: what Python's `json.loads` makes of it.
    case json(JSON)
    /// `{"pickle": …}`: a pickle in base64.
    case pickle(String)

    /// The value in a reply: `{"pickle": "…"}`.
    init?(reply: JSON) {
        guard let base64 = reply["pickle"]?.string else { return nil }
        self = .pickle(base64)
    }

    /// The value itself, for looking at here.
    func decoded() throws -> PickleValue {
        switch self {
        case .json(let value): return try PickleValue(json: value.description)
        case .pickle(let base64):
            guard let data = Data(base64Encoded: base64) else { throw CheckFailure("\(self) is not base64") }
            return try PickleValue(pickle: [UInt8](data))
        }
    }

    /// The pickle in base64, for fields that take it bare.
    var base64: JSON {
        if case .pickle(let base64) = self { .string(base64) } else { nil }
    }

    var json: JSON {
        switch self {
        case .json(let value): ["json": value]
        case .pickle(let base64): ["pickle": .string(base64)]
        }
    }
}

extension Value: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(nilLiteral: ()) { self = .json(nil) }
    init(booleanLiteral value: Bool) { self = .json(.bool(value)) }
    init(integerLiteral value: Int) { self = .json(.int(value)) }
    init(floatLiteral value: Double) { self = .json(.double(value)) }
    init(stringLiteral value: String) { self = .json(.string(value)) }
    init(arrayLiteral elements: JSON...) { self = .json(.array(elements)) }
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .json(.object(Dictionary(elements) { _, last in last }))
    }
}

extension Value: CustomStringConvertible {
    var description: String {
        let text = json.description
        return text.count <= 200 ? text : text.prefix(200) + "…"
    }
}
