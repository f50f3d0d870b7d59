import Foundation
import PeerProtocol
import PickleCodec

extension JSON {
    /// A value, with what JSON has not as tagged objects.
    init(tagging value: PickleValue) throws {
        self = .verbatim(String(decoding: try value.taggedJSON(), as: UTF8.self))
    }
}
