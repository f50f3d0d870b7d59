import PickleCodec
import Rememory

/// The values that typed blocks take.
extension PeerRequest {
    func dict() throws -> PickleValue {
        let value = try value()
        guard value.kind == .dict else { throw mismatch(value, "a dict") }
        return value
    }

    func list(orTuple takesTuples: Bool) throws -> PickleValue {
        let value = try value()
        guard value.kind == .list || takesTuples && value.kind == .tuple else { throw mismatch(value, "a list") }
        return value
    }

    /// An integer; one that no format could hold is out of every range. As in Python, `True` is 1.
    func int128() throws -> Int128 {
        let value = try value()
        guard let integer = value.asPythonInteger else { throw mismatch(value, "an int") }
        guard let number = Int128(exactly: integer) else {
            throw PeerFailure("overflow", "the integer \(value.repr(limit: 100)) fits no format")
        }
        return number
    }

    func double() throws -> Double {
        let value = try value()
        guard [.integer, .float, .bool].contains(value.kind) else { throw mismatch(value, "a number") }
        guard let number = value.asPythonFloat else {
            throw PeerFailure("overflow", "the integer \(value.repr(limit: 100)) is too large for a float")
        }
        return number
    }

    func bool() throws -> Bool {
        let value = try value()
        guard let bool = value.bool else { throw mismatch(value, "a bool") }
        return bool
    }

    func string() throws -> String {
        let value = try value()
        guard let text = value.string else { throw mismatch(value, "a str of valid Unicode") }
        return text
    }

    private func mismatch(_ value: PickleValue, _ wanted: String) -> PeerFailure {
        PeerFailure("typeMismatch", "the value is \(value.repr(limit: 100)), expected \(wanted)")
    }
}
