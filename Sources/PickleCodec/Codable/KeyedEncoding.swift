/// A `dict` under construction. A single reference: the standard library copies it for each field.
struct KeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let frame: EncodingFrame

    var codingPath: [any CodingKey] { frame.codingPath }

    mutating func encodeNil(forKey key: Key) throws {
        frame.items.append(frame.name(of: key))
        frame.items.append(.none)
    }

    mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        let name = frame.name(of: key)
        let node = try frame.session.node(for: value, in: frame, at: CodingStep(key.stringValue))
        frame.items.append(name)
        frame.items.append(node)
    }

    // What most fields are, without asking for the type at run time.
    mutating func encode(_ value: Int, forKey key: Key) throws { frame.append(frame.session.integerNode(value), key) }
    mutating func encode(_ value: String, forKey key: Key) throws { frame.append(frame.session.stringNode(value), key) }
    mutating func encode(_ value: Double, forKey key: Key) throws { frame.append(frame.session.floatNode(value), key) }
    mutating func encode(_ value: Bool, forKey key: Key) throws { frame.append(value ? .true : .false, key) }

    // The standard library's own versions of these two refuse, and would win over the generic method.
    mutating func encode(_ value: Int128, forKey key: Key) throws { try encode(PickleInteger(value), forKey: key) }
    mutating func encode(_ value: UInt128, forKey key: Key) throws { try encode(PickleInteger(value), forKey: key) }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        frame.items.append(frame.name(of: key))
        return frame.nest(key).container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        frame.items.append(frame.name(of: key))
        return frame.nest(key).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        frame.items.append(frame.name(of: PickleCodingKey.super))
        return frame.nest(PickleCodingKey.super)
    }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
        frame.items.append(frame.name(of: key))
        return frame.nest(key)
    }
}

extension EncodingFrame {
    @inline(__always)
    fileprivate func append<Key: CodingKey>(_ node: Node, _ key: Key) {
        let name = name(of: key)
        items.reserve(2)
        items.appendReserved(name)
        items.appendReserved(node)
    }

    /// The number of a coding key's name, in the shape of a node: ``KeyTable/resolve(_:)`` puts the node there.
    @inline(__always)
    func name<Key: CodingKey>(of key: Key) -> Node {
        let spelling = key.stringValue
        return Node(rawValue: UInt32(truncatingIfNeeded: session.keys.guess(spelling) ?? newName(key, spelling)))
    }

    @inline(never)
    private func newName(_ key: any CodingKey, _ spelling: String) -> Int {
        let makeNode = { [session] text in session.stringNode(text) }
        switch session.options.keyEncodingStrategy {
        case .useDefaultKeys:
            return session.keys.name(of: spelling, makeName: { $0 }, makeNode: makeNode)
        case .convertToSnakeCase:
            return session.keys.name(of: spelling, makeName: KeyConversion.snakeCase, makeNode: makeNode)
        case .custom(let convert):
            return session.keys.name(convert(codingPath + [key]).stringValue, makeNode: makeNode)
        }
    }
}
