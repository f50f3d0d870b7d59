extension ReprStyle {
    /// Python's `repr` of standard library objects: printed at once (no pieces), or as pieces; nil for other classes and
    /// for arguments that these classes never write.
    func standardType(_ object: ValueGraph.Object, to text: inout PythonText) -> [Piece]? {
        guard let name = object.className, object.keywords == nil else { return nil }
        let arguments = object.arguments
        let hasItems = !object.appended.isEmpty || !object.pairs.isEmpty || !object.added.isEmpty
        switch name {
        case "collections.OrderedDict", "collections.defaultdict", "collections.Counter", "collections.deque":
            return collection(name, object)
        case "uuid.UUID":
            return hasItems ? nil : uuid(object, to: &text)
        default: break
        }
        guard !hasItems, object.states.isEmpty else { return nil }
        switch name {
        case "builtins.complex": return complex(arguments, to: &text)
        case "builtins.range":
            guard arguments.count == 3, arguments.allSatisfy({ graph.graph.kind(of: $0) == .integer }) else {
                return nil
            }
            return .sequence("range(", arguments.prefix(graph.graph.int(of: arguments[2]) == 1 ? 2 : 3), ")")
        case "decimal.Decimal": return .sequence("Decimal(", arguments, ")")
        case "fractions.Fraction":
            return arguments.count == 2 ? .sequence("Fraction(", arguments, ")") : fraction(arguments, to: &text)
        case "datetime.date": return date(arguments)
        case "datetime.time": return time(arguments)
        case "datetime.datetime": return dateTime(arguments)
        case "datetime.timedelta": return timeDelta(arguments)
        case "datetime.timezone": return timeZone(arguments)
        case "pathlib.PurePosixPath", "pathlib.PosixPath", "pathlib._local.PurePosixPath", "pathlib._local.PosixPath":
            return path(name, arguments, to: &text)
        default: return nil
        }
    }

    private func collection(_ name: String, _ object: ValueGraph.Object) -> [Piece]? {
        guard object.states.isEmpty, object.added.isEmpty else { return nil }
        let arguments = object.arguments
        switch name {
        case "collections.OrderedDict":
            guard arguments.isEmpty, object.appended.isEmpty else { return nil }
            if object.pairs.isEmpty { return [.text("OrderedDict()")] }
            return [.text("OrderedDict(")] + [Piece].dict(object.pairs) + [.text(")")]
        case "collections.defaultdict":
            guard arguments.count <= 1, object.appended.isEmpty else { return nil }
            let factory: Piece = arguments.first.map { .node($0) } ?? .text("None")
            return [.text("defaultdict("), factory, .text(", ")] + [Piece].dict(object.pairs) + [.text(")")]
        case "collections.Counter":
            guard object.pairs.isEmpty, object.appended.isEmpty, arguments.count <= 1 else { return nil }
            guard let counts = arguments.first else { return [.text("Counter()")] }
            guard graph.graph.kind(of: counts) == .dict else { return nil }
            let pairs = graph.distinctPairs(of: counts)
            if pairs.isEmpty { return [.text("Counter()")] }
            return [.text("Counter(")] + [Piece].dict(mostCommonFirst(pairs)) + [.text(")")]
        default:
            guard object.pairs.isEmpty, arguments.count <= 2 else { return nil }
            var end: [Piece] = [.text(")")]
            if arguments.count == 2, graph.graph.kind(of: arguments[1]) == .integer {
                end = [.text(", maxlen="), .node(arguments[1]), .text(")")]
            }
            return [.text("deque(")] + [Piece].sequence("[", object.appended, "]") + end
        }
    }

    /// The order of `Counter.most_common`, where all counts are integers.
    private func mostCommonFirst(_ pairs: [PickleGraph.Node]) -> [PickleGraph.Node] {
        var counts: [(count: Int, position: Int)] = []
        for position in stride(from: 0, to: pairs.count, by: 2) {
            guard let count = graph.graph.int(of: pairs[position + 1]) else { return pairs }
            counts.append((count, position))
        }
        counts.sort { ($1.count, $0.position) < ($0.count, $1.position) }
        return counts.flatMap { [pairs[$0.position], pairs[$0.position + 1]] }
    }

    private func uuid(_ object: ValueGraph.Object, to text: inout PythonText) -> [Piece]? {
        guard object.arguments.isEmpty, object.states.count == 1 else { return nil }
        guard case let number? = graph.value(of: object.states[0])["int"]?.integer else { return nil }
        var bytes = number.twosComplement
        if bytes.count == 17, bytes[16] == 0 { bytes.removeLast() }
        guard bytes.count <= 16, !number.isNegative else { return nil }
        bytes += repeatElement(0, count: 16 - bytes.count)
        text.append("UUID('")
        for (position, byte) in bytes.reversed().enumerated() {
            if [4, 6, 8, 10].contains(position) { text.append(UInt8(ascii: "-")) }
            text.appendHexadecimal(UInt32(byte), digits: 2)
        }
        text.append("')")
        return []
    }

    /// `(1+2j)`, and `2j` where the real part is a positive zero.
    private func complex(_ arguments: [PickleGraph.Node], to text: inout PythonText) -> [Piece]? {
        guard arguments.count == 2, let real = graph.graph.double(of: arguments[0]),
            let imaginary = graph.graph.double(of: arguments[1])
        else { return nil }
        func part(_ value: Double, sign: Bool) -> Substring.UTF8View {
            var part = PythonText()
            part.append(value)
            var string = part.string[...]
            if string.hasSuffix(".0") { string.removeLast(2) }
            if sign, !string.hasPrefix("-") { string = "+" + string }
            return string.utf8
        }
        if real == 0, real.sign == .plus {
            text.append(contentsOf: part(imaginary, sign: false))
            text.append("j")
        } else {
            text.append("(")
            text.append(contentsOf: part(real, sign: false))
            text.append(contentsOf: part(imaginary, sign: true))
            text.append("j)")
        }
        return []
    }

    /// Before Python 3.12 a fraction's argument is a string, `"1/3"` or `"2"`.
    private func fraction(_ arguments: [PickleGraph.Node], to text: inout PythonText) -> [Piece]? {
        guard arguments.count == 1, let string = graph.graph.string(of: arguments[0]) else { return nil }
        let parts = string.split(separator: "/", omittingEmptySubsequences: false)
        let areNumbers = parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (48..<58).contains($0) }
        }
        guard parts.count <= 2, areNumbers else { return nil }
        text.append("Fraction(")
        text.append(contentsOf: parts[0].utf8)
        text.append(", ")
        text.append(contentsOf: (parts.count == 2 ? parts[1] : "1").utf8)
        text.append(")")
        return []
    }

    /// `PosixPath('/usr/lib')`. Before Python 3.12 each part is an argument of its own.
    private func path(_ name: String, _ arguments: [PickleGraph.Node], to text: inout PythonText) -> [Piece]? {
        let parts = arguments.compactMap { graph.graph.utf8(of: $0) }
        guard parts.count == arguments.count, !parts.contains(where: \.isEmpty) else { return nil }
        var path: [UInt8] = []
        for part in parts {
            if !path.isEmpty, path.last != UInt8(ascii: "/") { path.append(UInt8(ascii: "/")) }
            path += part
        }
        text.append(name.hasSuffix("PurePosixPath") ? "PurePosixPath(" : "PosixPath(")
        text.appendStringLiteral(path.isEmpty ? [UInt8(ascii: ".")] : path)
        text.append(")")
        return []
    }
}
