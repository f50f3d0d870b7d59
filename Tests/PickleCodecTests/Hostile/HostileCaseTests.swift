import Testing

@testable import PickleCodec

/// Pickles that break a rule or lean on what only another program knows. Each goes through everything that there is.
struct HostileCaseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var pickle: Instructions
        /// What reading it gives: an error's code, or nothing.
        var refusal: PickleError.Code?

        init(_ name: String, _ pickle: Instructions, _ refusal: PickleError.Code? = nil) {
            testDescription = name
            self.pickle = pickle
            self.refusal = refusal
        }
    }

    private static let ones: Instructions = "\u{ff}\u{ff}\u{ff}\u{ff}"
    private static let most = ones + "\u{ff}\u{ff}\u{ff}\u{7f}"

    static let lengths = [
        Case("a str of 2⁶³ − 1 bytes", "\u{8d}" + most + ".", .truncated),
        Case("bytes of 2⁶³ − 1 bytes", "\u{8e}" + most + ".", .truncated),
        Case("a bytearray of 2⁶³ − 1 bytes", "\u{96}" + most + ".", .truncated),
        Case("a frame of 2⁶³ − 1 bytes", "\u{95}" + most + ".", .truncated),
        Case("a str of 2⁶⁴ − 1 bytes", "\u{8d}" + ones + ones + ".", .truncated),
        Case("bytes of 2⁶⁴ − 1 bytes", "\u{8e}" + ones + ones + ".", .truncated),
        Case("a bytearray of 2⁶⁴ − 1 bytes", "\u{96}" + ones + ones + ".", .truncated),
        Case("a frame of 2⁶⁴ − 1 bytes", "\u{95}" + ones + ones + ".", .truncated),
        Case("a str of 2³² − 1 bytes", "X" + ones + ".", .truncated),
        Case("bytes of 2³² − 1 bytes", "B" + ones + ".", .truncated),
        Case("a negative LONG4", "\u{8b}" + ones + ".", .malformed),
        Case("a negative BINSTRING", "T" + ones + ".", .truncated),
        Case("LONG of 4,300 digits", "L" + Instructions(String(repeating: "9", count: 4300)) + "L\n."),
        Case("LONG of 4,301 digits", "L" + Instructions(String(repeating: "9", count: 4301)) + "L\n.", .malformed),
        Case("PUT at −1", "Np-1\n.", .malformed),
        Case("PUT at 2³¹ − 1", "Np2147483647\n0g2147483647\n."),
        Case("PUT at 2⁶³ − 1", "Np9223372036854775807\n0g9223372036854775807\n."),
        Case("LONG_BINPUT at 2³² − 1", "Nr" + ones + "0j" + ones + "."),
        Case("PUT at 10²²", "Np10000000000000000000000\n.", .malformed),
        Case(
            "a name of 1,001 bytes", "cgame\n" + Instructions(String(repeating: "a", count: 1001)) + "\n.",
            .limitExceeded),
        Case("a name of 1,000 bytes", "cgame\n" + Instructions(String(repeating: "a", count: 1000)) + "\n."),
    ]

    static let stack = [
        Case("POP_MARK without MARK", "N1.", .malformed),
        Case("TUPLE without MARK", "Nt.", .malformed),
        Case("LIST without MARK", "Nl.", .malformed),
        Case("SETITEMS without MARK", "]u.", .malformed),
        Case("MARK taken as a value", "](a.", .malformed),
        Case("MARK taken as a list", "N(a.", .malformed),
        Case("MARK in a tuple", "(\u{85}.", .malformed),
        Case("MARK as a persistent id", "N(Q.", .malformed),
        Case("MARK as the result", "N(.", .malformed),
        Case("MARK in the memo", "(q\0.", .malformed),
        Case("MARK doubled", "(2.", .malformed),
        Case("an odd number of SETITEMS", "}(K\u{1}u.", .malformed),
        Case("an odd number for DICT", "(K\u{1}d.", .malformed),
        Case("a list as a key", "}]Ns.", .malformed),
        Case("a tuple with a dict as a key", "}}\u{85}Ns.", .malformed),
        Case("a set as a member", "\u{8f}(\u{8f}\u{90}.", .malformed),
        Case("a list in a frozenset", "(]\u{91}.", .malformed),
        Case("APPEND to an int", "K\u{1}K\u{2}a.", .malformed),
        Case("ADDITEMS to a list", "](N\u{90}.", .malformed),
        Case("APPENDS to a bytearray", "\u{96}\u{1}\0\0\0\0\0\0\0a(K\u{1}K\u{2}e.", .unsupported),
        Case("SETITEM of a bytearray", "\u{96}\u{1}\0\0\0\0\0\0\0aK\0K\u{2}s.", .unsupported),
        Case("APPENDS to a bytearray that a call makes", "c__builtin__\nbytearray\n)R(K\u{1}K\u{2}e."),
        Case("SETITEM beyond a list", "]K\u{5}Ns.", .malformed),
        Case("SETITEMS beyond a list", "](K\u{5}Nu.", .malformed),
        Case("SETITEM with what is no index", "])\u{85}Ns.", .malformed),
        Case("a state of a list", "]}b.", .malformed),
        Case("STACK_GLOBAL on what is no string", "K\u{1}K\u{2}\u{93}.", .malformed),
        Case("REDUCE with what is no tuple", "cgame\nCall\nNR.", .malformed),
        Case("REDUCE of an int", "K\u{1})R.", .malformed),
        Case("READONLY_BUFFER of an int", "K\u{1}\u{98}.", .malformed),
        Case("leftovers on the stack", "NNK\u{7}."),
        Case("bytes behind STOP", "K\u{7}.rubbish"),
        Case("a memo number that was never put", "h\u{1}.", .malformed),
    ]

    static let others = [
        Case("an extension code that nobody registered", "\u{82}\u{5}."),
        Case("an object of an extension code", "\u{84}\u{5}\0\u{1}\0)R."),
        Case("extension code 0", "\u{82}\0.", .malformed),
        Case("a persistent id of text", "Pone\n."),
        Case("a persistent id that is a list", "](NNeQ."),
        Case("NEXT_BUFFER without buffers", "\u{97}."),
        Case("a read-only buffer twice", "\u{97}\u{98}2\u{86}."),
        Case("protocol 6", "\u{80}\u{6}N.", .unsupported),
        Case("protocol 255", "\u{80}\u{ff}N.", .unsupported),
        Case("PROTO in the middle", "\u{80}\u{4}]N\u{80}\u{2}a."),
        Case("a frame of all", "\u{80}\u{4}\u{95}\u{2}\0\0\0\0\0\0\0N."),
        Case("a frame beyond the end", "\u{80}\u{4}\u{95}\u{3}\0\0\0\0\0\0\0N.", .truncated),
        // An operand that crosses the end of a frame is none; Python lets one through that begins behind it.
        Case("a frame that ends in an operand", "\u{80}\u{4}\u{95}\u{2}\0\0\0\0\0\0\0M\u{1}\u{1}.", .malformed),
        Case("a frame that ends before an operand", "\u{80}\u{4}\u{95}\u{1}\0\0\0\0\0\0\0K\u{1}."),
        Case(
            "a frame in a frame",
            "\u{80}\u{4}\u{95}\u{c}\0\0\0\0\0\0\0N\u{95}\u{1}\0\0\0\0\0\0\0" + "0N.", .malformed),
        Case("UNICODE with half an escape", "V\\ud8\n.", .malformed),
        Case("UNICODE beyond all characters", "V\\U00110000\n.", .malformed),
        Case("STRING with half an escape", "S'\\x1'\n.", .malformed),
        Case("STRING without quotes", "Sa\n.", .malformed),
        Case("STRING with one quote", "S'a\n.", .malformed),
        Case("INT without digits", "I\n.", .malformed),
        Case("INT with letters", "I1x\n.", .malformed),
        Case("INT of octal digits that Int just holds", "I-01000000000000000000000\n."),
        Case("INT of octal digits beyond Int", "I-01000000000000000000007\n.", .malformed),
        Case("FLOAT beyond all floats", "F1e400\n.", .malformed),
        Case("FLOAT with an underscore", "F1_0\n.", .malformed),
        Case("bad UTF-8", "\u{8c}\u{2}\u{c3}\u{28}.", .malformed),
        Case("UTF-8 that is cut", "\u{8c}\u{1}\u{c3}.", .malformed),
        Case("UTF-8 longer than it need be", "\u{8c}\u{2}\u{c0}\u{80}.", .malformed),
        Case("a lone surrogate", "\u{8c}\u{3}\u{ed}\u{a0}\u{80}."),
        Case("INT without its end", "I1", .truncated),
        Case("STRING without its end", "S'a'", .truncated),
        Case("UNICODE without its end", "Va", .truncated),
        Case("GLOBAL without its second line", "cgame\nPlayer", .truncated),
        Case("PUT without its end", "Np1", .truncated),
        Case("nothing", "", .truncated),
        Case("no STOP", "N", .truncated),
    ]

    @Test(arguments: lengths + stack + others)
    func goesThroughEverything(test: Case) throws {
        let pickle = test.pickle.bytes
        // What can't be read is listed as far as it goes, and refused by all else with the same words.
        #expect(!PickleListing(pickle).description.isEmpty)
        guard test.refusal == nil else {
            let error = try #require(throws: PickleError.self) { try PickleGraph(decoding: pickle) }
            #expect(error.code == test.refusal)
            #expect(throws: error) { try PickleValue(pickle: pickle) }
            #expect(throws: error) { try PickleInspection(pickle) }
            #expect(throws: error) { try PickleDecoder().decode(PickleValue.self, from: pickle) }
            return
        }
        let value = try PickleValue(pickle: pickle)
        let other = try PickleValue(pickle: pickle)
        #expect(value == other && value.hashValue == other.hashValue)
        #expect(value != [value])
        #expect(!value.description.isEmpty && value.description == other.description)
        #expect(try PickleInspection(pickle).depth < 4)
        #expect(try PickleValue(taggedJSON: value.taggedJSON()) == value)
        let written = try PickleGraph(decoding: pickle).encoded()
        #expect(try PickleValue(pickle: written) == value)
        #expect(try PickleGraph(decoding: written).encoded() == written)
        #expect(try PickleValue(pickle: value.pickled()) == value)
        #expect(try PickleDecoder().decode(PickleValue.self, from: pickle) == value)
    }
}
