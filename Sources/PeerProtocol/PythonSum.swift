package import PickleCodec

/// Python's `+` of two numbers, of any size.
package enum PythonSum {
    /// The sum, or nil where one of the values is no number.
    package static func of(_ left: PickleValue, _ right: PickleValue) throws(PeerFailure) -> PickleValue? {
        guard let one = left.asPythonInteger, let other = right.asPythonInteger else {
            guard isNumber(left), isNumber(right) else { return nil }
            guard let one = left.asPythonFloat, let other = right.asPythonFloat else {
                throw PeerFailure("overflow", "an integer is too large to be added to a float")
            }
            return PickleValue(one + other)
        }
        return PickleValue(sum(one, other))
    }

    private static func isNumber(_ value: PickleValue) -> Bool {
        [.integer, .float, .bool].contains(value.kind)
    }

    private static func sum(_ one: PickleInteger, _ other: PickleInteger) -> PickleInteger {
        if let one = one.int, let other = other.int {
            let (sum, overflow) = one.addingReportingOverflow(other)
            if !overflow { return PickleInteger(sum) }
        }
        let (left, right) = (one.twosComplement, other.twosComplement)
        var bytes: [UInt8] = []
        var carry = 0
        // One byte more than the longer has, so that the sign has room.
        for place in 0...max(left.count, right.count) {
            let total = digit(left, place, one.isNegative) + digit(right, place, other.isNegative) + carry
            bytes.append(UInt8(truncatingIfNeeded: total))
            carry = total >> 8
        }
        return PickleInteger(twosComplement: bytes)
    }

    private static func digit(_ bytes: [UInt8], _ place: Int, _ isNegative: Bool) -> Int {
        place < bytes.count ? Int(bytes[place]) : isNegative ? 0xff : 0
    }
}

extension PickleValue {
    /// The integer that it is to Python, where `True` is 1.
    package var asPythonInteger: PickleInteger? {
        bool.map { PickleInteger($0 ? 1 : 0) } ?? integer
    }

    /// The float that it is to Python's arithmetic, if it is a number and not too large.
    package var asPythonFloat: Double? {
        kind == .float ? double : asPythonInteger?.double
    }
}
