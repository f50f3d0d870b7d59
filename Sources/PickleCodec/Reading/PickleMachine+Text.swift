// The instructions of protocol 0 whose operands are lines of text. What they push is written to `extra` as the
// instruction that protocol 4 uses.

extension PickleMachine {
    @inline(never)
    mutating func runText(_ opcode: PickleOpcode) throws(PickleError) {
        switch opcode {
        case .int: try pushInt()
        case .long: try pushDecimalLong()
        case .float: try pushDecimalFloat()
        case .string: try pushPython2String()
        case .unicode: try pushRawUnicode()
        case .persistentID:
            try pushLine(try line(minimum: 0), ascii: true)
            try push(.persistentID, object: [try pop()])
        case .global:
            try pushLine(try line(minimum: 1), ascii: false)
            try pushLine(try line(minimum: 1), ascii: false)
            try makeGlobal()
        case .instance: try makeInstanceByName(from: try popMark())
        case .get: try push(memo: try memoIndex())
        default:  // PUT
            let index = try memoIndex()
            try memoize(at: index)
        }
    }

    /// Passes a line and its newline, and gives the line without it.
    private mutating func line(minimum: Int) throws(PickleError) -> [UInt8] {
        if cursor == limit { limit = inputEnd }
        var end = cursor
        while end < limit, unsafe input[end] != 0x0a { end += 1 }
        guard end < limit else {
            guard limit == inputEnd else {
                throw failure(.malformed, "expected a newline within the frame, found its end")
            }
            throw endOfInput("expected a newline, found the end")
        }
        let text = unsafe Array(UnsafeBufferPointer(start: input + cursor, count: end - cursor))
        cursor = end + 1
        guard text.count >= minimum else { throw failure(.malformed, "expected text, found an empty line") }
        return text
    }

    private mutating func pushInt() throws(PickleError) {
        let line = try line(minimum: 1)
        let text = Self.cString(line)
        // C's strtol takes nothing at all for 0.
        let octal = text.isEmpty ? 0 : PythonLiteral.octal(text)
        let value = if let octal { PickleInteger(octal) } else { try integer(text) }
        // A bool is what strtol reads of `00` and `01`, or of anything else with two bytes.
        if line.count == 2, text.count < 2 || line[1] > 0x20, value == 0 || value == 1 {
            stack.append(value == 1 ? PickleGraph.Node.true.rawValue : PickleGraph.Node.false.rawValue)
        } else {
            try push(digits: value)
        }
    }

    private mutating func pushDecimalLong() throws(PickleError) {
        var line = try line(minimum: 1)
        if line.last == UInt8(ascii: "L") { line.removeLast() }
        try push(digits: integer(Self.cString(line)))
    }

    private mutating func integer(_ text: ArraySlice<UInt8>) throws(PickleError) -> PickleInteger {
        guard let value = PythonLiteral.integer(text, base: 0) else {
            throw failure(.malformed, "expected an integer of at most 4300 digits, found other text")
        }
        return value
    }

    /// Pushes an integer that stands in digits. Of decimal ones there are few, of hexadecimal ones any number.
    private mutating func push(digits value: PickleInteger) throws(PickleError) {
        try checkIntegerSize(value.twosComplement.count)
        try push(value)
    }

    /// What CPython sees of a line with a number in it: a C string, which ends at the first NUL.
    private static func cString(_ line: [UInt8]) -> ArraySlice<UInt8> { line.prefix { $0 != 0 } }

    private mutating func pushDecimalFloat() throws(PickleError) {
        guard let value = PythonLiteral.float(Self.cString(try line(minimum: 1))) else {
            throw failure(.malformed, "expected a float, found other text or too large a number")
        }
        try pushExtra(.float) { $0.appendFloat(value) }
    }

    private mutating func pushPython2String() throws(PickleError) {
        let text = try line(minimum: 0)
        guard text.count >= 2, let quote = text.first, quote == text.last, quote == 0x22 || quote == 0x27 else {
            throw failure(.malformed, "expected a quoted string, found other text")
        }
        guard let bytes = PythonLiteral.unescaped(text.dropFirst().dropLast()) else {
            throw failure(.malformed, "expected a Python string literal, found an invalid escape")
        }
        try pushExtra(.python2String) {
            $0.appendPython2StringHeader(count: bytes.count)
            $0.append(bytes)
        }
    }

    private mutating func pushRawUnicode() throws(PickleError) {
        guard let bytes = PythonLiteral.rawUnicodeUnescaped(try line(minimum: 0)) else {
            throw failure(.malformed, "expected a raw-unicode-escape string, found an invalid escape")
        }
        try pushExtraString(bytes)
    }

    /// Pushes a line as a `str`.
    private mutating func pushLine(_ line: [UInt8], ascii: Bool) throws(PickleError) {
        if ascii, line.contains(where: { $0 >= 0x80 }) {
            throw failure(.malformed, "expected ASCII, found a byte above 127")
        }
        try pushExtraString(line)
        if GraphRecord(bits: records[records.count - 1]).has(GraphRecord.special) {
            throw failure(.malformed, "expected UTF-8, found lone surrogates")
        }
    }

    private mutating func pushExtraString(_ bytes: [UInt8]) throws(PickleError) {
        let check = UTF8Check.check(bytes[...])
        guard check != .invalid else { throw failure(.malformed, "expected UTF-8, found other bytes") }
        try pushExtra(.string, flags: check == .surrogates ? GraphRecord.special : 0) {
            $0.appendStringHeader(count: bytes.count)
            $0.append(bytes)
        }
    }

    private mutating func memoIndex() throws(PickleError) -> UInt64 {
        guard let value = PythonLiteral.integer(Self.cString(try line(minimum: 1)), base: 10)?.int, value >= 0 else {
            throw failure(.malformed, "expected a memo number from 0 to 2^63 - 1, found other text")
        }
        return UInt64(value)
    }

    private mutating func makeInstanceByName(from base: Int) throws(PickleError) {
        let module = try line(minimum: 1)
        let name = try line(minimum: 1)
        try pushLine(module, ascii: true)
        try pushLine(name, ascii: true)
        try makeGlobal()
        // The class comes last here and first in OBJ.
        let type = try pop()
        stack.append(type)
        var index = stack.count - 1
        while index > base {
            stack[index] = stack[index - 1]
            index -= 1
        }
        stack[base] = type
        try makeInstance(from: base)
    }
}
