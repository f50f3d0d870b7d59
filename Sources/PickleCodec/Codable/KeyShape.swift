/// The keys of one dict, as coding keys, with the position of each.
///
/// The dicts that stand for values of one type have the same keys in the same order, and usually the very same key
/// objects. So a shape is made once, and for each further dict a comparison of node numbers tells that it fits. The
/// lookups that a type's `init(from:)` makes come in one order as well: each is compared, by two words, with the one
/// that followed last time.
final class KeyShape {
    typealias Node = PickleGraph.Node

    private struct Lookup {
        let text: String
        let words: StringWords
        let position: Int?
    }

    /// The key objects, where they can be compared.
    fileprivate let keyNodes: [Node]
    /// The keys that coding keys can be made of, in order: the text, or the integer, and the position.
    private(set) var keys: [(key: PickleCodingKey, position: Int)] = []
    private var positions: [KeyText: Int] = [:]
    private var integerPositions: [Int: Int] = [:]
    // Changed by the two methods below only, which call nobody: checks for it would only cost time.
    @exclusivity(unchecked) private var lookups: [Lookup] = []
    @exclusivity(unchecked) private var next = 0

    /// Whether the same key objects have this shape wherever they stand.
    fileprivate var isReusable = false

    fileprivate init(keyNodes: [Node]) { self.keyNodes = keyNodes }

    /// Whether these pairs have just the keys of this shape.
    @inline(__always)
    func fits(_ pairs: NodeList) -> Bool {
        guard isReusable, keyNodes.count &* 2 == pairs.count else { return false }
        for index in keyNodes.indices where keyNodes[index] != pairs[2 &* index] { return false }
        return true
    }

    /// A shape of names that are no objects of the pickle.
    convenience init(fields: [String]) {
        self.init(keyNodes: [])
        for (position, field) in fields.enumerated() { _ = add(field, at: position) }
    }

    /// Takes a key up. A key that is there already stands for its later value from now on, as in Python.
    ///
    /// - Returns: The position that the key had before.
    fileprivate func add(_ text: String, at position: Int) -> Int? {
        let before = positions.updateValue(position, forKey: KeyText(text))
        if before == nil { keys.append((PickleCodingKey(stringValue: text), position)) }
        return before
    }

    fileprivate func add(_ integer: Int, at position: Int) {
        if integerPositions.updateValue(position, forKey: integer) == nil {
            keys.append((PickleCodingKey(intValue: integer), position))
        }
    }

    /// Where the value of a key with this text stands.
    @inline(__always)
    func position(of text: String) -> Int? {
        let expected = unsafe next
        if unsafe expected < lookups.count, unsafe lookups[expected].words == text.words {
            unsafe next = expected + 1 == lookups.count ? 0 : expected + 1
            return unsafe lookups[expected].position
        }
        return slowPosition(of: text)
    }

    /// Where the value of a coding key stands among the ints.
    func integerPosition(of key: some CodingKey) -> Int? {
        integerPositions.isEmpty ? nil : key.intValue.flatMap { integerPositions[$0] }
    }

    @inline(never)
    private func slowPosition(of text: String) -> Int? {
        let words = text.words
        if let known = unsafe lookups.firstIndex(where: { $0.words == words }) {
            unsafe next = known + 1 == lookups.count ? 0 : known + 1
            return unsafe lookups[known].position
        }
        let position = positions[KeyText(text)]
        if unsafe lookups.count < 64 {
            unsafe lookups.append(Lookup(text: text, words: words, position: position))
            unsafe next = 0
        }
        return position
    }
}

/// The shapes of the dicts met last.
struct KeyShapeCache {
    private var shapes: [KeyShape] = []
    private var oldest = 0

    private static let capacity = 16
    /// Longer dicts are hardly values of a type with coding keys, and are not worth comparing.
    private static let longest = 128

    /// The shape of a dict whose keys and values stand one after the other.
    mutating func shape(of pairs: NodeList, at place: DecodingPlace) throws -> KeyShape {
        for shape in shapes where shape.fits(pairs) { return shape }
        let shape = try Self.make(pairs, at: place)
        if case .custom = place.session.options.keyDecodingStrategy { return shape }
        guard pairs.count <= 2 * Self.longest else { return shape }
        shape.isReusable = true
        if shapes.count < Self.capacity {
            shapes.append(shape)
        } else {
            shapes[oldest] = shape
            oldest = (oldest + 1) % Self.capacity
        }
        return shape
    }

    private static func make(_ pairs: NodeList, at place: DecodingPlace) throws -> KeyShape {
        let count = pairs.count / 2
        let shape = KeyShape(keyNodes: (0..<count).map { pairs[2 * $0] })
        for position in 0..<count {
            let key = place.at(pairs[2 * position])
            if let integer = key.graph.int(of: key.node) {
                shape.add(integer, at: position)
            } else if let text = key.plainString, let before = shape.add(converted(text, at: place), at: position),
                !place.at(pairs[2 * before]).isText(text)
            {
                throw place.corrupted("two keys of a dict are one after conversion: '\(converted(text, at: place))'")
            }
        }
        return shape
    }

    private static func converted(_ text: String, at place: DecodingPlace) -> String {
        switch place.session.options.keyDecodingStrategy {
        case .useDefaultKeys: text
        case .convertFromSnakeCase: KeyConversion.camelCase(text)
        case .custom(let convert): convert(place.codingPath + [PickleCodingKey(stringValue: text)]).stringValue
        }
    }
}
