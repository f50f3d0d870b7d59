import PickleCodec
import Testing

/// `PickleListing` beside Python's `pickletools.dis`.
struct PickleListingTests {
    /// What Python 3.11 prints, or the text of the error that it raises last.
    private static let disassemble = """
        def each(pickle):
            text = io.StringIO()
            try: pickletools.dis(pickle, text)
            except Exception as error: text.write(str(error))
            return text.getvalue()
        """

    @Test(arguments: 0...5)
    func equalsPickletools(protocol number: Int) throws {
        let expressions =
            ReprTests.expressions + [
                "[1, 255, 256, 65536, 2**31, -2**63, 2**2000, True, None, 1.5]", "list(range(1002))",
                "{str(i): [i] for i in range(300)}", "'x' * 70_000", "b'\\x00' * 70_000", "(1, 2, 3, 4)", "{(): {1}}",
            ]
        let pickles = try PythonProcess.pickles(of: expressions, protocol: number)
        let expected = try PythonProcess.map(pickles, Self.disassemble)
        for (index, pickle) in pickles.enumerated() {
            #expect(
                PickleListing(pickle).description == String(decoding: expected[index], as: UTF8.self),
                "\(expressions[index])")
        }
    }

    @Test func oldInstructions() throws {
        let pickles: [String] = [
            "(lp0\nI01\naI-5\naL12345678901234567890L\naF1.5\naVab\\u2603\\\\\np1\naS'q\\x00\\'\\n'\naS\"it's\"\ng1\na.",
            "(imod\nCls\np0\n.", "(cmod\nCls\nI1\no.", "Ppid\n.", "Ppid\nQ.", "(I1\nI2\n1N.", "(I1\n0N0N.",
            "(dp0\nNNs.",
            "N2\u{85}\u{86}.", "((((N1N1N1N1N.", "U\u{3}abc.", "T\u{3}\0\0\0abc.", "\u{82}\u{7}.",
        ]
        let bytes = pickles.map { $0.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
        let expected = try PythonProcess.map(bytes, Self.disassemble)
        for (index, pickle) in bytes.enumerated() {
            let listing = PickleListing(pickle)
            let text = String(decoding: expected[index], as: UTF8.self)
            #expect(
                listing.lines.map { "\($0)\n" }.joined()
                    == text.prefix(through: text.lastIndex(of: "\n") ?? text.startIndex).replacing(
                        "highest protocol among opcodes = \(listing.highestProtocol)\n", with: ""), "\(pickles[index])")
        }
    }

    @Test func brokenPicklesAreListedAsFarAsTheyGo() throws {
        let cases: [([UInt8], lines: Int, message: String)] = [
            ([0x4e, 0x4e, 0x2e], 3, "stack not empty after STOP"),
            ([0x65, 0x2e], 1, "no MARK exists on stack"),
            ([0x4e, 0x94, 0x71, 0x00, 0x2e], 3, "memo key 0 already defined"),
            ([0x68, 0x07, 0x2e], 1, "memo key 7 has never been stored into"),
            ([0x28, 0x94, 0x2e], 2, "can't store markobject in the memo"),
            ([0x85, 0x2e], 1, "tries to pop 1 items from stack with only 0 items"),
            ([0x4e], 1, "the end of the pickle"),
            ([0xff], 0, "unknown byte"),
        ]
        for (pickle, lines, message) in cases {
            let listing = PickleListing(pickle)
            #expect(listing.lines.count == lines)
            #expect(listing.failure?.message.contains(message) == true, "\(listing)")
        }
    }

    @Test func manyMarksAreLinear() {
        let listing = PickleListing([UInt8](repeating: 0x28, count: 10_000) + [0x2e])
        #expect(listing.description.utf8.count < 5_000_000)
    }
}
