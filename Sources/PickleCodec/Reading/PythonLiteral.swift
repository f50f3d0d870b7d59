/// Numbers and strings as text, the way Python's protocol 0 spells them and CPython's unpickler reads them.
enum PythonLiteral {
    /// Reads an integer as `PyLong_FromString` does: spaces around it, a sign, a prefix in base 0, underscores
    /// between digits, at most 4,300 decimal digits.
    ///
    /// - Parameters:
    ///   - text: The text; it ends at the first NUL, if there is one.
    ///   - base: 10, or 0 for the base that the prefix says.
    static func integer(_ text: some Collection<UInt8>, base: Int) -> PickleInteger? {
        var rest = text.prefix { $0 != 0 }[...]
        while let byte = rest.first, isSpace(byte) { rest = rest.dropFirst() }
        var end = rest.endIndex
        while end > rest.startIndex {
            let before = rest.index(end, offsetBy: -1, limitedBy: rest.startIndex) ?? rest.startIndex
            guard isSpace(rest[before]) else { break }
            end = before
        }
        rest = rest[..<end]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard base == 0 else { return digits(rest, bits: nil, isNegative: isNegative, needsZeros: false) }
        guard rest.first == UInt8(ascii: "0"), let letter = rest.dropFirst().first else {
            return digits(rest, bits: nil, isNegative: isNegative, needsZeros: rest.first == UInt8(ascii: "0"))
        }
        let bits: Int
        switch letter | 0x20 {
        case UInt8(ascii: "x"): bits = 4
        case UInt8(ascii: "o"): bits = 3
        case UInt8(ascii: "b"): bits = 1
        default: return digits(rest, bits: nil, isNegative: isNegative, needsZeros: true)
        }
        rest = rest.dropFirst(2)
        if rest.first == UInt8(ascii: "_") { rest = rest.dropFirst() }
        return digits(rest, bits: bits, isNegative: isNegative, needsZeros: false)
    }

    private static func digits(
        _ text: some Collection<UInt8>, bits: Int?, isNegative: Bool, needsZeros: Bool
    ) -> PickleInteger? {
        var values: [UInt8] = []
        var afterDigit = false
        for byte in text {
            if byte == UInt8(ascii: "_") {
                guard afterDigit else { return nil }
                afterDigit = false
                continue
            }
            guard let value = hexadecimalDigit(byte), value < (bits.map { 1 << $0 } ?? 10) else { return nil }
            guard !needsZeros || value == 0 else { return nil }
            values.append(value)
            afterDigit = true
        }
        guard afterDigit else { return nil }
        if bits == nil {
            guard values.count <= PickleInteger.maximumDecimalDigits else { return nil }
            return PickleInteger(magnitude: decimal(values), isNegative: isNegative)
        }
        return PickleInteger(magnitude: binary(values, bits: bits ?? 4), isNegative: isNegative)
    }

    /// Decimal digits, most first, as a magnitude. Quadratic, for few digits.
    private static func decimal(_ values: [UInt8]) -> [UInt64] {
        var magnitude: [UInt64] = []
        var start = 0
        while start < values.count {
            let end = min(start + 18, values.count)
            var carry: UInt64 = 0
            var scale: UInt64 = 1
            for value in values[start..<end] {
                carry = carry * 10 + UInt64(value)
                scale *= 10
            }
            for index in magnitude.indices {
                let product = magnitude[index].multipliedFullWidth(by: scale)
                let (low, overflow) = product.low.addingReportingOverflow(carry)
                magnitude[index] = low
                carry = product.high &+ (overflow ? 1 : 0)
            }
            if carry != 0 { magnitude.append(carry) }
            start = end
        }
        return magnitude
    }

    private static func binary(_ values: [UInt8], bits: Int) -> [UInt64] {
        var magnitude = [UInt64](repeating: 0, count: (values.count * bits + 63) / 64)
        for (place, value) in values.reversed().enumerated() {
            let (word, shift) = (place * bits).quotientAndRemainder(dividingBy: 64)
            magnitude[word] |= UInt64(value) << UInt64(shift)
            if shift + bits > 64, value >> UInt8(64 - shift) != 0 {
                magnitude[word + 1] |= UInt64(value) >> UInt64(64 - shift)
            }
        }
        return magnitude
    }

    /// Reads what C's `strtol` with base 0 takes as a whole: as ``integer(_:base:)``, but with octal by a leading 0,
    /// no underscores and nothing behind.
    static func octal(_ text: some Collection<UInt8>) -> Int? {
        var rest = text.prefix { $0 != 0 }[...]
        while let byte = rest.first, isSpace(byte) { rest = rest.dropFirst() }
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard rest.count > 1, rest.first == UInt8(ascii: "0") else { return nil }
        var value = 0
        for byte in rest {
            guard byte >= 0x30, byte < 0x38 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 8)
            guard !overflow else { return nil }
            value = product + (isNegative ? -Int(byte - 0x30) : Int(byte - 0x30))
        }
        return value
    }

    /// Reads a float as `PyOS_string_to_double` does: no spaces, no underscores, no hexadecimal; too large is refused.
    static func float(_ text: some Collection<UInt8>) -> Double? {
        let text = Array(text.prefix { $0 != 0 })
        var rest = text[...]
        func dropDigits() -> Int {
            let count = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        let word = String(decoding: rest.map { $0 | 0x20 }, as: UTF8.self)
        let sign: FloatingPointSign = text.first == UInt8(ascii: "-") ? .minus : .plus
        if word == "inf" || word == "infinity" { return sign == .minus ? -.infinity : .infinity }
        if word == "nan" { return Double(signOf: sign == .minus ? -1.0 : 1.0, magnitudeOf: .nan) }
        var digits = dropDigits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            digits += dropDigits()
        }
        guard digits > 0 else { return nil }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard dropDigits() > 0 else { return nil }
        }
        guard rest.isEmpty, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
            return nil
        }
        return value
    }

    /// Resolves the escapes of a Python 2 string literal, as `PyBytes_DecodeEscape` does; `nil` where it raises.
    static func unescaped(_ text: some Collection<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var bytes = text.makeIterator()
        var next = bytes.next()
        while let byte = next {
            next = bytes.next()
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard let escape = next else { return nil }
            next = bytes.next()
            switch escape {
            case UInt8(ascii: "\n"): break
            case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): result.append(escape)
            case UInt8(ascii: "a"): result.append(0x07)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "n"): result.append(0x0a)
            case UInt8(ascii: "v"): result.append(0x0b)
            case UInt8(ascii: "f"): result.append(0x0c)
            case UInt8(ascii: "r"): result.append(0x0d)
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                var value = Int(escape - 0x30)
                for _ in 0..<2 {
                    guard let digit = next, digit >= 0x30, digit < 0x38 else { break }
                    value = value << 3 | Int(digit - 0x30)
                    next = bytes.next()
                }
                result.append(UInt8(truncatingIfNeeded: value))
            case UInt8(ascii: "x"):
                guard let high = next.flatMap(hexadecimalDigit), let low = bytes.next().flatMap(hexadecimalDigit) else {
                    return nil
                }
                result.append(high << 4 | low)
                next = bytes.next()
            default:
                result.append(UInt8(ascii: "\\"))
                result.append(escape)
            }
        }
        return result
    }

    /// Turns the operand of UNICODE, Latin-1 with `\u` and `\U` escapes, into UTF-8 with surrogates kept.
    static func rawUnicodeUnescaped(_ text: some Collection<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var bytes = text.makeIterator()
        while let byte = bytes.next() {
            guard byte == UInt8(ascii: "\\") else {
                appendUTF8(UInt32(byte), to: &result)
                continue
            }
            guard let letter = bytes.next() else {
                result.append(byte)
                break
            }
            guard letter == UInt8(ascii: "u") || letter == UInt8(ascii: "U") else {
                result.append(byte)
                appendUTF8(UInt32(letter), to: &result)
                continue
            }
            var value: UInt32 = 0
            for _ in 0..<(letter == UInt8(ascii: "u") ? 4 : 8) {
                guard let digit = bytes.next().flatMap(hexadecimalDigit) else { return nil }
                value = value << 4 | UInt32(digit)
            }
            guard value <= 0x10ffff else { return nil }
            appendUTF8(value, to: &result)
        }
        return result
    }

    private static func appendUTF8(_ value: UInt32, to bytes: inout [UInt8]) {
        func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(value >> shift & 0x3f) }
        switch value {
        case 0..<0x80: bytes.append(UInt8(value))
        case 0x80..<0x800: bytes += [0xc0 | UInt8(value >> 6), tail(0)]
        case 0x800..<0x1_0000: bytes += [0xe0 | UInt8(value >> 12), tail(6), tail(0)]
        default: bytes += [0xf0 | UInt8(value >> 18), tail(12), tail(6), tail(0)]
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        case 0x41...0x46: byte - 0x41 + 10
        default: nil
        }
    }
}
