import Testing

@testable import PickleCodec

/// Large input that wants to crash or exhaust a reader, and every instruction cut short.
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

    @Test func memoizeAfterAHighPut() throws {
        // It takes the number of entries.
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

    @Test func aLargeIntegerFetchedAgainAndAgainIsWrittenOnce() throws {
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

    @Test func anIntOfAMillionDigitsIsRefused() {
        #expect(code(text("L" + String(repeating: "9", count: 1_000_000) + "L\n.")) == .malformed)
    }

    @Test func unhashableKeysInTuplesAreFoundInLinearTime() {
        var pickle: [UInt8] = [0x7d, 0x5d]
        pickle += [UInt8](repeating: 0x85, count: 500_000) + [0x4e, 0x73, 0x2e]
        #expect(code(pickle) == .malformed)
    }

    @Test func bytesBehindStopAndLeftovers() throws {
        let (graph, count) = try PickleGraph.decode([0x4e, 0x4b, 7, 0x2e] + [UInt8](repeating: 0, count: 100_000))
        #expect(count == 4)
        #expect(graph.int(of: graph.root) == 7)
        #expect(graph.memoryByteCount < 200)
        #expect(code([]) == .truncated)
    }
}
