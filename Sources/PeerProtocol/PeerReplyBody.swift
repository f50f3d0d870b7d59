import Foundation
import PickleCodec

/// What an operation gives: plain JSON, or a value as a pickle.
enum PeerReplyBody {
    case plain(JSON)
    case value(PickleValue)
    case pickle([UInt8])

    static let nothing = PeerReplyBody.plain(nil)

    /// The reply's `ok`.
    func json() throws -> JSON {
        switch self {
        case .plain(let json): json
        case .value(let value): Self.wrapped(try value.pickled())
        case .pickle(let bytes): Self.wrapped(bytes)
        }
    }

    private static func wrapped(_ pickle: [UInt8]) -> JSON {
        ["pickle": .string(Data(pickle).base64EncodedString())]
    }
}
