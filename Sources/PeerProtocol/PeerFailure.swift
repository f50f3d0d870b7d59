import PickleCodec
import Rememory

/// What goes into a peer's error reply.
package struct PeerFailure: Error {
    package let code: String
    package let message: String

    init(_ code: String, _ message: String) {
        self.code = code
        self.message = message
    }

    static func badRequest(_ message: String) -> PeerFailure { PeerFailure("badRequest", message) }

    /// The code of the peer protocol for whatever the library threw.
    init(_ error: any Error) {
        switch error {
        case let failure as PeerFailure: self = failure
        case let error as RememoryError: self.init(Self.code(of: error), "\(error)")
        case let error as PickleError:
            self.init(error.code == .limitExceeded ? "pickleLimit" : "pickleMalformed", "\(error)")
        case let error as EncodingError: self.init("typeMismatch", "\(error)")
        default: self.init("unsupported", "\(error)")
        }
    }

    /// The library's codes are the protocol's, and a few more that no check has to tell apart.
    private static func code(of error: RememoryError) -> String {
        switch error.code {
        case .closed, .conflict: "vanished"
        case .noRoom, .notPermitted, .system: "unsupported"
        default: error.code.rawValue
        }
    }
}
