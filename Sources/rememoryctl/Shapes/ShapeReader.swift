import PickleCodec

/// Finds the shape of Python values.
struct ShapeReader {
    /// Deeper values are `PickleValue`: no struct for each of a million nested lists.
    private static let deepest = 40
    /// Longer tuples of different things are lists of `PickleValue`.
    private static let longestTuple = 16

    private var known: [PickleGraph.Node: Shape] = [:]

    /// - Parameter value: A value that comes from one pickle, as all that this reader is asked about.
    /// - Complexity: linear in the size of the pickle: what is shared is looked at once.
    mutating func shape(of value: PickleValue, depth: Int = 0) -> Shape {
        switch value.kind {
        case .none: return .none
        case .bool: return .bool
        case .integer: return value.int == nil ? .bigInt : .int
        case .float: return .double
        case .string: return value.string == nil ? .any : .string
        case .bytes, .byteArray: return .data
        case .python2String, .global: return .any
        case .tuple, .list, .dict, .set, .frozenSet, .object: break
        }
        guard depth < ShapeReader.deepest else { return .any }
        let node = value.graph.root
        if let shape = known[node] { return shape }
        known[node] = .any  // for a value that contains itself
        let shape = container(value, depth + 1)
        known[node] = shape
        return shape
    }

    private mutating func container(_ value: PickleValue, _ depth: Int) -> Shape {
        switch value.kind {
        case .list: return .list(common(value.elements, depth))
        case .set, .frozenSet:
            let member = common(value.elements, depth)
            return member.isKey || member == .unseen ? .set(member) : .list(member)
        case .tuple:
            let parts = value.elements.map { shape(of: $0, depth: depth) }
            let common = parts.reduce(Shape.unseen) { $0.merged(with: $1) }
            return common == .any && parts.count <= ShapeReader.longestTuple ? .tuple(parts) : .list(common)
        case .dict: return dict(value.pairs, className: nil, depth)
        default: return object(value, depth)
        }
    }

    private mutating func common(_ values: some Sequence<PickleValue>, _ depth: Int) -> Shape {
        var all = Shape.unseen
        for value in values {
            all = all.merged(with: shape(of: value, depth: depth))
            if all == .any { break }
        }
        return all
    }

    /// A dict whose keys are names is a record, unless it looks like a table: many keys, or values that are all records
    /// with the same fields.
    private mutating func dict(_ pairs: PickleValue.Pairs, className: String?, _ depth: Int) -> Shape {
        let names = pairs.map { $0.key.string }
        let areNames = !names.isEmpty && names.allSatisfy { $0.map(SwiftName.isPlain) ?? false }
        if areNames, names.count <= Shape.mostFields {
            let fields = pairs.map {
                Shape.Record.Field(name: $0.key.string ?? "", shape: shape(of: $0.value, depth: depth))
            }
            if !ShapeReader.isTable(fields) { return .record(.init(className: className, fields: fields)) }
        }
        return .dictionary(key: common(pairs.lazy.map(\.key), depth), value: common(pairs.lazy.map(\.value), depth))
    }

    private static func isTable(_ fields: [Shape.Record.Field]) -> Bool {
        guard fields.count > 1, case .record(let first) = fields[0].shape else { return false }
        return fields.allSatisfy { field in
            guard case .record(let record) = field.shape else { return false }
            return record.fields.map(\.name) == first.fields.map(\.name)
        }
    }

    private mutating func object(_ value: PickleValue, _ depth: Int) -> Shape {
        let name = value.className ?? ""
        switch name {
        case "datetime.datetime", "datetime.date": return .date
        case "datetime.timedelta": return .duration
        case "uuid.UUID": return .uuid
        case "decimal.Decimal": return .decimal
        case "fractions.Fraction": return .double
        case "builtins.complex": return .list(.double)
        case "builtins.range": return .list(.int)
        case "collections.deque":
            return .list(
                common(
                    value.elements.isEmpty ? value.arguments.first?.elements ?? value.elements : value.elements, depth))
        case "collections.OrderedDict", "collections.defaultdict", "collections.Counter":
            let inner =
                value.pairs.isEmpty ? value.arguments.first { $0.kind == .dict }?.pairs ?? value.pairs : value.pairs
            return dict(inner, className: nil, depth)
        case "copyreg._reconstructor", "datetime.time", "datetime.timezone": return .any
        default: break
        }
        if let state = value.state {
            let parts = state.kind == .tuple ? Array(state.elements) : [state]
            guard parts.allSatisfy({ $0.kind == .dict || $0.isNone }) else { return .any }
            let fields = parts.flatMap { Array($0.pairs) }.map {
                Shape.Record.Field(name: $0.key.string ?? "", shape: shape(of: $0.value, depth: depth))
            }
            guard fields.allSatisfy({ !$0.name.isEmpty }) else { return .any }
            return .record(.init(className: name, fields: fields))
        }
        guard value.pairs.isEmpty, value.elements.isEmpty else { return .any }
        let arguments = value.arguments
        let graph = value.graph
        switch graph.kind(of: graph.root) {
        case .reduce where arguments.count == 1: return shape(of: arguments[0], depth: depth)  // a member of an Enum
        case .newObject where !arguments.isEmpty: return .tuple(arguments.map { shape(of: $0, depth: depth) })
        default: return .any
        }
    }
}
