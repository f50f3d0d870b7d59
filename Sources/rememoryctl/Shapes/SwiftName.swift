/// Swift names for Python's.
enum SwiftName {
    private static let keywords: Set<String> = [
        "Any", "Self", "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer",
        "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard",
        "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private",
        "protocol", "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super",
        "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while", "Type", "Protocol",
    ]

    /// Names of types that the generated code uses.
    private static let types: Set<String> = [
        "Int", "Double", "Bool", "String", "Data", "Date", "Duration", "UUID", "Decimal", "Set", "Array", "Dictionary",
        "Optional", "PickleValue", "PickleInteger", "Codable", "Hashable", "Sendable", "CodingKeys", "CodingKey",
        "Decoder", "Encoder", "RememoryDict", "RememoryList", "RememoryBlock", "Foundation", "PickleCodec", "Rememory",
    ]

    /// Whether a key can be the name of a field as it is, or nearly so.
    static func isPlain(_ key: String) -> Bool {
        guard let first = key.unicodeScalars.first, first.isASCII, first == "_" || first.properties.isAlphabetic else {
            return false
        }
        return key.unicodeScalars.allSatisfy {
            $0.isASCII && ($0 == "_" || $0 == "-" || $0.properties.isAlphabetic || (0x30...0x39).contains($0.value))
        }
    }

    /// A property for a key, in backticks where Swift needs them.
    static func property(_ key: String) -> String {
        var name = String(String.UnicodeScalarView(key.unicodeScalars.map { isWord($0) ? $0 : "_" }))
        if name.unicodeScalars.first.map({ (0x30...0x39).contains($0.value) }) ?? true { name = "_" + name }
        if name.allSatisfy({ $0 == "_" }) { name = "field" + name }
        return keywords.contains(name) ? "`\(name)`" : name
    }

    /// A type for a key, a block or a Python class: `high-score_list` becomes `HighScoreList`.
    static func type(_ text: String) -> String {
        let words = text.unicodeScalars.split { !isWord($0) || $0 == "_" }.map { String(String.UnicodeScalarView($0)) }
        var name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        if name.unicodeScalars.first.map({ !$0.properties.isAlphabetic }) ?? true { name = "Block" + name }
        return keywords.contains(name) || types.contains(name) ? name + "Value" : name
    }

    /// The word for one of several: `players` has items of type `Player`.
    static func singular(_ name: String) -> String? {
        if name.hasSuffix("ies"), name.count > 4 { return name.dropLast(3) + "y" }
        if name.hasSuffix("s"), !name.hasSuffix("ss"), !name.hasSuffix("us"), name.count > 2 {
            return String(name.dropLast())
        }
        return nil
    }

    /// A string literal.
    static func literal(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": literal += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value > 0x7e:
                literal += "\\u{\(String(scalar.value, radix: 16))}"
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\""
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar == "_" || scalar.properties.isAlphabetic || (0x30...0x39).contains(scalar.value))
    }
}
