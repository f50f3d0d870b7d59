import PickleCodec
import Testing

/// Integers as text and as floats, beside Python's `int`.
struct PickleIntegerTests {
    @Test func textsAreReadAsPythonsIntReadsThem() throws {
        let texts = [
            "0", "-0", "+0", "12", "-12", "+12", " 12\n", "\t12", "1_000", "1__0", "_1", "1_", "- 1", "--1", "", " ",
            "-",
            "0x10", "012", "12a", "1\0", "1\02", "\01", "1 2", "9223372036854775807", "9223372036854775808",
            "-9223372036854775808", "-9223372036854775809", String(repeating: "9", count: 4300),
            String(repeating: "9", count: 4301), "00000000000000000000000000000000000000001",
        ]
        let expected = try PythonProcess.map(
            texts.map { Array($0.utf8) },
            """
            def each(data):
                try: return str(int(data.decode()))
                except ValueError: return "refused"
            """)
        for (text, expected) in zip(texts, expected) {
            let found = PickleInteger(decimal: text)?.description ?? "refused"
            #expect(found == String(decoding: expected, as: UTF8.self), "\(text.debugDescription)")
        }
    }

    @Test func randomNumbersAreWhatTheyAreInPython() throws {
        let seed = RandomSeed.make("random integers")
        var random = SeededGenerator(seed: seed)
        let numbers = (0..<2000).map { _ in
            let width = Int.random(in: 0...140, using: &random)
            return (0..<width).map { _ in
                [0, 0xff, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random)!
            }
        }
        let expected = try PythonProcess.map(
            numbers,
            """
            def each(data):
                number = int.from_bytes(data, "little", signed=True)
                try: nearest = repr(float(number))
                except OverflowError: nearest = "None"
                return f"{number} {number:#x} {nearest}"
            """)
        for (bytes, expected) in zip(numbers, expected) {
            let number = PickleInteger(twosComplement: bytes)
            let nearest = number.double
            let found = "\(number) \(number.hexadecimal) \(nearest.map { PickleValue($0).description } ?? "None")"
            #expect(found == String(decoding: expected, as: UTF8.self), "PICKLE_SEED=\(seed)")
            #expect(PickleInteger(decimal: number.description) == number)
            if let nearest { #expect(PickleInteger(exactly: nearest)?.double == nearest) }
        }
        let sorted = numbers.map { PickleInteger(twosComplement: $0) }.sorted()
        let sortedByPython = try PythonProcess.run(
            "out(' '.join(map(str, sorted(int.from_bytes(data, 'little', signed=True) for data in inputs))))", numbers)
        #expect(sorted.map(\.description).joined(separator: " ") == String(decoding: sortedByPython[0], as: UTF8.self))
    }
}
