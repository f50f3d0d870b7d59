/// Numbers and strings as text, the way Python's protocol 0 spells them and CPython's unpickler reads them.
enum PythonLiteral {
    /// Reads an integer as `PyLong_FromString` does: spaces around it, a sign, a prefix in base 0, underscores
    /// between digits, at most 4,300 decimal digits.
    ///
    /// - Parameter base: 10, or 0 for the base that the prefix says.
    static func integer(_ text: ArraySlice<UInt8>, base: Int) -> PickleInteger? {
        var rest = text.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest = rest.dropLast() }
        let isNegative = takeSign(from: &rest)
        guard base == 0, rest.first == UInt8(ascii: "0"), let letter = rest.dropFirst().first else {
            return integer(decimal: rest, isNegative: isNegative)
        }
        let bits: Int
        switch letter | 0x20 {
        case UInt8(ascii: "x"): bits = 4
        case UInt8(ascii: "o"): bits = 3
        case UInt8(ascii: "b"): bits = 1
        default:
            // As in Python's source, a decimal number begins with a zero only where it has no other digits.
            guard rest.allSatisfy({ $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "_") }) else { return nil }
            return integer(decimal: rest, isNegative: isNegative)
        }
        rest = rest.dropFirst(2)
        if rest.first == UInt8(ascii: "_") { rest = rest.dropFirst() }
        guard let values = digits(rest, below: 1 << bits) else { return nil }
        return PickleInteger(magnitude: binary(values, bits: bits), isNegative: isNegative)
    }

    private static func integer(decimal text: ArraySlice<UInt8>, isNegative: Bool) -> PickleInteger? {
        guard let values = digits(text, below: 10), values.count <= PickleInteger.maximumDecimalDigits else {
            return nil
        }
        return PickleInteger(magnitude: decimal(values), isNegative: isNegative)
    }

    /// Whether a number is negative, by the sign that it may begin with.
    private static func takeSign(from text: inout ArraySlice<UInt8>) -> Bool {
        guard let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { return false }
        text = text.dropFirst()
        return sign == UInt8(ascii: "-")
    }

    /// The values of at least one digit, single underscores between them.
    private static func digits(_ text: ArraySlice<UInt8>, below base: UInt8) -> [UInt8]? {
        var values: [UInt8] = []
        var isAfterDigit = false
        for byte in text {
            if byte == UInt8(ascii: "_") {
                guard isAfterDigit else { return nil }
                isAfterDigit = false
            } else {
                guard let value = hexadecimalDigit(byte), value < base else { return nil }
                values.append(value)
                isAfterDigit = true
            }
        }
        return isAfterDigit ? values : nil
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
    static func octal(_ text: ArraySlice<UInt8>) -> Int? {
        var rest = text.drop(while: isSpace)
        let isNegative = takeSign(from: &rest)
        guard rest.count > 1, rest.first == UInt8(ascii: "0"), rest.allSatisfy({ $0 >= 0x30 && $0 < 0x38 }) else {
            return nil
        }
        return Int((isNegative ? "-" : "") + String(decoding: rest, as: UTF8.self), radix: 8)
    }

    /// Reads a float as `PyOS_string_to_double` does: no spaces, no underscores, no hexadecimal; too large is refused.
    static func float(_ text: ArraySlice<UInt8>) -> Double? {
        var rest = text
        func dropDigits() -> Int {
            let count = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
            rest = rest.dropFirst(count)
            return count
        }
        let isNegative = takeSign(from: &rest)
        let word = String(decoding: rest.map { $0 | 0x20 }, as: UTF8.self)
        if word == "inf" || word == "infinity" { return isNegative ? -.infinity : .infinity }
        if word == "nan" { return isNegative ? -.nan : .nan }
        var digits = dropDigits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            digits += dropDigits()
        }
        guard digits > 0 else { return nil }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            _ = takeSign(from: &rest)
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
                SurrogateUTF8.append(UInt32(byte), to: &result)
                continue
            }
            guard let letter = bytes.next() else {
                result.append(byte)
                break
            }
            guard letter == UInt8(ascii: "u") || letter == UInt8(ascii: "U") else {
                result.append(byte)
                SurrogateUTF8.append(UInt32(letter), to: &result)
                continue
            }
            var value: UInt32 = 0
            for _ in 0..<(letter == UInt8(ascii: "u") ? 4 : 8) {
                guard let digit = bytes.next().flatMap(hexadecimalDigit) else { return nil }
                value = value << 4 | UInt32(digit)
            }
            guard value <= 0x10ffff else { return nil }
            SurrogateUTF8.append(value, to: &result)
        }
        return result
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0d) }

    /// The value of a hexadecimal digit of either case.
    static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        case 0x41...0x46: byte - 0x41 + 10
        default: nil
        }
    }
}
