/// UTF-8 in which lone surrogates are encoded like other characters, as Python's `surrogatepass` does.
enum SurrogateUTF8 {
    /// The code point at `position`, which moves behind it. Malformed bytes, which a reader has refused before, give
    /// some code point or other.
    static func decode<Text: RandomAccessCollection<UInt8>>(_ text: Text, at position: inout Text.Index) -> UInt32 {
        let first = text[position]
        text.formIndex(after: &position)
        let (length, bits): (Int, UInt32) =
            switch first {
            case 0xc0..<0xe0: (1, UInt32(first & 0x1f))
            case 0xe0..<0xf0: (2, UInt32(first & 0x0f))
            case 0xf0..<0xf8: (3, UInt32(first & 0x07))
            default: (0, UInt32(first))
            }
        var code = bits
        for _ in 0..<length {
            guard position != text.endIndex, text[position] & 0xc0 == 0x80 else { return code }
            code = code << 6 | UInt32(text[position] & 0x3f)
            text.formIndex(after: &position)
        }
        return code
    }

    /// Appends `code`, which may be a surrogate.
    static func append(_ code: UInt32, to bytes: inout [UInt8]) {
        switch code {
        case 0..<0x80:
            bytes.append(UInt8(code))
        case 0x80..<0x800:
            bytes.append(0xc0 | UInt8(code >> 6))
            bytes.append(0x80 | UInt8(code & 0x3f))
        case 0x800..<0x1_0000:
            bytes.append(0xe0 | UInt8(code >> 12))
            bytes.append(0x80 | UInt8(code >> 6 & 0x3f))
            bytes.append(0x80 | UInt8(code & 0x3f))
        default:
            bytes.append(0xf0 | UInt8(code >> 18 & 0x07))
            bytes.append(0x80 | UInt8(code >> 12 & 0x3f))
            bytes.append(0x80 | UInt8(code >> 6 & 0x3f))
            bytes.append(0x80 | UInt8(code & 0x3f))
        }
    }

    /// How many code points there are: Python's `len`.
    static func count(_ text: some Sequence<UInt8>) -> Int {
        text.reduce(0) { $0 + ($1 & 0xc0 == 0x80 ? 0 : 1) }
    }
}
