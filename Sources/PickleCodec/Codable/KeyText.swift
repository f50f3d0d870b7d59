/// Bytes of a key, equal when the code points are. Swift's `String` would take `é` and `e` + accent for one key.
struct KeyText: Hashable {
    let utf8: [UInt8]

    init(_ text: String) { utf8 = Array(text.utf8) }
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
