/// A coding key for what has no key of its own: positions in arrays, keys of dictionaries, `super`.
struct PickleCodingKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }

    static let `super` = PickleCodingKey(stringValue: "super")
}

/// One step of a coding path, kept cheaply while a value is coded. It becomes a key when someone asks for the path.
struct CodingStep {
    /// The key's text, empty for a position.
    var text: String
    /// The position; -1 for a key, -2 for no step at all: the value in a single-value container.
    var index: Int

    init(_ text: String) {
        self.text = text
        index = -1
    }

    init(_ index: Int) {
        text = ""
        self.index = index
    }

    static let none = CodingStep(-2)

    var key: (any CodingKey)? {
        if index == -2 { return nil }
        return index >= 0 ? PickleCodingKey(intValue: index) : PickleCodingKey(stringValue: text)
    }
}

/// Bytes of a key, equal when the code points are. Swift's `String` would take `é` and `e` + accent for one key.
struct KeyText: Hashable {
    let utf8: [UInt8]

    init(_ text: String) { utf8 = Array(text.utf8) }
    init(_ bytes: some Sequence<UInt8>) { utf8 = Array(bytes) }
}

extension String {
    /// The two words of the string's representation.
    ///
    /// Strings with the same words are the same text, as long as both are alive; the reverse does not hold. Coding keys
    /// are literals, so the words of one key are always the same: one comparison instead of one of each byte.
    var words: StringWords {
        StringWords(words: unsafe unsafeBitCast(self, to: (UInt64, UInt64).self))
    }
}

/// What ``String/words`` gives.
struct StringWords: Equatable {
    let words: (UInt64, UInt64)

    static func == (a: StringWords, b: StringWords) -> Bool { a.words == b.words }
}
