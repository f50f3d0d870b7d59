import Foundation
import PickleCodec

// Types that several tests of the coders use, and the bytes that CPython 3.11 writes for equal objects.

struct Player: Codable, Hashable {
    var score: Int
    var level: Int
}

struct Pair: Codable, Hashable {
    var a: Int
    var b: Int
}

struct Point: Codable, Hashable {
    var x: Int
    var y: Int
}

enum Color: Int, Codable {
    case red = 1
    case green = 2
}

enum Suit: String, Codable {
    case hearts = "h"
    case spades = "s"
}

enum Shape: Codable, Equatable {
    case circle(radius: Double)
    case rectangle(width: Int, height: Int)
    case nothing
}

/// The bytes that a text of hexadecimal digits says.
func hex(_ text: String) -> [UInt8] {
    let digits = text.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

/// What a failed decoding says, as one text: the path, then the message.
func failure<T: Decodable>(_ type: T.Type, _ bytes: [UInt8], _ decoder: PickleDecoder = PickleDecoder()) -> String {
    func text(_ kind: String, _ context: DecodingError.Context) -> String {
        "\(kind) \(context.codingPath.map(\.stringValue)): \(context.debugDescription)"
    }
    do {
        let value = try decoder.decode(type, from: bytes)
        return "no error: \(value)"
    } catch let error as DecodingError {
        switch error {
        case .typeMismatch(_, let context): return text("typeMismatch", context)
        case .valueNotFound(_, let context): return text("valueNotFound", context)
        case .keyNotFound(_, let context): return text("keyNotFound", context)
        case .dataCorrupted(let context): return text("dataCorrupted", context)
        @unknown default: return "\(error)"
        }
    } catch {
        return "\(error)"
    }
}

/// What a failed encoding says: the path, then the message.
func failure<T: Encodable>(encoding value: T, _ encoder: PickleEncoder = PickleEncoder()) -> String {
    do {
        return "no error: \(try encoder.encode(value))"
    } catch EncodingError.invalidValue(_, let context) {
        return "invalidValue \(context.codingPath.map(\.stringValue)): \(context.debugDescription)"
    } catch {
        return "\(error)"
    }
}

/// The value after a trip through a pickle.
func roundTrip<T: Codable>(
    _ value: T, _ encoder: PickleEncoder = PickleEncoder(), _ decoder: PickleDecoder = PickleDecoder()
) throws -> T {
    try decoder.decode(T.self, from: encoder.encode(value))
}
