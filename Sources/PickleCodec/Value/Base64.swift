/// Base64 with padding (RFC 4648), for the bytes in JSON. Here because the core does without Foundation.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The position of each character in the alphabet; 255 for others.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    static func encode(_ bytes: some Sequence<UInt8>, to text: inout PythonText) {
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 1
            if count == 3 {
                for shift in [UInt32(18), 12, 6, 0] { text.append(alphabet[Int(bits >> shift & 63)]) }
                (bits, count) = (0, 0)
            }
        }
        guard count > 0 else { return }
        bits <<= UInt32(8 * (3 - count))
        for position in 0..<4 {
            let isPadding = position > count
            text.append(isPadding ? UInt8(ascii: "=") : alphabet[Int(bits >> UInt32(18 - 6 * position) & 63)])
        }
    }

    /// The bytes, or nil where `text` is not canonical Base64.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 4) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var characters = 0
        var padding = 0
        for character in text {
            characters += 1
            if character == UInt8(ascii: "="), characters > text.count - 2 {
                padding += 1
                bits <<= 6
            } else {
                let value = values[Int(character)]
                guard value != 255, padding == 0 else { return nil }
                bits = bits << 6 | UInt32(value)
            }
            if characters.isMultiple(of: 4) {
                for shift in [UInt32(16), 8, 0].prefix(3 - padding) { bytes.append(UInt8(bits >> shift & 255)) }
                guard padding == 0 || bits & (1 << UInt32(8 * padding) - 1) == 0 else { return nil }
                bits = 0
            }
        }
        return bytes
    }
}
