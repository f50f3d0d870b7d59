// Reads JSON as Python's `json.loads` does, without recursion: nodes wait in one stack for the bracket that closes them.
//
//     {"a": [1, {}]}      nodes at `]`:  'a'  1  {}        open: object from 0, array from 1
//                         behind it:     'a'  [1, {}]      open: object from 0

/// JSON in the making of a graph.
struct JSONReader: ~Copyable {
    private struct Open {
        var isObject: Bool
        var firstNode: Int
    }

    private enum Expectation {
        case value, key, separator
    }

    private let text: [UInt8]
    private var position = 0
    private var builder = PickleGraph.Builder()
    private var keys = SharedKeys()
    private var nodes: [PickleGraph.Node] = []
    private var open: [Open] = []

    static func graph(of text: [UInt8]) throws(PickleError) -> PickleGraph {
        var reader = JSONReader(text: text)
        let root = try reader.document()
        return reader.builder.finish(root: root)
    }

    private init(text: [UInt8]) {
        self.text = text
        if text.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    private mutating func document() throws(PickleError) -> PickleGraph.Node {
        var expectation = Expectation.value
        repeat {
            skipSpace()
            switch expectation {
            case .value: expectation = try value()
            case .key:
                try key()
                expectation = .value
            case .separator: expectation = try separator()
            }
        } while expectation != .separator || !open.isEmpty
        skipSpace()
        guard position == text.count else { throw failure("the end of the text") }
        return nodes[0]
    }

    /// Reads a scalar or the beginning of an array or object.
    private mutating func value() throws(PickleError) -> Expectation {
        guard let byte = peek else { throw failure("a value") }
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            position += 1
            let isObject = byte == UInt8(ascii: "{")
            open.append(Open(isObject: isObject, firstNode: nodes.count))
            skipSpace()
            if peek == UInt8(ascii: isObject ? "}" : "]") { return try separator() }
            return isObject ? .key : .value
        case UInt8(ascii: "\""): nodes.append(try string(isKey: false))
        case UInt8(ascii: "n") where take("null"): nodes.append(builder.none)
        case UInt8(ascii: "t") where take("true"): nodes.append(builder.bool(true))
        case UInt8(ascii: "f") where take("false"): nodes.append(builder.bool(false))
        case UInt8(ascii: "N") where take("NaN"): nodes.append(builder.float(.nan))
        case UInt8(ascii: "I") where take("Infinity"): nodes.append(builder.float(.infinity))
        case UInt8(ascii: "-") where take("-Infinity"): nodes.append(builder.float(-.infinity))
        default: nodes.append(try number())
        }
        return .separator
    }

    private mutating func key() throws(PickleError) {
        guard peek == UInt8(ascii: "\"") else { throw failure("a key in double quotes") }
        nodes.append(try string(isKey: true))
        skipSpace()
        guard peek == UInt8(ascii: ":") else { throw failure("a colon") }
        position += 1
    }

    /// Reads a comma, or the bracket that closes the innermost array or object.
    private mutating func separator() throws(PickleError) -> Expectation {
        let innermost = open[open.count - 1]
        switch peek {
        case UInt8(ascii: ","):
            position += 1
            return innermost.isObject ? .key : .value
        case UInt8(ascii: "}") where innermost.isObject:
            dropRepeatedKeys(from: innermost.firstNode)
            close { $0.dict(keysAndValues: $1) }
        case UInt8(ascii: "]") where !innermost.isObject:
            close { $0.list($1) }
        default: throw failure(innermost.isObject ? "a comma or }" : "a comma or ]")
        }
        return .separator
    }

    /// Of pairs with equal keys, which are one node, leaves the first with the last value.
    private mutating func dropRepeatedKeys(from first: Int) {
        var places: [PickleGraph.Node: Int] = [:]
        let keys = stride(from: first, to: nodes.count, by: 2)
        if nodes.count - first <= 16 {
            let repeats = keys.contains { key in
                stride(from: first, to: key, by: 2).contains { nodes[$0] == nodes[key] }
            }
            guard repeats else { return }
        }
        var end = first
        for key in keys {
            if let place = places[nodes[key]] {
                nodes[place + 1] = nodes[key + 1]
            } else {
                places[nodes[key]] = end
                nodes[end] = nodes[key]
                nodes[end + 1] = nodes[key + 1]
                end += 2
            }
        }
        nodes.removeSubrange(end...)
    }

    private mutating func close(
        _ make: (inout PickleGraph.Builder, ArraySlice<PickleGraph.Node>) -> PickleGraph.Node
    ) {
        position += 1
        let first = open.removeLast().firstNode
        let node = make(&builder, nodes[first...])
        nodes.removeSubrange(first...)
        nodes.append(node)
    }
}

// MARK: - Scalars

extension JSONReader {
    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`; without point and exponent it is an int.
    private mutating func number() throws(PickleError) -> PickleGraph.Node {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let digits = position
        let count = skipDigits()
        guard count > 0 else {
            position = start
            throw failure("a value")
        }
        // As Python: `01` is the number 0, and then something else.
        if text[digits] == UInt8(ascii: "0") { position = digits + 1 }
        var isInteger = true
        var end = position
        if peek == UInt8(ascii: ".") {
            position += 1
            if skipDigits() > 0 {
                isInteger = false
                end = position
            }
        }
        position = end
        if let byte = peek, byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            if skipDigits() > 0 {
                isInteger = false
                end = position
            }
        }
        position = end
        let literal = text[start..<end]
        if !isInteger {
            guard let value = Double(String(decoding: literal, as: UTF8.self)) else { throw failure("a number") }
            return builder.float(value)
        }
        guard let value = PythonLiteral.integer(literal, base: 10) else {
            position = start
            throw PickleError(
                .limitExceeded, at: start, "expected an integer of at most 4,300 digits, as Python does, found more")
        }
        return builder.integer(value)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func string(isKey: Bool) throws(PickleError) -> PickleGraph.Node {
        let start = position
        let content = try stringContent()
        var isUTF8 = true
        func make() -> PickleGraph.Node {
            let node = builder.string(utf8: content)
            isUTF8 = node != nil
            return node ?? builder.none
        }
        let node = isKey ? keys.node(of: content, make: make) : make()
        guard isUTF8 else {
            position = start
            throw PickleError(.malformed, at: start, "expected a string in UTF-8, found other bytes")
        }
        return node
    }

    /// The UTF-8 that a string stands for.
    private mutating func stringContent() throws(PickleError) -> ArraySlice<UInt8> {
        position += 1
        let start = position
        while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if peek == UInt8(ascii: "\"") {
            position += 1
            return text[start..<position - 1]
        }
        var content = Array(text[start..<position])
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return content[...]
            case UInt8(ascii: "\\"): try escape(to: &content)
            case 0..<0x20: throw failure("a string without control characters")
            default:
                content.append(byte)
                position += 1
            }
        }
        throw failure("a closing quote")
    }

    private mutating func escape(to content: inout [UInt8]) throws(PickleError) {
        position += 1
        guard let letter = peek else { throw failure("an escape") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0c)
        case UInt8(ascii: "n"): content.append(0x0a)
        case UInt8(ascii: "r"): content.append(0x0d)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            guard var code = hexadecimal(at: position) else { throw failure("four hexadecimal digits") }
            position += 4
            if 0xd800..<0xdc00 ~= code, text[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]),
                let low = hexadecimal(at: position + 2), 0xdc00..<0xe000 ~= low
            {
                code = 0x1_0000 + (code - 0xd800) << 10 + (low - 0xdc00)
                position += 6
            }
            SurrogateUTF8.append(code, to: &content)
        default:
            position -= 1
            throw failure(#"an escape (\" \\ \/ \b \f \n \r \t \u)"#)
        }
    }

    private func hexadecimal(at start: Int) -> UInt32? {
        guard text.count - start >= 4 else { return nil }
        var code: UInt32 = 0
        for byte in text[start..<start + 4] {
            guard let digit = PythonLiteral.hexadecimalDigit(byte) else { return nil }
            code = code << 4 | UInt32(digit)
        }
        return code
    }
}

// MARK: - Characters

extension JSONReader {
    private var peek: UInt8? {
        position < text.count ? text[position] : nil
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { position += 1 }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let matches = word.withUTF8Buffer { unsafe text[position...].starts(with: $0) }
        if matches { position += word.utf8CodeUnitCount }
        return matches
    }

    private func failure(_ expected: String) -> PickleError {
        let found =
            switch peek {
            case nil: "the end of the text"
            case let byte? where byte > 0x20 && byte < 0x7f: "'\(Character(Unicode.Scalar(byte)))'"
            case let byte?: "byte 0x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
            }
        return PickleError(.malformed, at: position, "expected \(expected) in JSON, found \(found) at \(place)")
    }

    /// Where the next byte stands, as Python's `JSONDecodeError` and editors count: from 1, in characters.
    private var place: String {
        let before = text[..<position]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return "line \(line), column \(SurrogateUTF8.count(before[start...]) + 1)"
    }
}
