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
        if let self = exactly(self, [String: Value].self) { return try session.dictNode(of: self, at: place) }
        var elements = ElementEncoding(Value.self, in: place)
        var items = FlatBuffer<PickleGraph.Node>(capacity: count * 2, .passing)
        for (key, value) in self {
            let step = CodingStep(String(describing: key))
            items.append(try session.hashable { try session.node(for: key, at: place.child(step)) })
            elements.enter(step)
            items.append(try elements.node(for: value))
        }
        elements.end()
        return try session.dictNode(items, of: self, at: place)
    }
}

extension EncodingSession {
    /// The node of a dictionary with strings as keys, as most have.
    ///
    /// `Value` is known at run time only, which makes each optional pair that an iterator gives slow: it goes by index.
    fileprivate func dictNode<Value: Encodable>(
        of dictionary: [String: Value], at place: EncodingPlace
    ) throws -> Node {
        let (keys, values) = (dictionary.keys, dictionary.values)
        builder.reserve(entries: dictionary.count)
        var elements = ElementEncoding(Value.self, in: place)
        var items = FlatBuffer<Node>(capacity: dictionary.count * 2, .passing)
        var index = dictionary.startIndex
        while index != dictionary.endIndex {
            let text = keys[index]
            items.append(stringNode(text))
            elements.enter(CodingStep(text))
            items.append(try elements.node(for: values[index]))
            dictionary.formIndex(after: &index)
        }
        elements.end()
        return try dictNode(items, of: dictionary, at: place)
    }

    /// The nodes of a collection's elements, in order.
    func nodes<C: Collection>(of values: C, at place: EncodingPlace) throws -> FlatBuffer<Node>
    where C.Element: Encodable {
        try place.checkDepth(of: values)
        var items = FlatBuffer<Node>(capacity: values.count, .passing)
        if let integers = exactly(values, [Int].self) {
            for value in integers { items.append(integerNode(value)) }
        } else if let texts = exactly(values, [String].self) {
            builder.reserve(entries: texts.count)
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
    func hashable<R: ~Copyable>(_ encode: () throws -> R) rethrows -> R {
        let outer = needsHashable
        needsHashable = true
        defer { needsHashable = outer }
        return try encode()
    }
}
