import Testing

@testable import PickleCodec

/// Input that wants to crash, exhaust or mislead a reader.
@Suite struct HostilePickleTests {
    private func code(_ pickle: [UInt8]) -> PickleError.Code? {
        do throws(PickleError) {
            _ = try PickleGraph(decoding: pickle)
            return nil
        } catch {
            return error.code
        }
    }

    private func text(_ pickle: String) -> [UInt8] { Array(pickle.utf8) }

    @Test func lengthsBeyondTheInput() {
        let huge: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]
        for opcode: UInt8 in [0x8d, 0x8e, 0x95, 0x96] {
            #expect(code([opcode] + huge + [0x2e]) == .truncated)
            #expect(code([opcode] + Array(repeating: 0xff, count: 8) + [0x2e]) == .truncated)
        }
        for opcode: UInt8 in [0x42, 0x58, 0x54] { #expect(code([opcode, 0xff, 0xff, 0xff, 0xff, 0x2e]) == .truncated) }
        #expect(code([0x8b, 0xff, 0xff, 0xff, 0xff, 0x2e]) == .malformed)
    }

    @Test func memoNumbersInTheBillions() throws {
        let graph = try PickleGraph(decoding: text("Nr\u{7f}\u{7f}\u{7f}\u{7f}0j\u{7f}\u{7f}\u{7f}\u{7f}."))
        #expect(graph.kind(of: graph.root) == .none)
        #expect(try PickleGraph(decoding: text("Np9223372036854775807\ng9223372036854775807\n.")).root == .none)
        #expect(code(text("Np10000000000000000000000\n.")) == .malformed)
        #expect(code(text("Np-1\n.")) == .malformed)
        #expect(code(text("h\u{1}.")) == .malformed)
        // A MEMOIZE after a high PUT takes the number of entries.
        let sum = try PickleGraph(decoding: [
            0x80, 4, 0x5d, 0x72, 0xff, 0xff, 0xff, 0x7f, 0x4b, 7, 0x94, 0x30, 0x68, 1, 0x2e,
        ])
        #expect(sum.int(of: sum.root) == 7)
    }

    @Test(arguments: [0x5d as UInt8, 0x29]) func aMillionNestedContainers(opcode: UInt8) throws {
        let close: UInt8 = opcode == 0x5d ? 0x61 : 0x85
        let depth = 1_000_000
        let pickle =
            opcode == 0x5d
            ? [UInt8](repeating: opcode, count: depth) + [UInt8](repeating: close, count: depth - 1) + [0x2e]
            : [0x29] + [UInt8](repeating: close, count: depth) + [0x2e]
        let graph = try PickleGraph(decoding: pickle)
        #expect(try PickleGraph(decoding: graph.encoded()).objectCount == graph.objectCount)
    }

    @Test func sharingThatDoublesThirtyTimes() throws {
        var byMemo: [UInt8] = [0x80, 4, 0x5d, 0x94]
        for index in 0..<30 as Range<UInt8> { byMemo += [0x30, 0x68, index, 0x68, index, 0x86, 0x94] }
        let byDuplicate =
            text("]") + [UInt8](repeating: 0x32, count: 1) + [0x86]
            + Array(repeating: [0x32, 0x86] as [UInt8], count: 30).flatMap { $0 } + [0x2e]
        for pickle in [byMemo + [0x2e], byDuplicate] {
            let written = try PickleGraph(decoding: pickle).encoded()
            #expect(written.count < 1000)
        }
    }

    @Test func aLargeIntegerFetchedAMillionTimesIsWrittenOnce() throws {
        var pickle: [UInt8] = [0x5d, 0x28, 0x8b, 0x00, 0x10, 0, 0] + [UInt8](repeating: 0x55, count: 4096) + [0x71, 0]
        for _ in 0..<100_000 { pickle += [0x68, 0] }
        let graph = try PickleGraph(decoding: pickle + [0x65, 0x2e])
        #expect(try graph.encoded().count < 300_000)
    }

    @Test func tuplesThatContainThemselvesTooOftenAreRefusedInTime() throws {
        // t = ([], [], …), and t is appended to each of its lists.
        let count = 20_000
        var pickle: [UInt8] = [0x28]
        for _ in 0..<count { pickle += [0x5d, 0x94] }
        pickle += [0x74, 0x94]
        for index in 0..<count {
            let number = (0..<4).map { UInt8(truncatingIfNeeded: index >> (8 * $0)) }
            let tuple = (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
            pickle += [0x6a] + number + [0x6a] + tuple + [0x61, 0x30]
        }
        let graph = try PickleGraph(decoding: pickle + [0x2e])
        #expect(throws: PickleError(.limitExceeded, "")) { try graph.encoded() }
    }

    @Test func marks() throws {
        #expect(code([UInt8](repeating: 0x28, count: 100_000) + [0x2e]) == .malformed)
        #expect(try PickleGraph(decoding: [UInt8](repeating: 0x28, count: 100_000) + [0x4e, 0x2e]).root == .none)
        for pickle in ["1.", "t.", "l.", "N(.", "(2.", "]u.", "N(a.", "(\u{85}.", "N(Q."] {
            #expect(code(text(pickle)) == .malformed, "\(pickle)")
        }
    }

    @Test func everyOpcodeOnAnEmptyStack() {
        for opcode in PickleOpcode.allCases {
            let operand: [UInt8] =
                switch opcode.operand {
                case .none: []
                case .fixed(let count): [UInt8](repeating: 0, count: count)
                case .counted1: [0]
                case .counted4: [0, 0, 0, 0]
                case .counted8: [0, 0, 0, 0, 0, 0, 0, 0]
                case .line: [0x31, 0x0a]
                case .twoLines: [0x61, 0x0a, 0x61, 0x0a]
                }
            // Whatever it gives, it gives it without a trap; cut short, too.
            let pickle = [opcode.rawValue] + operand + [0x2e]
            for count in 0...pickle.count { _ = code(Array(pickle[..<count])) }
            // POP and PUT need something too, though what they leave the stack with is no less than before.
            let needs = opcode.stackEffect
            let puts: [PickleOpcode] = [.put, .binPut, .longBinPut, .get, .binGet, .longBinGet]
            if needs.taken > 0 || needs.takesMark || puts.contains(opcode) {
                #expect(code(pickle) == .malformed, "\(opcode)")
            }
            if opcode.operand != .none, opcode != .instance {
                #expect(code([opcode.rawValue]) == .truncated, "\(opcode)")
            }
        }
    }

    @Test func whatIsNotMeantForAnOperand() {
        let pickles = [
            "K\u{1}K\u{2}a.",  // APPEND to an int
            "}(K\u{1}u.",  // odd SETITEMS
            "(K\u{1}d.",  // odd DICT
            "}]Ns.", "}}Ns.", "}](t\u{85}Ns.", "(]\u{91}.", "\u{8f}(]\u{90}.",  // keys that can't be hashed
            "]]\u{93}.", "NN\u{93}.",  // STACK_GLOBAL on no strings
            "cos\nsystem\n]R.", "K\u{1})R.",  // REDUCE with no tuple, of no callable
            "]Ns.", "](K\u{5}Nu.",  // no index of the list
            "\u{82}\u{0}.",  // extension code 0
            "]}b.",  // state of a list
        ]
        for pickle in pickles {
            let bytes = pickle.unicodeScalars.map { UInt8($0.value) }
            #expect(code(bytes) != nil, "\(pickle)")
        }
    }

    @Test func unhashableKeysInTuplesAreFoundInLinearTime() {
        var pickle: [UInt8] = [0x7d, 0x5d]
        pickle += [UInt8](repeating: 0x85, count: 500_000) + [0x4e, 0x73, 0x2e]
        #expect(code(pickle) == .malformed)
    }

    @Test func protocols() {
        for version: UInt8 in [6, 255] { #expect(code([0x80, version, 0x4e, 0x2e]) == .unsupported) }
        #expect(code([0x4e, 0x80, 2, 0x2e]) == nil)
    }

    @Test func text() throws {
        for pickle in [
            "V\\ud8\n.", "V\\U00110000\n.", "S'\\x1'\n.", "Sa\n.", "S'a\n.", "I\n.", "I1x\n.", "F1e400\n.", "F1_0\n.",
            "Ix",
        ] {
            #expect(code(text(pickle)) != nil, "\(pickle)")
        }
        #expect(code([0x8c, 2, 0xc3, 0x28, 0x2e]) == .malformed)
        #expect(code(text("L" + String(repeating: "9", count: 1_000_000) + "L\n.")) == .malformed)
        #expect(code(text("L" + String(repeating: "9", count: 4300) + "L\n.")) == nil)
        #expect(code(text("L" + String(repeating: "9", count: 4301) + "L\n.")) == .malformed)
    }

    @Test func framesThatDoNotHold() {
        let frame: [UInt8] = [0x80, 4, 0x95]
        func length(_ count: UInt8) -> [UInt8] { [count, 0, 0, 0, 0, 0, 0, 0] }
        #expect(code(frame + length(2) + [0x4e, 0x2e]) == nil)
        #expect(code(frame + length(3) + [0x4e, 0x2e]) == .truncated)
        // The operand of BININT2 crosses the end; that of BININT1 begins behind it, which Python lets through.
        #expect(code(frame + length(2) + [0x4d, 0x01, 0x01, 0x2e]) == .malformed)
        #expect(code(frame + length(1) + [0x4b, 0x01, 0x2e]) == nil)
        #expect(code(frame + length(12) + [0x4e, 0x95] + length(1) + [0x30, 0x4e, 0x2e]) == .malformed)
    }

    @Test func bytesBehindStopAndLeftovers() throws {
        let (graph, count) = try PickleGraph.decode([0x4e, 0x4b, 7, 0x2e] + [UInt8](repeating: 0, count: 100_000))
        #expect(count == 4)
        #expect(graph.int(of: graph.root) == 7)
        #expect(graph.memoryByteCount < 200)
        #expect(code([]) == .truncated)
    }

    @Test func limits() {
        let pickle: [UInt8] = [0x5d, 0x28, 0x5d, 0x5d, 0x5d, 0x65, 0x2e]
        let bytes = PickleReadingOptions(maximumByteCount: 6)
        let objects = PickleReadingOptions(maximumObjectCount: 3)
        for options in [bytes, objects] {
            #expect(throws: PickleError.self) { try PickleGraph(decoding: pickle, options: options) }
        }
        #expect(throws: Never.self) {
            try PickleGraph(decoding: pickle, options: PickleReadingOptions(maximumByteCount: 7, maximumObjectCount: 4))
        }
    }
}
