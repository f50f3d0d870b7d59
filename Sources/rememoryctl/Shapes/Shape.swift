/// What kind of Swift value several Python values are all instances of.
///
///     10, 11                                   int
///     10, 0.5                                  double
///     10, None                                 optional(int)
///     {'score': 10}, {'score': 1, 'rank': 2}   record(score: int, rank: int, which may be missing)
///     10, 'ten'                                any
indirect enum Shape: Hashable {
    /// Nothing was seen: the items of an empty list.
    case unseen
    case none
    case bool, int, bigInt, double, string, data, date, duration, uuid, decimal
    case optional(Shape)
    case list(Shape)
    case set(Shape)
    case tuple([Shape])
    case dictionary(key: Shape, value: Shape)
    case record(Record)
    /// Nothing that they have in common: `PickleValue`.
    case any

    /// Named fields, in the order in which they were first seen.
    struct Record: Hashable {
        struct Field: Hashable {
            let name: String
            var shape: Shape
            var mayBeMissing = false
        }

        /// The Python class, for an object's attributes.
        var className: String?
        var fields: [Field]
    }

    /// A record with more fields than this is a dictionary.
    static let mostFields = 64

    /// What values of both shapes are instances of.
    func merged(with other: Shape) -> Shape {
        if self == other { return self }
        switch (self, other) {
        case (.unseen, let shape), (let shape, .unseen): return shape
        case (.any, _), (_, .any): return .any
        case (.none, let shape), (let shape, .none): return shape.isOptional ? shape : .optional(shape)
        case (.optional(let one), .optional(let two)): return one.merged(with: two).asOptional
        case (.optional(let one), let two), (let two, .optional(let one)): return one.merged(with: two).asOptional
        case (.int, .double), (.double, .int): return .double
        case (.int, .bigInt), (.bigInt, .int): return .bigInt
        case (.list(let one), .list(let two)): return .list(one.merged(with: two))
        case (.set(let one), .set(let two)): return .set(one.merged(with: two))
        case (.tuple(let one), .tuple(let two)):
            if one.count == two.count { return .tuple(zip(one, two).map { $0.merged(with: $1) }) }
            return .list((one + two).reduce(.unseen) { $0.merged(with: $1) })
        case (.list(let item), .tuple(let parts)), (.tuple(let parts), .list(let item)):
            return .list(parts.reduce(item) { $0.merged(with: $1) })
        case (.dictionary(let key, let value), .dictionary(let otherKey, let otherValue)):
            return .dictionary(key: key.merged(with: otherKey), value: value.merged(with: otherValue))
        case (.record(let one), .record(let two)): return one.merged(with: two)
        case (.record(let record), .dictionary(let key, let value)),
            (.dictionary(let key, let value), .record(let record)):
            guard record.className == nil else { return .any }
            return .dictionary(key: key.merged(with: .string), value: value.merged(with: record.commonShape))
        default: return .any
        }
    }

    var isOptional: Bool {
        switch self {
        case .optional, .any, .none: true
        default: false
        }
    }

    /// The shape, or nothing. `PickleValue` can be Python's `None` itself.
    var asOptional: Shape { isOptional ? self : .optional(self) }

    /// Whether it goes into a Swift `Set` or is a dictionary's key that both languages tell apart in the same way.
    var isKey: Bool { self == .string || self == .int || self == .bool || self == .uuid }
}

extension Shape.Record {
    /// What all fields have in common.
    var commonShape: Shape { fields.reduce(.unseen) { $0.merged(with: $1.shape) } }

    fileprivate func merged(with other: Shape.Record) -> Shape {
        guard className == other.className else { return .any }
        var fields = fields
        let known = Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let theirs = Set(other.fields.map(\.name))
        for place in fields.indices where !theirs.contains(fields[place].name) { fields[place].mayBeMissing = true }
        for field in other.fields {
            if let place = known[field.name] {
                fields[place].shape = fields[place].shape.merged(with: field.shape)
                fields[place].mayBeMissing = fields[place].mayBeMissing || field.mayBeMissing
            } else {
                fields.append(.init(name: field.name, shape: field.shape, mayBeMissing: true))
            }
        }
        let merged = Shape.Record(className: className, fields: fields)
        if fields.count > Shape.mostFields, className == nil {
            return .dictionary(key: .string, value: merged.commonShape)
        }
        return .record(merged)
    }
}
