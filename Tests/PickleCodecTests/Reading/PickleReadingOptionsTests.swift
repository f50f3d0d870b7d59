import Testing

@testable import PickleCodec

/// Each limit, from both sides.
struct PickleReadingOptionsTests {
    private func code(_ pickle: [UInt8], _ options: PickleReadingOptions) -> PickleError.Code? {
        do throws(PickleError) {
            _ = try PickleGraph(decoding: pickle, options: options)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func theDefaultsAreThoseThatTheGuideSays() {
        let options = PickleReadingOptions()
        #expect(options.maximumByteCount == 1 << 30)
        #expect(options.maximumObjectCount == 1 << 27)
        #expect(options.maximumIntegerByteCount == 1 << 20)
        #expect(options.maximumNameByteCount == 1000)
    }

    @Test func bytesAreCountedUpToStop() {
        let pickle: [UInt8] = [0x5d, 0x28, 0x4e, 0x4e, 0x65, 0x2e]
        let exact = PickleReadingOptions(maximumByteCount: 6)
        #expect(code(pickle, exact) == nil)
        #expect(code(pickle + [0, 0], exact) == nil)
        for limit in [5, 1, 0, -1, .min] {
            #expect(code(pickle, PickleReadingOptions(maximumByteCount: limit)) == .limitExceeded, "\(limit)")
        }
        #expect(code([], PickleReadingOptions(maximumByteCount: -1)) == .truncated)
    }

    /// What ends just where the limit is has not passed it: more room would not help.
    @Test func aPickleThatIsCutIsTruncatedUnlessTheLimitCutsIt() {
        let cut: [UInt8] = [0x5d, 0x28, 0x4e, 0x4e, 0x65]
        #expect(code(cut, PickleReadingOptions(maximumByteCount: 5)) == .truncated)
        #expect(code(cut, PickleReadingOptions(maximumByteCount: 4)) == .limitExceeded)
    }

    /// `records` and `links` count their objects in 31 bits. The pages of this input are never touched.
    @Test func noMoreThanTwoGibibytesAreRead() throws {
        let most = 2_147_418_112
        let memory = UnsafeMutableRawPointer.allocate(byteCount: most + 1, alignment: 16)
        defer { unsafe memory.deallocate() }
        // BINBYTES8, its length, bytes that nobody looks at, STOP.
        func read(_ count: Int) throws(PickleError) -> Int {
            unsafe memory.storeBytes(of: PickleOpcode.binBytes8.rawValue, as: UInt8.self)
            unsafe memory.storeBytes(of: UInt64(count - 10).littleEndian, toByteOffset: 1, as: UInt64.self)
            unsafe memory.storeBytes(of: PickleOpcode.stop.rawValue, toByteOffset: count - 1, as: UInt8.self)
            let bytes = unsafe UnsafeBufferPointer(start: memory.assumingMemoryBound(to: UInt8.self), count: count)
            var machine = unsafe PickleMachine(bytes, options: PickleReadingOptions(maximumByteCount: .max))
            _ = try machine.run()
            return machine.cursor
        }
        #expect(try read(most) == most)
        #expect(throws: PickleError(.limitExceeded, at: most, "")) { try read(most + 1) }
    }

    @Test func objectsAreCountedWithoutThoseThatAreFree() {
        // [[], [], 7, None, True]
        let pickle: [UInt8] = [0x5d, 0x28, 0x5d, 0x5d, 0x4b, 7, 0x4e, 0x88, 0x65, 0x2e]
        #expect(code(pickle, PickleReadingOptions(maximumObjectCount: 3)) == nil)
        for limit in [2, 0, -1, .min] {
            #expect(code(pickle, PickleReadingOptions(maximumObjectCount: limit)) == .limitExceeded, "\(limit)")
        }
    }

    /// In bytes, as LONG1 and LONG4 hold them, and in digits, of which hexadecimal ones know no other end.
    @Test(arguments: [8, 300])
    func integersAreBoundHoweverTheyAreSpelled(count: Int) throws {
        let options = PickleReadingOptions(maximumIntegerByteCount: count)
        func spellings(_ byteCount: Int) throws -> [[UInt8]] {
            let bytes = [UInt8](repeating: 0x55, count: byteCount)
            let number = PickleInteger(twosComplement: bytes)
            let decimal = try #require(number.decimal)
            let length = [UInt8(byteCount & 255), UInt8(byteCount >> 8), 0, 0]
            return [
                [0x8b] + length + bytes + [0x2e],
                byteCount < 256 ? [0x8a, UInt8(byteCount)] + bytes + [0x2e] : [0x4e, 0x2e],
                Array("L\(decimal)L\n.".utf8), Array("I\(decimal)\n.".utf8), Array("L\(number.hexadecimal)\n.".utf8),
                Array("I-\(number.hexadecimal)\n.".utf8),
            ]
        }
        for pickle in try spellings(count) { #expect(code(pickle, options) == nil, "\(hex(pickle))") }
        for pickle in try spellings(count + 1) where pickle.count > 2 {
            #expect(code(pickle, options) == .limitExceeded, "\(hex(pickle))")
        }
        // What is said of the limit is said of the default, too.
        let digits = String(repeating: "f", count: 2 << 20)
        #expect(code(Array("L0x\(digits)L\n.".utf8), PickleReadingOptions()) == .limitExceeded)
        #expect(code(Array("L-0x\(digits.dropLast())L\n.".utf8), PickleReadingOptions()) == nil)
    }

    /// Integers of at most four bytes have instructions that hold no length.
    @Test func shortIntegersAreAlwaysRead() {
        let options = PickleReadingOptions(maximumIntegerByteCount: 0)
        for pickle: [UInt8] in [[0x4b, 7, 0x2e], [0x4d, 7, 7, 0x2e], [0x4a, 7, 7, 7, 0x77, 0x2e], [0x8a, 0, 0x2e]] {
            #expect(code(pickle, options) == nil)
        }
        #expect(code([0x8a, 1, 7, 0x2e], options) == .limitExceeded)
    }

    @Test func namesAreBoundByBothParts() {
        let options = PickleReadingOptions(maximumNameByteCount: 4)
        #expect(code(Array("cgame\nGame\n.".utf8), options) == nil)
        #expect(code(Array("cgames\nGame\n.".utf8), options) == .limitExceeded)
        #expect(code(Array("cgame\nGames\n.".utf8), options) == .limitExceeded)
        #expect(code(Array("(igames\nGame\n.".utf8), options) == .limitExceeded)
        #expect(code([0x8c, 5, 0x67, 0x61, 0x6d, 0x65, 0x73, 0x8c, 1, 0x47, 0x93, 0x2e], options) == .limitExceeded)
    }
}
