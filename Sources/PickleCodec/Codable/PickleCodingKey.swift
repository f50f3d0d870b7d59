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
