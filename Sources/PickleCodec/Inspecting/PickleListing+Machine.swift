extension PickleListing {
    /// Steps over the instructions, with as much of a stack as tells where the marks are.
    struct Machine {
        private let pickle: [UInt8]
        private var scanner = PickleScanner()
        private var isAtEnd = false
        /// For each value on the stack whether it is a mark.
        private var stack: [Bool] = []
        private var marks: [Int] = []
        private var memo: Set<PickleInteger> = []
        /// What is wrong with the instruction whose line was given last.
        private var complaint: String?
        /// Whether that instruction is a POP that took a mark, and so takes nothing else.
        private var poppedMark = false

        init(pickle: [UInt8]) {
            self.pickle = pickle
        }

        /// The next instruction, up to STOP.
        mutating func next() throws(PickleError) -> (opcode: PickleOpcode, line: Line)? {
            guard !isAtEnd else { return nil }
            let bytes = pickle
            let instruction = try unsafe scanner.next(in: bytes.span.bytes)
            let opcode = instruction.opcode
            isAtEnd = opcode == .stop
            let depth = marks.count
            let argument = try Argument(instruction, pickle)
            var note = takeMark(opcode)
            if let memoNote = useMemo(opcode, argument) { note = memoNote }
            let line = Line(
                offset: instruction.offset, opcode: opcode.rawValue, name: opcode.name, argument: argument?.text,
                note: note, depth: depth)
            return (opcode, line)
        }

        /// Does to the stack what the instruction does, after its line was given.
        mutating func run(_ opcode: PickleOpcode, at offset: Int) throws(PickleError) {
            if let complaint { throw PickleError(.malformed, at: offset, opcode: opcode.rawValue, complaint) }
            let effect = opcode.stackEffect
            let taken = opcode == .pop && poppedMark ? 0 : effect.taken
            guard stack.count >= taken else {
                throw PickleError(
                    .malformed, at: offset, opcode: opcode.rawValue,
                    "tries to pop \(taken) items from stack with only \(stack.count) items")
            }
            stack.removeLast(taken)
            if opcode == .mark { marks.append(offset) }
            stack.append(contentsOf: repeatElement(opcode == .mark, count: effect.given))
            if isAtEnd, !stack.isEmpty {
                throw PickleError(.malformed, at: offset, opcode: opcode.rawValue, "stack not empty after STOP")
            }
        }

        private mutating func takeMark(_ opcode: PickleOpcode) -> String? {
            poppedMark = opcode == .pop && stack.last == true
            guard opcode.stackEffect.takesMark || poppedMark else { return nil }
            guard let mark = marks.popLast() else {
                complaint = "no MARK exists on stack"
                return complaint
            }
            while stack.popLast() == false {}
            return "(MARK at \(mark))"
        }

        private mutating func useMemo(_ opcode: PickleOpcode, _ argument: Argument?) -> String? {
            switch opcode {
            case .put, .binPut, .longBinPut, .memoize:
                let number = opcode == .memoize ? PickleInteger(memo.count) : argument?.integer ?? 0
                if memo.contains(number) {
                    complaint = "memo key \(argument?.text ?? "None") already defined"
                } else if stack.isEmpty {
                    complaint = "stack is empty -- can't store into memo"
                } else if stack.last == true {
                    complaint = "can't store markobject in the memo"
                } else {
                    memo.insert(number)
                }
                return opcode == .memoize ? "(as \(number))" : nil
            case .get, .binGet, .longBinGet:
                if let number = argument?.integer, !memo.contains(number) {
                    complaint = "memo key \(number) has never been stored into"
                }
                return nil
            default: return nil
            }
        }
    }
}

extension PickleListing.Machine {
    /// What stands behind an opcode.
    struct Argument {
        /// As Python's `repr`.
        var text: String
        var integer: PickleInteger?

        private init(integer: PickleInteger) {
            self.integer = integer
            text = integer.description
        }

        private init(_ print: (inout PythonText) -> Void) {
            var text = PythonText()
            print(&text)
            self.text = text.string
        }

        init?(_ instruction: PickleScanner.Instruction, _ pickle: [UInt8]) throws(PickleError) {
            let operand = pickle[instruction.operand]
            switch instruction.opcode.operand {
            case .none: return nil
            case .fixed: self = Self.fixed(instruction.opcode, operand)
            case .line, .twoLines:
                guard let argument = Self.line(instruction.opcode, operand) else {
                    throw PickleError(
                        .malformed, at: instruction.offset, opcode: instruction.opcode.rawValue,
                        "expected a line that Python reads, found something else")
                }
                self = argument
            case .counted1, .counted4, .counted8:
                switch instruction.opcode {
                case .long1, .long4: self.init(integer: PickleInteger(twosComplement: operand))
                case .binBytes, .shortBinBytes, .binBytes8: self.init { $0.appendBytesLiteral(operand) }
                case .byteArray8:
                    self.init {
                        $0.append("bytearray(")
                        $0.appendBytesLiteral(operand)
                        $0.append(")")
                    }
                case .binString, .shortBinString: self.init { $0.appendStringLiteral(Self.latin1(operand)) }
                default: self.init { $0.appendStringLiteral(operand) }
                }
            }
        }

        private static func fixed(_ opcode: PickleOpcode, _ operand: ArraySlice<UInt8>) -> Argument {
            switch opcode {
            case .binFloat:
                let bits = operand.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                return Argument { $0.append(Double(bitPattern: bits)) }
            case .binInt, .extension4:
                let bits = operand.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                return Argument(integer: PickleInteger(Int32(bitPattern: bits)))
            default:
                return Argument(integer: PickleInteger(operand.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
            }
        }

        private static func line(_ opcode: PickleOpcode, _ operand: ArraySlice<UInt8>) -> Argument? {
            switch opcode {
            case .int where operand.elementsEqual("00".utf8): return Argument { $0.append("False") }
            case .int where operand.elementsEqual("01".utf8): return Argument { $0.append("True") }
            case .int, .get, .put: return PythonLiteral.integer(operand, base: 10).map(Argument.init(integer:))
            case .long:
                let digits = operand.last == UInt8(ascii: "L") ? operand.dropLast() : operand
                return PythonLiteral.integer(digits, base: 10).map(Argument.init(integer:))
            case .float: return PythonLiteral.float(operand).map { value in Argument { $0.append(value) } }
            case .string:
                guard let quote = operand.first, operand.count > 1, operand.last == quote,
                    quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
                    let content = PythonLiteral.unescaped(operand.dropFirst().dropLast())
                else { return nil }
                return Argument { $0.appendStringLiteral(latin1(content)) }
            case .unicode:
                return PythonLiteral.rawUnicodeUnescaped(operand).map { content in
                    Argument { $0.appendStringLiteral(content) }
                }
            case .global, .instance:
                return Argument { text in
                    text.appendStringLiteral(operand.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 })
                }
            default: return Argument { $0.appendStringLiteral(operand) }
            }
        }

        /// Latin-1 as UTF-8.
        private static func latin1(_ text: some Sequence<UInt8>) -> [UInt8] {
            var utf8: [UInt8] = []
            for byte in text { SurrogateUTF8.append(UInt32(byte), to: &utf8) }
            return utf8
        }
    }
}
