// For coders of other formats; `PickleEncoder` and `PickleDecoder` take a `PickleValue` over as it is.

extension PickleValue: Codable {
    /// Decodes what the other format holds: null, booleans, numbers, strings, arrays, and objects with string keys.
    ///
    /// - Throws: `DecodingError` where it is none of these.
    /// - Complexity: linear in the number of values.
    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: TextKey.self) {
            self = .dict([])
            for key in container.allKeys {
                self[key.stringValue] = try container.decode(PickleValue.self, forKey: key)
            }
        } else if var container = try? decoder.unkeyedContainer() {
            self = .list([])
            while !container.isAtEnd { append(try container.decode(PickleValue.self)) }
        } else {
            self = try PickleValue(scalarIn: try decoder.singleValueContainer())
        }
    }

    private init(scalarIn container: any SingleValueDecodingContainer) throws {
        if container.decodeNil() {
            self.init()
        } else if let value = try? container.decode(Bool.self) {
            self.init(value)
        } else if let value = try? container.decode(Int.self) {
            self.init(value)
        } else if let value = try? container.decode(UInt64.self) {
            self.init(value)
        } else if let value = try? container.decode(Double.self) {
            self.init(value)
        } else if let value = try? container.decode(String.self) {
            self.init(value)
        } else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "expected null, a boolean, a number or a string, found something else")
        }
    }

    /// Encodes as the nearest that other formats have: lists, tuples and sets as arrays, bytes as arrays of numbers, dicts
    /// with string keys as objects, dicts with other keys as arrays of keys and values in turn.
    ///
    /// - Throws: `EncodingError` for objects, integers that fit neither `Int` nor `UInt64`, strings with lone surrogates.
    /// - Complexity: linear in the number of values, each counted wherever it stands.
    public func encode(to encoder: any Encoder) throws {
        switch kind {
        case .dict where pairs.allSatisfy({ $0.key.string != nil }):
            var container = encoder.container(keyedBy: TextKey.self)
            for (key, value) in pairs {
                try container.encode(value, forKey: TextKey(stringValue: key.string ?? ""))
            }
        case .dict:
            var container = encoder.unkeyedContainer()
            for (key, value) in pairs {
                try container.encode(key)
                try container.encode(value)
            }
        case .list, .tuple, .set, .frozenSet:
            var container = encoder.unkeyedContainer()
            for item in elements { try container.encode(item) }
        default:
            var container = encoder.singleValueContainer()
            try encodeScalar(to: &container)
        }
    }

    private func encodeScalar(to container: inout any SingleValueEncodingContainer) throws {
        switch kind {
        case .none: return try container.encodeNil()
        case .bool, .float, .string:
            if let value = bool { return try container.encode(value) }
            if let value = double { return try container.encode(value) }
            if let value = string { return try container.encode(value) }
        case .integer:
            if let value = int { return try container.encode(value) }
            if let value = integer.flatMap({ UInt64(exactly: $0) }) { return try container.encode(value) }
        case .bytes, .byteArray, .python2String:
            return try container.encode(bytes ?? [])
        default: break
        }
        throw EncodingError.invalidValue(
            self,
            EncodingError.Context(
                codingPath: container.codingPath,
                debugDescription: "expected a value that every format can hold, found \(repr(limit: 60)); "
                    + "encode it with PickleEncoder"))
    }
}

/// A key that is any text.
private struct TextKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        return nil
    }
}
