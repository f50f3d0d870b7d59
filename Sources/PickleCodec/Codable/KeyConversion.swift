/// The rules of `JSONEncoder` and `JSONDecoder` for keys in snake case.
enum KeyConversion {
    /// `myURLProperty` → `my_url_property`, `myProperty1` → `my_property1`.
    ///
    /// A word begins at a capital, and goes on over all that is no small letter. Where that is more than the capital, its
    /// last character begins the word of the small letters behind: `aBC1d` → `a_bc_1d`. The first letter of a key is
    /// taken for a small one.
    static func snakeCase(_ key: String) -> String {
        let scalars = Array(key.unicodeScalars)
        var words: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        var next = 1
        while next < scalars.count, let capital = scalars[next...].firstIndex(where: \.isCapital) {
            words.append(scalars[start..<capital])
            start = capital
            guard let small = scalars[capital...].firstIndex(where: \.isSmall) else { break }
            if small > capital + 1 {
                words.append(scalars[capital..<small - 1])
                start = small - 1
            }
            next = small + 1
        }
        words.append(scalars[min(start, scalars.count)...])
        return words.map { text($0).lowercased() }.joined(separator: "_")
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

    /// The word with a capital wherever letters begin: `x1y` → `X1Y`.
    private static func capitalized(_ word: Substring) -> String {
        var result = ""
        var isInside = false
        for scalar in word.unicodeScalars {
            let isLetter = scalar.isCapital || scalar.isSmall
            switch (isLetter, isInside) {
            case (true, false): result += scalar.isCapital ? String(scalar) : scalar.properties.titlecaseMapping
            case (true, true): result += scalar.properties.lowercaseMapping
            case (false, _): result.unicodeScalars.append(scalar)
            }
            if !scalar.properties.isCaseIgnorable { isInside = isLetter }
        }
        return result
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}

extension Unicode.Scalar {
    fileprivate var isCapital: Bool {
        properties.generalCategory == .uppercaseLetter || properties.generalCategory == .titlecaseLetter
    }

    fileprivate var isSmall: Bool { properties.generalCategory == .lowercaseLetter }
}
