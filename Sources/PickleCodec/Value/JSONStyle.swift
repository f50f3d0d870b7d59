/// JSON in the layout of Python's `json.dumps`: ASCII alone, `", "` and `": "` between items.
struct JSONStyle: ValueStyle {
    let graph: ValueGraph
    /// Whether types that JSON has not become tagged objects (see `JSONTags`) and all else can be read back.
    let isTagged: Bool

    func print(_ node: PickleGraph.Node, to text: inout PythonText) throws(PickleError) -> [Piece]? {
        let shape = graph.shape(of: node)
        switch shape.kind {
        case .none, .bool, .integer, .float:
            return try printScalar(node, to: &text)
        case .string where isTagged && hasSurrogatePair(node):
            tag("pickle", try graph.graph.encoded(at: node), to: &text)
        case .string: text.appendJSONString(graph.bytes(of: node))
        case .list: return .sequence("[", graph.graph.children(of: node), "]")
        case .tuple:
            let items = graph.graph.children(of: node)
            return isTagged ? .sequence("{\"$tuple\": [", items, "]}") : .sequence("[", items, "]")
        case .dict:
            let pairs = graph.distinctPairs(of: node)
            return isTagged && !canBeObject(pairs) ? Self.pairList(pairs) : try members(pairs)
        case .set where isTagged:
            return .sequence("{\"$set\": [", graph.distinctMembers(of: shape.content), "]}")
        case .frozenSet where isTagged:
            return .sequence("{\"$frozenset\": [", graph.distinctMembers(of: shape.content), "]}")
        case .bytes where isTagged: tag("bytes", graph.content(ofBytes: shape), to: &text)
        case .byteArray where isTagged: tag("bytearray", graph.content(ofBytes: shape), to: &text)
        case .object where !isTagged:
            guard let pairs = mapping(node) else { throw unsupported(node) }
            return try members(pairs)
        default:
            guard isTagged else { throw unsupported(node) }
            tag("pickle", try graph.graph.encoded(at: node), to: &text)
        }
        return nil
    }

    func printCycle(_ node: PickleGraph.Node, to text: inout PythonText) throws(PickleError) {
        let found = graph.graph.kind(of: node).inWords
        throw PickleError(.unsupported, "expected a value that JSON can hold, found \(found) that contains itself")
    }

    /// Prints `None`, a bool or a number.
    private func printScalar(_ node: PickleGraph.Node, to text: inout PythonText) throws(PickleError) -> [Piece]? {
        switch graph.graph.kind(of: node) {
        case .none: text.append("null")
        case .true: text.append("true")
        case .false: text.append("false")
        case .float:
            let value = graph.graph.double(of: node) ?? .nan
            if value.isFinite {
                text.append(value)
            } else {
                text.append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
            }
        default:
            guard let decimal = graph.graph.integer(of: node)?.decimal else {
                guard isTagged else {
                    throw PickleError(
                        .limitExceeded, "expected an integer of at most 4,300 digits, as Python does, found more")
                }
                tag("pickle", try graph.graph.encoded(at: node), to: &text)
                return nil
            }
            text.append(contentsOf: decimal.utf8)
        }
        return nil
    }

    private func tag(_ name: StaticString, _ content: some Sequence<UInt8>, to text: inout PythonText) {
        text.append("{\"$")
        text.append(name)
        text.append("\": \"")
        Base64.encode(content, to: &text)
        text.append("\"}")
    }

    /// Whether a dict can be a JSON object as it is, and is no tag then.
    private func canBeObject(_ pairs: [PickleGraph.Node]) -> Bool {
        if pairs.count == 2, graph.graph.utf8(of: pairs[0])?.first == UInt8(ascii: "$") { return false }
        return stride(from: 0, to: pairs.count, by: 2).allSatisfy {
            graph.graph.kind(of: pairs[$0]) == .string && !hasSurrogatePair(pairs[$0])
        }
    }

    /// Whether a string has two surrogates side by side that would come back from JSON as one character.
    private func hasSurrogatePair(_ node: PickleGraph.Node) -> Bool {
        guard graph.graph.record(of: node).has(GraphRecord.special) else { return false }
        let content = graph.bytes(of: node)
        var position = content.startIndex
        var isHigh = false
        while position != content.endIndex {
            let code = SurrogateUTF8.decode(content, at: &position)
            if isHigh, 0xdc00..<0xe000 ~= code { return true }
            isHigh = 0xd800..<0xdc00 ~= code
        }
        return false
    }

    private static func pairList(_ pairs: [PickleGraph.Node]) -> [Piece] {
        var pieces: [Piece] = [.text("{\"$dict\": [")]
        for position in stride(from: 0, to: pairs.count - 1, by: 2) {
            pieces.append(.text(position > 0 ? ", [" : "["))
            pieces += [.node(pairs[position]), .text(", "), .node(pairs[position + 1]), .text("]")]
        }
        return pieces + [.text("]}")]
    }

    private func members(_ pairs: [PickleGraph.Node]) throws(PickleError) -> [Piece] {
        var pieces: [Piece] = [.text("{")]
        pieces.reserveCapacity(pairs.count * 2 + 2)
        for position in stride(from: 0, to: pairs.count - 1, by: 2) {
            if position > 0 { pieces.append(.text(", ")) }
            let key = pairs[position]
            switch graph.graph.kind(of: key) {
            case .string: pieces.append(.node(key))
            case .none, .true, .false, .integer, .float:
                // As Python: other scalars become strings.
                var name = PythonText()
                name.append("\"")
                _ = try printScalar(key, to: &name)
                name.append("\"")
                pieces.append(.bytes(name.bytes))
            default:
                throw PickleError(
                    .unsupported,
                    "expected a str, int, float, bool or None as the key of a JSON object, found "
                        + "\(inWords(key)); taggedJSON() takes it")
            }
            pieces += [.text(": "), .node(pairs[position + 1])]
        }
        return pieces + [.text("}")]
    }

    /// The pairs of an object that is a dict for `json.dumps`.
    private func mapping(_ node: PickleGraph.Node) -> [PickleGraph.Node]? {
        guard let object = graph.object(node) else { return nil }
        switch object.className {
        case "collections.OrderedDict", "collections.defaultdict": return object.pairs
        case "collections.Counter":
            guard let counts = object.arguments.first, graph.graph.kind(of: counts) == .dict else { return nil }
            return graph.distinctPairs(of: counts)
        default: return nil
        }
    }

    private func unsupported(_ node: PickleGraph.Node) -> PickleError {
        PickleError(.unsupported, "expected a value that JSON has, found \(inWords(node)); taggedJSON() takes it")
    }

    private func inWords(_ node: PickleGraph.Node) -> String {
        graph.object(node)?.className.map { "an instance of \($0)" } ?? graph.graph.kind(of: node).inWords
    }
}

extension PythonText {
    /// Appends a string in JSON, with escapes for everything but printable ASCII.
    fileprivate mutating func appendJSONString(_ content: ArraySlice<UInt8>) {
        append(UInt8(ascii: "\""))
        var position = content.startIndex
        while position != content.endIndex {
            let code = SurrogateUTF8.decode(content, at: &position)
            switch code {
            case 0x22: append("\\\"")
            case 0x5c: append("\\\\")
            case 0x08: append("\\b")
            case 0x09: append("\\t")
            case 0x0a: append("\\n")
            case 0x0c: append("\\f")
            case 0x0d: append("\\r")
            case 0x20..<0x7f: append(UInt8(code))
            case 0..<0x1_0000: appendEscape(code)
            default:
                appendEscape(0xd800 + (code - 0x1_0000) >> 10)
                appendEscape(0xdc00 + (code - 0x1_0000) & 0x3ff)
            }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ code: UInt32) {
        append("\\u")
        appendHexadecimal(code, digits: 4)
    }
}
