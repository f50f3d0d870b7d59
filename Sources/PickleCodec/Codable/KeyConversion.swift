/// The rules of `JSONEncoder` and `JSONDecoder` for keys in snake case.
enum KeyConversion {
    /// `myURLProperty` → `my_url_property`, `myProperty1` → `my_property1`.
    static func snakeCase(_ key: String) -> String {
        let characters = Array(key)
        var result = ""
        for (index, character) in characters.enumerated() {
            let startsWord =
                index > 0 && character.isUppercase
                && (!characters[index - 1].isUppercase
                    || (index + 1 < characters.count && characters[index + 1].isLowercase))
            if startsWord { result.append("_") }
            result.append(character.lowercased())
        }
        return result
    }

    /// `my_property` → `myProperty`. Underscores at both ends stay: `_my_property_` → `_myProperty_`.
    static func camelCase(_ key: String) -> String {
        guard let first = key.firstIndex(where: { $0 != "_" }), let last = key.lastIndex(where: { $0 != "_" }) else {
            return key
        }
        let words = key[first...last].split(separator: "_")
        guard words.count > 1 else { return key }
        let joined = words[0].lowercased() + words.dropFirst().map(capitalized).joined()
        return key[..<first] + joined + key[key.index(after: last)...]
    }

    private static func capitalized(_ word: Substring) -> String {
        word.prefix(1).uppercased() + word.dropFirst().lowercased()
    }
}
