import Foundation
import PickleCodec
import Workload

/// A value, and a way to write and read it: `pickle-players` is `PickleEncoder` on records.
final class CodecSubject: Subject {
    private let write: () throws -> Int
    private let read: () throws -> Void

    init(_ name: String) throws {
        let words = name.split(separator: "-").map(String.init)
        guard words.count == 2 else { throw PeerError("\(name) is not FORMAT-VALUE") }
        let coding: Coding =
            switch words[1] {
            case "players": try Self.coding(CodecValues.players, words[0])
            case "numbers": try Self.coding(CodecValues.numbers, words[0])
            case "fractions": try Self.coding(CodecValues.fractions, words[0])
            case "texts": try Self.coding(CodecValues.texts, words[0])
            case "scores": try Self.coding(CodecValues.scores, words[0])
            default: throw PeerError("there is no value \(words[1])")
            }
        (write, read) = (coding.write, coding.read)
    }

    private typealias Coding = (write: () throws -> Int, read: () throws -> Void)

    private static func coding<Value: Codable & Equatable>(_ value: Value, _ format: String) throws -> Coding {
        switch format {
        case "pickle":
            let (encoder, decoder) = (PickleEncoder(), PickleDecoder())
            let bytes = try encoder.encode(value)
            guard try decoder.decode(Value.self, from: bytes) == value else {
                throw PeerError("the value comes back as another one")
            }
            return ({ try encoder.encode(value).count }, { _ = try decoder.decode(Value.self, from: bytes) })
        case "value":
            let dynamic = try PickleValue(pickle: try PickleEncoder().encode(value))
            let bytes = try dynamic.pickled()
            return ({ try dynamic.pickled().count }, { _ = try PickleValue(pickle: bytes) })
        case "json":
            let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
            let bytes = try encoder.encode(value)
            return ({ try encoder.encode(value).count }, { _ = try decoder.decode(Value.self, from: bytes) })
        default: throw PeerError("there is no format \(format)")
        }
    }

    func run(_ operation: String, count: Int) throws {
        switch operation {
        case "write": for _ in 0..<count { _ = try write() }
        case "read": for _ in 0..<count { try read() }
        default: throw PeerError("a codec has no operation \(operation)")
        }
    }

    /// How many bytes it writes.
    func sum() throws -> Int { try write() }
}
