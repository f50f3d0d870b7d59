/// Text from a segment, a file name or another process's command line, made harmless: nothing in it drives a terminal.
///
///     "a\u{1b}[31mb"     a\x1b[31mb
///     "a\u{202e}b"       a\u202eb
enum SafeText {
    /// The text with everything escaped that is not shown: control characters (also those of C1, which are commands to
    /// some terminals), what changes the direction of writing, what has no width, and line separators.
    static func escaped(_ text: some StringProtocol) -> String {
        escaped(text) { scalar in
            switch scalar.value {
            case 0x0a: "\\n"
            case 0x0d: "\\r"
            case 0x09: "\\t"
            case ..<0x100: "\\x" + hexadecimal(scalar.value, 2)
            case ..<0x10000: "\\u" + hexadecimal(scalar.value, 4)
            default: "\\U" + hexadecimal(scalar.value, 8)
            }
        }
    }

    /// JSON text that stays the same JSON: what is not shown is escaped as JSON does it.
    static func escapedJSON(_ text: some StringProtocol) -> String {
        escaped(text) { scalar in
            scalar == "\n" ? "\n" : UTF16.encode(scalar)?.map { "\\u" + hexadecimal(UInt32($0), 4) }.joined() ?? ""
        }
    }

    /// Several lines, each escaped.
    static func escapedLines(_ text: some StringProtocol) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped($0) }.joined(separator: "\n")
    }

    private static func escaped(_ text: some StringProtocol, _ escape: (Unicode.Scalar) -> String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return String(text) }
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) {
                safe.append(contentsOf: escape(scalar).unicodeScalars)
            } else {
                safe.append(scalar)
            }
        }
        return String(safe)
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7f { return scalar.value < 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: return true
        default: return false
        }
    }

    private static func hexadecimal(_ value: UInt32, _ width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
