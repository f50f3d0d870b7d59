/// Python's `repr`.
struct ReprStyle: ValueStyle {
    let graph: ValueGraph

    func print(_ node: PickleGraph.Node, to text: inout PythonText) -> [Piece]? {
        let shape = graph.shape(of: node)
        switch shape.kind {
        case .none: text.append("None")
        case .bool: text.append(graph.graph.kind(of: node) == .true ? "True" : "False")
        case .integer:
            if let small = graph.graph.int(of: node) {
                text.append(small)
            } else if let large = graph.graph.integer(of: node) {
                text.append(contentsOf: large.description.utf8)
            }
        case .float: text.append(graph.graph.double(of: node) ?? .nan)
        case .string: text.appendStringLiteral(graph.bytes(of: node))
        case .bytes: text.appendBytesLiteral(graph.content(ofBytes: shape))
        case .python2String:
            // Python 3 reads ASCII as a str. For the rest it wants to be told an encoding.
            let content = graph.bytes(of: node)
            if content.allSatisfy({ $0 < 0x80 }) {
                text.appendStringLiteral(content)
            } else {
                text.appendBytesLiteral(content)
            }
        case .byteArray:
            text.append("bytearray(")
            text.appendBytesLiteral(graph.content(ofBytes: shape))
            text.append(UInt8(ascii: ")"))
        case .list: return .sequence("[", graph.graph.children(of: node), "]")
        case .tuple:
            let items = graph.graph.children(of: node)
            return .sequence("(", items, items.count == 1 ? ",)" : ")")
        case .dict: return .dict(graph.distinctPairs(of: node))
        case .set, .frozenSet:
            let members = shape.content == .none ? [] : graph.distinctMembers(of: shape.content)
            let isSet = shape.kind == .set
            if members.isEmpty {
                text.append(isSet ? "set()" : "frozenset()")
            } else {
                return .sequence(isSet ? "{" : "frozenset({", members, isSet ? "}" : "})")
            }
        case .global: printGlobal(node, to: &text)
        case .object: return object(node, to: &text)
        }
        return nil
    }

    func printCycle(_ node: PickleGraph.Node, to text: inout PythonText) {
        switch graph.shape(of: node).kind {
        case .list: text.append("[...]")
        case .tuple: text.append("(...)")
        case .dict: text.append("{...}")
        case .set: text.append("set(...)")
        case .frozenSet: text.append("frozenset(...)")
        default:
            let object = graph.head(of: node)
            switch object?.className {
            case "collections.deque": text.append("[...]")
            case "collections.OrderedDict", nil: text.append("...")
            case "collections.defaultdict":
                text.append("defaultdict(")
                if let factory = object?.arguments.first, graph.graph.kind(of: factory) == .global {
                    printGlobal(factory, to: &text)
                    text.append(", ")
                }
                text.append("{...})")
            case let name?:
                text.append(contentsOf: Self.printed(name).utf8)
                text.append("(...)")
            }
        }
    }

    /// The name of a class as it stands before its arguments: built-in ones stand without their module.
    static func printed(_ name: String) -> Substring {
        name.hasPrefix("builtins.") ? name.dropFirst("builtins.".count) : name[...]
    }

    private static let builtinConstants: Set<String> = ["builtins.Ellipsis", "builtins.NotImplemented"]

    private static let builtinTypes: Set<String> = [
        "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "object", "range", "set",
        "slice", "str", "tuple", "type",
    ]

    private func printGlobal(_ node: PickleGraph.Node, to text: inout PythonText) {
        let name = graph.globalName(of: node) ?? "?"
        let short = Self.printed(name)
        if Self.builtinTypes.contains(String(short)) {
            text.append("<class '")
            text.append(contentsOf: short.utf8)
            text.append("'>")
        } else if Self.builtinConstants.contains(name) {
            text.append(contentsOf: short.utf8)
        } else {
            text.append(contentsOf: name.utf8)
        }
    }

    private func object(_ node: PickleGraph.Node, to text: inout PythonText) -> [Piece] {
        let parts = graph.graph.children(of: node)
        guard let object = graph.object(node) else {
            switch graph.graph.kind(of: node) {
            case .persistentID: return .sequence("<persistent id ", parts, ">")
            case .extension: return .sequence("<extension ", parts, ">")
            case .buffer: return .sequence("<buffer ", parts, ">")
            case .readOnlyBuffer: return .sequence("<read-only ", parts, ">")
            default: return .sequence("<call ", parts, ">")
            }
        }
        if let known = standardType(object, to: &text) { return known }
        return Self.instance(object, graph)
    }

    /// `module.Class(arguments, attribute=value, *[items], **{key: value})`.
    private static func instance(_ object: ValueGraph.Object, _ graph: ValueGraph) -> [Piece] {
        var pieces: [Piece] = []
        if let name = object.className {
            pieces.append(.bytes(Array(printed(name).utf8)))
        } else {
            pieces += [.text("("), .node(object.callable), .text(")")]
        }
        pieces.append(.text("("))
        let start = pieces.count
        func separate() {
            if pieces.count > start { pieces.append(.text(", ")) }
        }
        for argument in object.arguments {
            separate()
            pieces.append(.node(argument))
        }
        for dict in [object.keywords].compactMap({ $0 }) + object.states {
            let pairs = graph.graph.kind(of: dict) == .dict ? graph.distinctPairs(of: dict) : []
            let areNames = stride(from: 0, to: pairs.count, by: 2).allSatisfy {
                graph.graph.string(of: pairs[$0]).map(isIdentifier) ?? false
            }
            if graph.graph.kind(of: dict) == .dict, areNames {
                for position in stride(from: 0, to: pairs.count, by: 2) {
                    separate()
                    pieces += [
                        .bytes(Array(graph.bytes(of: pairs[position]))), .text("="), .node(pairs[position + 1]),
                    ]
                }
            } else {
                separate()
                pieces += [.text("state="), .node(dict)]
            }
        }
        if !object.appended.isEmpty {
            separate()
            pieces += [Piece].sequence("*[", object.appended, "]")
        }
        if !object.added.isEmpty {
            separate()
            pieces += [Piece].sequence("*{", object.added, "}")
        }
        if !object.pairs.isEmpty {
            separate()
            pieces.append(.text("**"))
            pieces += [Piece].dict(object.pairs)
        }
        pieces.append(.text(")"))
        return pieces
    }

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first == "_" || first.properties.isXIDStart else { return false }
        return name.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
    }
}
