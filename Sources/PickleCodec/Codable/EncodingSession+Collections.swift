extension Array: PickleNativeEncodable where Element: Encodable {
    func pickleNode(at place: EncodingPlace) throws -> PickleGraph.Node {
        try place.session.listNode(place.session.nodes(of: self, at: place))
    }
}

extension ContiguousArray: PickleNativeEncodable where Element: Encodable {
    func pickleNode(at place: EncodingPlace) throws -> PickleGraph.Node {
        try place.session.listNode(place.session.nodes(of: self, at: place))
    }
}

extension Set: PickleNativeEncodable where Element: Encodable {
    func pickleNode(at place: EncodingPlace) throws -> PickleGraph.Node {
        let session = place.session
        let nodes = try session.hashable { try session.nodes(of: self, at: place) }
        return session.setNode(nodes)
    }
}

extension Dictionary: PickleNativeEncodable where Key: Encodable, Value: Encodable {
    func pickleNode(at place: EncodingPlace) throws -> PickleGraph.Node {
        let session = place.session
        try place.checkDepth(of: self)
        var elements = ElementEncoding(Value.self, in: place)
        var items: [PickleGraph.Node] = []
        items.reserveCapacity(count * 2)
        for (key, value) in self {
            if let text = exactly(key, String.self) {
                items.append(session.stringNode(text))
                elements.enter(CodingStep(text))
            } else {
                let step = CodingStep(String(describing: key))
                items.append(try session.hashable { try session.node(for: key, at: place.child(step)) })
                elements.enter(step)
            }
            items.append(try elements.node(for: value))
        }
        elements.end()
        return try session.dictNode(items, of: self, at: place)
    }
}

extension EncodingSession {
    /// The nodes of a collection's elements, in order.
    func nodes<C: Collection>(of values: C, at place: EncodingPlace) throws -> [Node] where C.Element: Encodable {
        try place.checkDepth(of: values)
        var items: [Node] = []
        items.reserveCapacity(values.count)
        if let integers = exactly(values, [Int].self) {
            for value in integers { items.append(integerNode(value)) }
        } else if let texts = exactly(values, [String].self) {
            for value in texts { items.append(stringNode(value)) }
        } else if let doubles = exactly(values, [Double].self) {
            for value in doubles { items.append(floatNode(value)) }
        } else if let bytes = exactly(values, [UInt8].self) {
            for value in bytes { items.append(integerNode(Int(value))) }
        } else {
            var elements = ElementEncoding(C.Element.self, in: place)
            for value in values {
                elements.enter(CodingStep(items.count))
                items.append(try elements.node(for: value))
            }
            elements.end()
        }
        return items
    }

    /// Encodes what Python must be able to hash: keys and elements of sets.
    func hashable<R>(_ encode: () throws -> R) rethrows -> R {
        let outer = needsHashable
        needsHashable = true
        defer { needsHashable = outer }
        return try encode()
    }
}
