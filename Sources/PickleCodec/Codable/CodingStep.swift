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
