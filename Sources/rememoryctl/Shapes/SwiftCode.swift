import PickleCodec
import Rememory

/// Swift declarations for the shape of a block.
struct SwiftCode {
    private var structs: [String] = []
    private var names: [Shape: String] = [:]
    private var taken: Set<String> = []
    private var needsFoundation = false

    /// The file for a block: imports, structs, and a type alias for the block itself.
    static func file(for value: PickleValue, name: String, kind: BlockKind) -> String {
        var code = SwiftCode()
        let alias = SwiftName.type(name)
        code.taken.insert(alias)
        let declaration = code.declaration(of: value, alias, kind)
        let imports = (code.needsFoundation ? ["Foundation"] : []) + ["PickleCodec", "Rememory"]
        let head = """
            // The shape of the block \(SwiftName.literal(name)) as it was when this was made.
            //
            //     let block = try \(alias)(\(SwiftName.literal(name)))
            """
        return ([head, imports.map { "import \($0)" }.joined(separator: "\n")] + code.structs + [declaration])
            .joined(separator: "\n\n")
    }

    private mutating func declaration(of value: PickleValue, _ alias: String, _ kind: BlockKind) -> String {
        var reader = ShapeReader()
        let comment: String
        let type: String
        switch kind {
        case .dict:
            var (key, content) = (Shape.unseen, Shape.unseen)
            for pair in value.pairs {
                key = key.merged(with: reader.shape(of: pair.key))
                content = content.merged(with: reader.shape(of: pair.value))
            }
            // Values that have nothing in common may be the fields of one struct.
            let whole = reader.shape(of: value)
            if content == .any, case .record = whole { _ = self.type(whole, named: "\(alias)Content") }
            comment = "The dict: \(value.pairs.count) keys."
            let element = SwiftName.singular(alias) ?? "\(alias)Value"
            type =
                "RememoryDict<\(key.isKey ? self.type(key, named: alias) : key == .unseen ? "String" : "PickleValue"), \(self.type(content, named: element))>"
        case .list:
            let content = value.elements.reduce(Shape.unseen) { $0.merged(with: reader.shape(of: $1)) }
            comment = "The list: \(value.elements.count) items."
            type = "RememoryList<\(self.type(content, named: SwiftName.singular(alias) ?? "\(alias)Item"))>"
        default:
            comment = "The value of the block."
            type = "RememoryBlock<\(self.type(reader.shape(of: value), named: "\(alias)Value"))>"
        }
        return "/// \(comment)\ntypealias \(alias) = \(type)"
    }

    /// The Swift type of a shape, with the structs that it needs.
    private mutating func type(_ shape: Shape, named name: String) -> String {
        switch shape {
        case .unseen, .any, .none: return "PickleValue"
        case .bool: return "Bool"
        case .int: return "Int"
        case .bigInt: return "PickleInteger"
        case .double: return "Double"
        case .string: return "String"
        case .data: return foundation("Data")
        case .date: return foundation("Date")
        case .uuid: return foundation("UUID")
        case .decimal: return foundation("Decimal")
        case .duration: return "Duration"
        case .optional(let inner): return type(inner, named: name) + "?"
        case .list(let item): return "[\(type(item, named: SwiftName.singular(name) ?? "\(name)Item"))]"
        case .set(let member): return member == .unseen ? "Set<PickleValue>" : "Set<\(type(member, named: name))>"
        case .dictionary(let key, let value):
            guard key.isKey || key == .unseen else { return "PickleValue" }
            let keyType = key == .unseen ? "String" : type(key, named: name)
            return "[\(keyType): \(type(value, named: SwiftName.singular(name) ?? "\(name)Value"))]"
        case .tuple(let parts):
            return declared(shape, name) { code, name in code.tuple(parts, name) }
        case .record(let record):
            let own = record.className.flatMap { $0.split(separator: ".").last }.map { SwiftName.type(String($0)) }
            return declared(shape, own ?? name) { code, name in code.record(record, name) }
        }
    }

    private mutating func foundation(_ type: String) -> String {
        needsFoundation = true
        return type
    }

    /// The name of a struct, which is declared at its first use.
    private mutating func declared(
        _ shape: Shape, _ wanted: String, _ text: (inout SwiftCode, String) -> String
    ) -> String {
        if let name = names[shape] { return name }
        var name = wanted
        var number = 2
        while !taken.insert(name).inserted {
            name = "\(wanted)\(number)"
            number += 1
        }
        names[shape] = name
        let place = structs.count
        structs.append("")
        structs[place] = text(&self, name)
        return name
    }

    private mutating func record(_ record: Shape.Record, _ name: String) -> String {
        var used: Set<String> = []
        var lines: [String] = []
        var keys: [String] = []
        var isRenamed = false
        for field in record.fields {
            var property = SwiftName.property(field.name)
            while !used.insert(property).inserted { property += "_" }
            let bare = property.filter { $0 != "`" }
            keys.append(
                bare == field.name
                    ? "        case \(property)" : "        case \(property) = \(SwiftName.literal(field.name))")
            if bare != field.name { isRenamed = true }
            let inner = SwiftName.type(field.name)
            let type = type(
                field.mayBeMissing ? field.shape.asMissing : field.shape,
                named: taken.contains(inner) ? name + inner : inner)
            lines.append("    var \(property): \(type)")
        }
        if isRenamed { lines += ["", "    enum CodingKeys: String, CodingKey {"] + keys + ["    }"] }
        let origin = record.className.map { "/// An object of Python's `\($0)`, by its attributes.\n" } ?? ""
        return origin + "struct \(name): Codable, Hashable, Sendable {\n" + lines.joined(separator: "\n") + "\n}"
    }

    private mutating func tuple(_ parts: [Shape], _ name: String) -> String {
        let types = parts.enumerated().map { type($1, named: "\(name)Item\($0)") }
        let fields = types.enumerated().map { "    var item\($0): \($1)" }
        let reads = types.enumerated().map { "        item\($0) = try items.decode(\($1).self)" }
        let writes = types.indices.map { "        try items.encode(item\($0))" }
        let body =
            [
                "/// A tuple. It is written as a list.", "struct \(name): Codable, Hashable, Sendable {",
                fields.joined(separator: "\n"), "",
                "    init(from decoder: any Decoder) throws {",
                "        \(parts.isEmpty ? "_ =" : "var items =") try decoder.unkeyedContainer()",
            ] + reads + [
                "    }", "", "    func encode(to encoder: any Encoder) throws {",
                "        \(parts.isEmpty ? "_ =" : "var items =") encoder.unkeyedContainer()",
            ] + writes + ["    }", "}"]
        return body.filter { !($0.isEmpty && parts.isEmpty) }.joined(separator: "\n")
    }
}

extension Shape {
    /// The shape of a field that may be missing: Swift leaves only optional fields out.
    fileprivate var asMissing: Shape {
        if case .optional = self { return self }
        return .optional(self == .none || self == .unseen ? .any : self)
    }
}
