/// An integer of any size, as Python's `int`.
///
/// Values that fit in `Int` are stored inline. Every operation takes time linear in the size, except the decimal
/// text of integers beyond `Int`, which is bounded as in Python: see ``description``.
public struct PickleInteger: Sendable {
    enum Storage: Hashable, Sendable {
        case small(Int)
        /// Two's complement, little-endian, as short as can be, and more than `Int` holds.
        case large([UInt8])
    }

    let storage: Storage

    private init(_ storage: Storage) {
        self.storage = storage
    }

    /// Creates the integer equal to `value`.
    public init<T: BinaryInteger>(_ value: T) {
        if let small = Int(exactly: value) {
            self.init(Storage.small(small))
        } else {
            self.init(twosComplement: Self.bytes(of: value))
        }
    }

    /// Creates an integer from its bytes, little-endian, in two's complement, as LONG1 and LONG4 hold them.
    ///
    /// - Parameter bytes: Any number of bytes; none means 0.
    public init(twosComplement bytes: some Collection<UInt8>) {
        var bytes = Array(bytes)
        Self.trim(&bytes)
        guard bytes.count > Int.bitWidth / 8 else {
            let sign: UInt = bytes.last.map { $0 >= 0x80 } == true ? .max : 0
            storage = .small(Int(bitPattern: bytes.reversed().reduce(sign) { $0 << 8 | UInt($1) }))
            return
        }
        storage = .large(bytes)
    }

    /// Creates the integer that `value` is, if it is one.
    public init?(exactly value: Double) {
        guard value.isFinite, value == value.rounded(.towardZero) else { return nil }
        if let small = Int(exactly: value) {
            self.init(Storage.small(small))
            return
        }
        // Beyond 2⁶³ the significand's last bit stands for 2¹¹ or more.
        let shift = Int(value.exponent) - 52
        let significand = Int64(value.significandBitPattern | 1 << 52)
        var bytes = [UInt8](repeating: 0, count: shift / 8)
        let signed = value < 0 ? -significand : significand
        var rest = signed.multipliedFullWidth(by: 1 << Int64(shift % 8))
        for _ in 0..<10 {
            bytes.append(UInt8(truncatingIfNeeded: rest.low))
            rest.low = rest.low >> 8 | UInt64(truncatingIfNeeded: rest.high) << 56
            rest.high >>= 8
        }
        self.init(twosComplement: bytes)
    }

    private static func bytes<T: BinaryInteger>(of value: T) -> [UInt8] {
        var bytes = value.words.flatMap { word in
            (0..<UInt.bitWidth / 8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        if !T.isSigned { bytes.append(0) }
        return bytes
    }

    /// Drops the high bytes that only repeat the sign.
    static func trim(_ bytes: inout [UInt8]) {
        while let last = bytes.last {
            let below = bytes.count > 1 ? bytes[bytes.count - 2] : 0
            guard bytes.count == 1 ? last == 0 : last == (below >= 0x80 ? 0xff : 0) else { return }
            bytes.removeLast()
        }
    }

    /// The bytes, little-endian, in two's complement, as few as hold the value; none for 0.
    ///
    /// - Complexity: O(1) for integers beyond `Int`, which are stored so.
    public var twosComplement: [UInt8] {
        switch storage {
        case .large(let bytes): return bytes
        case .small(let value):
            var bytes = Self.bytes(of: value)
            Self.trim(&bytes)
            return bytes
        }
    }

    /// The value, if `Int` holds it.
    ///
    /// - Complexity: O(1).
    public var int: Int? {
        if case .small(let value) = storage { value } else { nil }
    }

    /// Whether the integer is below 0.
    ///
    /// - Complexity: O(1).
    public var isNegative: Bool {
        switch storage {
        case .small(let value): value < 0
        case .large(let bytes): bytes[bytes.count - 1] >= 0x80
        }
    }

    /// The magnitude in 64-bit digits, least first.
    private var magnitude: [UInt64] {
        let negative = isNegative
        var digits: [UInt64] = []
        var carry: UInt64 = negative ? 1 : 0
        let bytes = twosComplement
        for start in stride(from: 0, to: bytes.count, by: 8) {
            var digit: UInt64 = 0
            for index in 0..<8 {
                let byte = start + index < bytes.count ? bytes[start + index] : negative ? 0xff : 0
                digit |= UInt64(byte) << (8 * UInt64(index))
            }
            guard negative else {
                digits.append(digit)
                continue
            }
            let (sum, overflow) = (~digit).addingReportingOverflow(carry)
            digits.append(sum)
            carry = overflow ? 1 : 0
        }
        if carry == 1 { digits.append(1) }
        while digits.last == 0 { digits.removeLast() }
        return digits
    }
}

extension PickleInteger: Hashable {
    /// Whether both are the same number.
    public static func == (left: PickleInteger, right: PickleInteger) -> Bool { left.storage == right.storage }

    /// Feeds the number to the hasher.
    public func hash(into hasher: inout Hasher) { storage.hash(into: &hasher) }
}

extension PickleInteger: Comparable {
    /// Whether the left number is the smaller one.
    public static func < (left: PickleInteger, right: PickleInteger) -> Bool {
        switch (left.storage, right.storage) {
        case (.small(let left), .small(let right)): return left < right
        case (.small, .large): return !right.isNegative
        case (.large, .small): return left.isNegative
        case (.large(let first), .large(let second)):
            guard left.isNegative == right.isNegative else { return left.isNegative }
            guard first.count == second.count else { return (first.count < second.count) != left.isNegative }
            return first.reversed().lexicographicallyPrecedes(second.reversed())
        }
    }
}

extension PickleInteger: ExpressibleByIntegerLiteral {
    /// Creates the integer that the literal shows.
    public init(integerLiteral value: Int) { storage = .small(value) }
}

extension PickleInteger: CustomStringConvertible {
    /// The most decimal digits that Python converts by default, `sys.int_info.default_max_str_digits`.
    static let maximumDecimalDigits = 4300

    /// The number in decimal digits, as Python's `str()`; where Python refuses, beyond 4,300 digits, in hexadecimal.
    public var description: String {
        switch storage {
        case .small(let value): String(value)
        case .large: decimal ?? hexadecimal
        }
    }

    /// The number in decimal digits, up to 4,300 of them.
    ///
    /// - Complexity: quadratic in the number of digits, which are bounded.
    public var decimal: String? {
        if case .small(let value) = storage { return String(value) }
        var digits = magnitude
        guard digits.count <= 224 else { return nil }  // 10⁴³⁰⁰ has 14,285 bits, 223.2 digits of 64
        var parts: [String] = []
        while !digits.isEmpty {
            var remainder: UInt64 = 0
            for index in digits.indices.reversed() {
                (digits[index], remainder) = Self.billions.dividingFullWidth((remainder, digits[index]))
            }
            while digits.last == 0 { digits.removeLast() }
            let part = String(remainder)
            parts.append(digits.isEmpty ? part : String(repeating: "0", count: 18 - part.utf8.count) + part)
        }
        let text = parts.reversed().joined()
        guard text.utf8.count <= Self.maximumDecimalDigits else { return nil }
        return isNegative ? "-" + text : text
    }

    private static let billions: UInt64 = 1_000_000_000_000_000_000

    /// The number in hexadecimal digits, as Python's `hex()`.
    public var hexadecimal: String {
        let digits = magnitude
        guard let last = digits.last else { return "0x0" }
        var text = isNegative ? "-0x" : "0x"
        text += String(last, radix: 16)
        for digit in digits.dropLast().reversed() {
            let part = String(digit, radix: 16)
            text += String(repeating: "0", count: 16 - part.utf8.count) + part
        }
        return text
    }

    /// Creates the integer that Python's `int(text)` gives, of decimal digits of ASCII: a sign, spaces around and single
    /// underscores between digits may be there. `nil` for other text, and for more than 4,300 digits.
    ///
    /// - Complexity: quadratic in the number of digits, which are bounded.
    public init?(decimal text: some StringProtocol) {
        guard let value = PythonLiteral.integer(Array(text.utf8)[...], base: 10) else { return nil }
        self = value
    }
}

extension PickleInteger {
    /// Creates an integer from its magnitude in 64-bit digits, least first.
    init(magnitude: [UInt64], isNegative: Bool) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(magnitude.count * 8 + 1)
        var carry: UInt64 = 1
        for digit in magnitude {
            var word = digit
            if isNegative {
                let (sum, overflow) = (~digit).addingReportingOverflow(carry)
                word = sum
                carry = overflow ? 1 : 0
            }
            for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(index)))) }
        }
        bytes.append(isNegative && carry == 0 ? 0xff : 0)
        self.init(twosComplement: bytes)
    }

    /// The nearest `Double`, as Python's `float()`; `nil` where Python raises OverflowError.
    public var double: Double? {
        if case .small(let value) = storage { return Double(value) }
        let digits = magnitude
        guard digits.count <= 16, let last = digits.last else { return nil }
        // The top 64 bits, with everything below folded into the last one, round as the whole does.
        let shift = UInt64(last.leadingZeroBitCount)
        let next = digits.count > 1 ? digits[digits.count - 2] : 0
        var top = shift == 0 ? last : last << shift | next >> (64 - shift)
        let dropped = shift == 0 ? next : next << shift
        if dropped != 0 || digits.dropLast(2).contains(where: { $0 != 0 }) { top |= 1 }
        let exponent = (digits.count - 1) * 64 - Int(shift)
        let value = Double(sign: .plus, exponent: exponent, significand: Double(top))
        guard value.isFinite else { return nil }
        return isNegative ? -value : value
    }
}

/// From Python's integers to Swift's.
extension BinaryInteger {
    /// Creates the number equal to `value`, if this type holds it.
    public init?(exactly value: PickleInteger) {
        if let small = value.int {
            self.init(exactly: small)
            return
        }
        let bytes = value.twosComplement
        guard bytes.count <= 17 else { return nil }
        let words = (0..<3).map { word in
            (0..<8).reduce(UInt64(0)) { digit, index in
                let position = word * 8 + index
                let byte = position < bytes.count ? bytes[position] : value.isNegative ? 0xff : 0
                return digit | UInt64(byte) << (8 * UInt64(index))
            }
        }
        let low = UInt128(words[1]) << 64 | UInt128(words[0])
        if value.isNegative {
            guard words[2] == .max, words[1] >= 1 << 63 else { return nil }
            self.init(exactly: Int128(truncatingIfNeeded: low))
        } else {
            guard words[2] == 0 else { return nil }
            self.init(exactly: low)
        }
    }
}
