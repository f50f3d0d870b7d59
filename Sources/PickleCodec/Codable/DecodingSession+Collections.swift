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
        if Key.self == String.self {
            return cast(try session.dictionary(of: Value.self, pairs, at: place), to: Self.self)
        }
        var result = [Key: Value](minimumCapacity: pairs.count / 2)
        var keys = DistinctKeys()
        var elements = ElementDecoding(Value.self, in: place)
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            let step = CodingStep(index / 2)
            let key = try session.value(Key.self, at: place.child(pairs[index], step), node: pairs[index])
            elements.enter(Key.self == Int.self ? CodingStep(cast(key, to: Int.self)) : CodingStep("\(key)"))
            let before = result.count
            result.updateValue(try elements.value(at: pairs[index + 1]), forKey: key)
            if result.count == before { try keys.collided(at: index, in: pairs, stride: 2, place) }
        }
        elements.end()
        return result
    }
}

extension DecodingSession {
    func array<Element: Decodable>(of type: Element.Type, at place: DecodingPlace) throws -> [Element] {
        try place.checkDepth()
        if Element.self == UInt8.self, let bytes = place.plainBytes {
            try charge(bytes.count >> 4, at: place)
            return cast(bytes, to: [Element].self)
        }
        let nodes = try place.elements(for: [Element].self)
        try charge(nodes.count, at: place)
        if Element.self == Int.self { return cast(try integers(nodes, at: place), to: [Element].self) }
        if Element.self == Double.self { return cast(try floats(nodes, at: place), to: [Element].self) }
        if Element.self == String.self { return cast(try texts(nodes, at: place), to: [Element].self) }
        var result: [Element] = []
        result.reserveCapacity(nodes.count)
        var elements = ElementDecoding(type, in: place)
        for index in 0..<nodes.count {
            elements.enter(CodingStep(index))
            result.append(try elements.value(at: nodes[index]))
        }
        elements.end()
        return result
    }

    /// A dictionary with strings as keys, as most have.
    ///
    /// `Value` is known at run time only, which makes each insertion into a dictionary of it slow. So the keys go into
    /// one of positions, and its values are exchanged all at once.
    fileprivate func dictionary<Value: Decodable>(
        of type: Value.Type, _ pairs: NodeList, at place: DecodingPlace
    ) throws -> [String: Value] {
        var positions = [String: Int](minimumCapacity: pairs.count / 2)
        var values: [Value] = []
        values.reserveCapacity(pairs.count / 2)
        var keys = DistinctKeys()
        var elements = ElementDecoding(type, in: place)
        for index in stride(from: 0, to: pairs.count - 1, by: 2) {
            let node = pairs[index]
            let key = try shortText(node) ?? place.child(node, .none).string(for: String.self)
            elements.enter(CodingStep(key))
            values.append(try elements.value(at: pairs[index + 1]))
            if positions.updateValue(index / 2, forKey: key) != nil {
                try keys.collided(at: index, in: pairs, stride: 2, place)
            }
        }
        elements.end()
        return positions.mapValues { values[$0] }
    }

    private func integers(_ nodes: NodeList, at place: DecodingPlace) throws -> [Int] {
        try nodes.indices.map { index in
            let node = nodes[index]
            return try node.smallInteger ?? place.child(node, CodingStep(index)).integer(for: Int.self)
        }
    }

    private func floats(_ nodes: NodeList, at place: DecodingPlace) throws -> [Double] {
        try nodes.indices.map { index in
            let node = nodes[index]
            return try place.graph.double(of: node) ?? place.child(node, CodingStep(index)).double(for: Double.self)
        }
    }

    private func texts(_ nodes: NodeList, at place: DecodingPlace) throws -> [String] {
        try nodes.indices.map { index in
            let node = nodes[index]
            return try shortText(node) ?? place.child(node, CodingStep(index)).string(for: String.self)
        }
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
