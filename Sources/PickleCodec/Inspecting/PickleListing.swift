/// The instructions of a pickle, one a line, in the format of Python's `pickletools.dis`.
///
/// ```swift
/// print(PickleListing([0x80, 4, 0x5d, 0x94, 0x2e]))
/// //     0: \x80 PROTO      4
/// //     2: ]    EMPTY_LIST
/// //     3: \x94 MEMOIZE    (as 0)
/// //     4: .    STOP
/// // highest protocol among opcodes = 4
/// ```
///
/// Nothing is decoded: a pickle that can't be loaded has a listing too, as far as its instructions go; ``failure``
/// then says what is wrong.
public struct PickleListing: Sendable {
    /// One instruction.
    public struct Line: Sendable {
        /// The position of the opcode, in bytes from the start of the pickle.
        public let offset: Int
        /// The opcode.
        public let opcode: UInt8
        /// The name of the opcode in Python's `pickletools`.
        public let name: String
        /// The argument behind the opcode, as Python's `repr`.
        public let argument: String?
        /// Which mark the instruction takes, or which memo number it uses.
        public let note: String?
        /// How many marks are open, which is how far the line is indented. From 100 on the text is indented no further.
        public let depth: Int
    }

    /// The instructions up to STOP, or up to the one that is wrong.
    public private(set) var lines: [Line] = []

    /// What is wrong with the pickle, if anything: what makes `pickletools.dis` raise an error.
    public private(set) var failure: PickleError?

    /// The highest protocol that any instruction belongs to; -1 where there is no instruction.
    public private(set) var highestProtocol = -1

    /// Lists the instructions of a pickle.
    ///
    /// - Complexity: linear in the size of the pickle.
    public init(_ pickle: [UInt8]) {
        var machine = Machine(pickle: pickle)
        do throws(PickleError) {
            while let line = try machine.next() {
                lines.append(line.line)
                highestProtocol = max(highestProtocol, line.opcode.protocolVersion)
                try machine.run(line.opcode, at: line.line.offset)
            }
        } catch {
            failure = error
        }
    }
}

extension PickleListing: CustomStringConvertible {
    /// The listing as `pickletools.dis` prints it; where that would raise an error, the error's text is the last line.
    ///
    /// - Complexity: linear in the size of the pickle.
    public var description: String {
        var text = PythonText()
        for line in lines {
            line.print(to: &text)
            text.append(UInt8(ascii: "\n"))
        }
        if let failure {
            text.append(contentsOf: failure.description.utf8)
        } else {
            text.append("highest protocol among opcodes = ")
            text.append(highestProtocol)
        }
        text.append(UInt8(ascii: "\n"))
        return text.string
    }
}

extension PickleListing.Line: CustomStringConvertible {
    /// The line as `pickletools.dis` prints it.
    public var description: String {
        var text = PythonText()
        print(to: &text)
        return text.string
    }

    fileprivate func print(to text: inout PythonText) {
        func pad(_ count: Int) {
            text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: max(0, count)))
        }
        let number = offset.description
        pad(5 - number.utf8.count)
        text.append(contentsOf: number.utf8)
        text.append(": ")
        if opcode < 0x80 {
            text.append(opcode)
            pad(3)
        } else {
            text.append("\\x")
            text.appendHexadecimal(UInt32(opcode), digits: 2)
        }
        pad(1 + 4 * min(depth, 100))
        text.append(contentsOf: name.utf8)
        guard argument != nil || note != nil else { return }
        pad(10 - name.utf8.count)
        for part in [argument, note].compactMap({ $0 }) {
            pad(1)
            text.append(contentsOf: part.utf8)
        }
    }
}
