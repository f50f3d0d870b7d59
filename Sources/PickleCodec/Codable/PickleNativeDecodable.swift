/// A type with a Python form of its own, which does not go through `init(from:)`.
protocol PickleNativeDecodable: Decodable {
    static func value(at place: DecodingPlace) throws -> Self
}

extension PickleNativeDecodable where Self: FixedWidthInteger {
    static func value(at place: DecodingPlace) throws -> Self { try place.integer(for: Self.self) }
}

extension Int: PickleNativeDecodable {}
extension Int8: PickleNativeDecodable {}
extension Int16: PickleNativeDecodable {}
extension Int32: PickleNativeDecodable {}
extension Int64: PickleNativeDecodable {}
extension Int128: PickleNativeDecodable {}
extension UInt: PickleNativeDecodable {}
extension UInt8: PickleNativeDecodable {}
extension UInt16: PickleNativeDecodable {}
extension UInt32: PickleNativeDecodable {}
extension UInt64: PickleNativeDecodable {}
extension UInt128: PickleNativeDecodable {}

extension Bool: PickleNativeDecodable {
    static func value(at place: DecodingPlace) throws -> Bool { try place.bool() }
}

extension Double: PickleNativeDecodable {
    static func value(at place: DecodingPlace) throws -> Double { try place.double(for: Double.self) }
}

extension Float: PickleNativeDecodable {
    /// The nearest `Float`; infinite only where the pickle says so.
    static func value(at place: DecodingPlace) throws -> Float {
        let double = try place.double(for: Float.self)
        let value = Float(double)
        guard value.isFinite || !double.isFinite else {
            throw place.corrupted("the float \(double) does not fit in Float")
        }
        return value
    }
}

extension String: PickleNativeDecodable {
    static func value(at place: DecodingPlace) throws -> String { try place.string(for: String.self) }
}

extension PickleInteger: PickleNativeDecodable {
    static func value(at place: DecodingPlace) throws -> PickleInteger {
        guard let integer = place.resolved({ $0 == .integer }).plainInteger else {
            throw place.mismatch(PickleInteger.self, "an int")
        }
        return integer
    }
}

extension Duration: PickleNativeDecodable {
    static func value(at place: DecodingPlace) throws -> Duration { try place.timeDelta(for: Duration.self).duration }
}

extension Optional: PickleNativeDecodable where Wrapped: Decodable {
    static func value(at place: DecodingPlace) throws -> Wrapped? {
        guard place.node != .none else { return nil }
        try place.checkDepth()
        return try place.session.value(Wrapped.self, at: place.child(place.node, .none), node: place.node)
    }
}

extension DecodingSession {
    /// The value of a type that stands for a Python class: from an object of that class, or from plain data.
    func objectValue<T: Decodable>(_ type: T.Type, of entry: PickleClasses.Entry, at place: DecodingPlace) throws -> T {
        var fields: [String]?
        if place.kind.isObject, let object = place.object {
            guard object.type == PythonClass(path: entry.path) else {
                throw place.mismatch(type, "an object of \(entry.path)")
            }
            switch entry.form {
            case .frozenSlots(let names), .namedTuple(let names): fields = names
            case .attributes, .slots, .enumeration: break
            }
        }
        return try codableValue(type, at: place, fields: fields)
    }
}
