// How Python spells scalars: `repr` of str, bytes and float. All of it writes UTF-8 to a byte array.

/// Text in the making, as UTF-8.
struct PythonText {
    private(set) var bytes: [UInt8] = []

    /// Stands for the text as a `String`.
    var string: String { String(decoding: bytes, as: UTF8.self) }

    mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func append(contentsOf text: some Sequence<UInt8>) {
        bytes.append(contentsOf: text)
    }

    mutating func append(_ value: Int) {
        bytes.append(contentsOf: value.description.utf8)
    }

    /// Drops what stands behind the first `count` bytes, and the rest of a character that this cuts in two.
    mutating func truncate(to count: Int) {
        guard count < bytes.count else { return }
        var end = count
        while end > 0, bytes[end] & 0xc0 == 0x80 { end -= 1 }
        bytes.removeSubrange(end...)
    }
}

extension PythonText {
    /// Appends `repr` of a `bytes` object.
    mutating func appendBytesLiteral(_ content: some Collection<UInt8>) {
        let quote = Self.quote(for: content)
        append(UInt8(ascii: "b"))
        append(quote)
        for byte in content {
            switch byte {
            case quote, UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0x20..<0x7f: append(byte)
            default: appendControl(UInt32(byte))
            }
        }
        append(quote)
    }

    /// Appends `repr` of a `str` whose UTF-8, lone surrogates included, is `content`.
    mutating func appendStringLiteral(_ content: some RandomAccessCollection<UInt8>) {
        let quote = Self.quote(for: content)
        append(quote)
        var position = content.startIndex
        while position != content.endIndex {
            let byte = content[position]
            if byte < 0x80 {
                if byte == quote || byte == UInt8(ascii: "\\") {
                    append(UInt8(ascii: "\\"))
                    append(byte)
                } else if byte >= 0x20, byte != 0x7f {
                    append(byte)
                } else {
                    appendControl(UInt32(byte))
                }
                content.formIndex(after: &position)
            } else {
                let start = position
                let code = SurrogateUTF8.decode(content, at: &position)
                if let scalar = Unicode.Scalar(code), scalar.isPythonPrintable {
                    append(contentsOf: content[start..<position])
                } else {
                    appendControl(code)
                }
            }
        }
        append(quote)
    }

    /// Single quotes, unless there are single quotes inside and no double ones.
    private static func quote(for content: some Collection<UInt8>) -> UInt8 {
        let single = UInt8(ascii: "'")
        let double = UInt8(ascii: "\"")
        return content.contains(single) && !content.contains(double) ? double : single
    }

    private mutating func appendControl(_ code: UInt32) {
        append(UInt8(ascii: "\\"))
        switch code {
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0a: append(UInt8(ascii: "n"))
        case 0x0d: append(UInt8(ascii: "r"))
        case 0..<0x100:
            append(UInt8(ascii: "x"))
            appendHexadecimal(code, digits: 2)
        case 0x100..<0x1_0000:
            append(UInt8(ascii: "u"))
            appendHexadecimal(code, digits: 4)
        default:
            append(UInt8(ascii: "U"))
            appendHexadecimal(code, digits: 8)
        }
    }

    /// Appends the lower `digits` hexadecimal digits of `code`.
    mutating func appendHexadecimal(_ code: UInt32, digits: Int) {
        for digit in stride(from: digits - 1, through: 0, by: -1) {
            let nibble = UInt8(truncatingIfNeeded: code >> UInt32(digit * 4)) & 15
            append(nibble < 10 ? nibble + UInt8(ascii: "0") : nibble - 10 + UInt8(ascii: "a"))
        }
    }
}

extension PythonText {
    /// Appends `repr` of a `float`: the fewest digits that read back as the same number, in Python's layout.
    ///
    /// Swift and Python choose the same digits but lay them out differently: Python has an exponent below 1e-4 and
    /// from 1e16 on, with at least two digits.
    mutating func append(_ value: Double) {
        if value.isNaN { return append("nan") }
        if value.isInfinite { return append(value < 0 ? "-inf" : "inf") }
        if value.sign == .minus { append(UInt8(ascii: "-")) }
        let (digits, point) = Self.decimal(value.magnitude)
        switch point {
        case -3..<1:
            append("0.")
            append(contentsOf: repeatElement(UInt8(ascii: "0"), count: -point))
            append(contentsOf: digits)
        case 1..<17:
            append(contentsOf: digits.prefix(point))
            append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(0, point - digits.count)))
            append(UInt8(ascii: "."))
            if digits.count > point {
                append(contentsOf: digits.dropFirst(point))
            } else {
                append(UInt8(ascii: "0"))
            }
        default:
            append(contentsOf: digits.prefix(1))
            if digits.count > 1 {
                append(UInt8(ascii: "."))
                append(contentsOf: digits.dropFirst())
            }
            let exponent = point - 1
            append(exponent < 0 ? "e-" : "e+")
            if abs(exponent) < 10 { append(UInt8(ascii: "0")) }
            append(abs(exponent))
        }
    }

    /// The significant digits of a finite value, and where the decimal point stands: 0.d₁d₂… × 10^point.
    ///
    /// 1234.5 is ("12345", 4); 0.001 is ("1", -2); zero is ("0", 1).
    private static func decimal(_ value: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point = 0
        var exponent = 0
        var isFraction = false
        var text = Substring(value.description).utf8
        while let byte = text.popFirst() {
            switch byte {
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"):
                exponent = Int(Substring(text)) ?? 0
                text = Substring().utf8
            default:
                if byte == UInt8(ascii: "0"), digits.isEmpty {
                    if isFraction { point -= 1 }
                } else {
                    digits.append(byte)
                    if !isFraction { point += 1 }
                }
            }
        }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return digits.isEmpty ? ([UInt8(ascii: "0")], 1) : (digits, point + exponent)
    }
}

extension Unicode.Scalar {
    /// Python's `str.isprintable` for one character.
    ///
    /// Decided by the Unicode tables of the Swift runtime, which may be newer than those of a certain Python.
    fileprivate var isPythonPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: self == " "
        default: true
        }
    }
}
