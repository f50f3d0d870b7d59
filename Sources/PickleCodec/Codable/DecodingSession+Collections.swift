extension Array: PickleNativeDecodable where Element: Decodable {
    static func value(at place: DecodingPlace) throws -> [Element] {
        try place.session.array(of: Element.self, at: place)
    }
}

extension ContiguousArray: PickleNativeDecodable where Element: Decodable {
    static func value(at place: DecodingPlace) throws -> ContiguousArray<Element> {
        ContiguousArray(try place.session.array(of: Element.self, at: place))
    }
}

extension Set: PickleNativeDecodable where Element: Decodable {
    static func value(at place: DecodingPlace) throws -> Set<Element> {
        try place.checkDepth()
        let nodes = try place.elements(for: Self.self)
        try place.session.charge(nodes.count, at: place)
        var result = Set<Element>(minimumCapacity: nodes.count)
        var keys = DistinctKeys()
        for index in 0..<nodes.count {
            let node = nodes[index]
            let child = place.child(node, CodingStep(index))
            let (inserted, _) = result.insert(try place.session.value(Element.self, at: child, node: node))
            if !inserted { try keys.collided(at: index, in: nodes, stride: 1, place) }
        }
        return result
    }
}

extension Dictionary: PickleNativeDecodable where Key: Decodable, Value: Decodable {
    static func value(at place: DecodingPlace) throws -> [Key: Value] {
        try place.checkDepth()
        let pairs: NodeList
        if case .pairs(let found) = try place.keyed() {
            pairs = found
        } else {
            throw place.mismatch(Self.self, "a dict")
        }
        let session = place.session
        try session.charge(pairs.count, at: place)
        var result = [Key: Value](minimumCapacity: pairs.count / 2)
        var keys = DistinctKeys()
        var child = place.child(.none, .none)
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            let key: Key
            child.node = pairs[index]
            if Key.self == String.self, let text = exactly(try child.string(for: String.self), Key.self) {
                key = text
            } else {
                key = try session.value(Key.self, at: place.child(child.node, CodingStep(index / 2)), node: child.node)
            }
            let node = pairs[index + 1]
            let value: Value
            if let small = node.smallInteger, let integer = exactly(small, Value.self) {
                value = integer
            } else {
                let step = exactly(key, String.self).map { CodingStep($0) } ?? CodingStep(String(describing: key))
                value = try session.generalValue(Value.self, at: place.child(node, step))
            }
            if result.updateValue(value, forKey: key) != nil {
                try keys.collided(at: index, in: pairs, stride: 2, place)
            }
        }
        return result
    }
}

extension DecodingSession {
    func array<Element: Decodable>(of type: Element.Type, at place: DecodingPlace) throws -> [Element] {
        try place.checkDepth()
        if Element.self == UInt8.self, let bytes = place.plainBytes {
            try charge(bytes.count >> 4, at: place)
            if let result = exactly(bytes, [Element].self) { return result }
        }
        let nodes = try place.elements(for: [Element].self)
        try charge(nodes.count, at: place)
        var result: [Element] = []
        result.reserveCapacity(nodes.count)
        for index in 0..<nodes.count {
            let node = nodes[index]
            result.append(try value(type, at: place.child(node, CodingStep(index)), node: node))
        }
        return result
    }
}

/// Finds keys that are two in Python and one in Swift. A pickle may set one key twice: then the later value counts.
struct DistinctKeys {
    private var seen: Set<PickleValue> = []
    private var count = 0

    /// Takes note that the key at `index` is one that Swift has already met.
    ///
    /// - Throws: `DecodingError` where Python has not.
    mutating func collided(at index: Int, in nodes: NodeList, stride: Int, _ place: DecodingPlace) throws {
        while count < index {
            seen.insert(place.session.values.value(of: nodes[count]))
            count += stride
        }
        guard seen.contains(place.session.values.value(of: nodes[index])) else {
            throw place.corrupted("two keys are different in Python and one in Swift (at position \(index / stride))")
        }
    }
}
