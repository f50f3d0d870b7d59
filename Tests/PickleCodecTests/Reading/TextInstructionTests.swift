import PickleCodec
import Testing

/// The lines of text of protocol 0, good and bad, beside what CPython makes of them.
struct TextInstructionTests {
    /// An instruction, what its lines are made of, and what stands around them.
    struct Line: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var before: String
        var alphabet: [UInt8]
        var after = "\n."

        init(_ name: String, before: String, alphabet: String, after: String = "\n.") {
            testDescription = name
            self.before = before
            // Each character of Latin-1 is a byte.
            self.alphabet = alphabet.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            self.after = after
        }
    }

    static let lines = [
        Line("INT", before: "I", alphabet: "0011789+-_xobAFL \t\u{b}\0"),
        Line("LONG", before: "L", alphabet: "0011789+-_xobAFLL \t\u{b}\0"),
        Line("FLOAT", before: "F", alphabet: "00119..+-eEinfatyNAIF_x \0"),
        Line("STRING", before: "S'", alphabet: "ab\\\\\\\"'xx01789AFnrtUN \0\u{e9}", after: "'\n."),
        Line("UNICODE", before: "V", alphabet: "ab\\\\\\uuuU000018dDfF \0\u{e9}"),
        Line("PUT", before: "Np", alphabet: "0011789+-_ \t\0", after: "\n."),
        Line("GET", before: "Nq\u{1}0g", alphabet: "0111789+-_ \t\0"),
        Line("PERSID", before: "(P", alphabet: "ab \0\u{e9}", after: "\n0]."),
    ]

    @Test(arguments: lines)
    func areReadAsCPythonReadsThem(line: Line) throws {
        let seed = RandomSeed.make("random lines of \(line.testDescription)")
        var random = SeededGenerator(seed: seed)
        let pickles = (0..<4000).map { _ in
            let text = (0..<Int.random(in: 0...7, using: &random)).map { _ in
                line.alphabet.randomElement(using: &random) ?? 0
            }
            return Array(line.before.utf8) + text + Array(line.after.utf8)
        }
        let expected = try PythonProcess.map(
            pickles,
            """
            class Unpickler(pickle.Unpickler):
                def persistent_load(self, pid): return pid
            def each(data):
                try: return repr(Unpickler(io.BytesIO(data), encoding="bytes").load())
                except Exception: return "refused"
            """)
        for (pickle, expected) in zip(pickles, expected) {
            var found = "refused"
            if let value = try? PickleValue(pickle: pickle) {
                // Python is told above to read every str of Python 2 as bytes.
                found = (value.kind == .python2String ? PickleValue.bytes(value.bytes ?? []) : value).description
            }
            #expect(found == String(decoding: expected, as: UTF8.self), "PICKLE_SEED=\(seed): \(hex(pickle))")
        }
    }
}
