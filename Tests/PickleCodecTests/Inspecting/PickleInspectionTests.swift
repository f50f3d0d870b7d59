import PickleCodec
import Testing

/// What `PickleInspection` says of a pickle before anything is decoded.
struct PickleInspectionTests {
    @Test func globalsAndCalls() throws {
        let pickle = try PythonProcess.result(
            of: """
                import os, collections
                class Evil:
                    def __reduce__(self): return os.system, ("echo",)
                out(pickle.dumps([Evil(), collections.Counter, 1.5], 4))
                """)
        let inspection = try PickleInspection(pickle)
        #expect(inspection.globals.map(\.name.description) == ["posix.system", "collections.Counter"])
        #expect(inspection.globals.map(\.isCalled) == [true, false])
        #expect(!inspection.hasIndirectCalls)
        #expect(inspection.depth == 3)  // the list, the object, its tuple of arguments
    }

    @Test func whatIsDroppedCountsToo() throws {
        // os.system("x"), then POP; and getattr(os, "system")("x")
        let dropped = Array("cos\nsystem\n(S'x'\ntR0N.".utf8)
        #expect(try PickleInspection(dropped).globals.first?.isCalled == true)
        let indirect = Array("c__builtin__\ngetattr\n(cos\npath\nS'system'\ntR(S'x'\ntR.".utf8)
        let inspection = try PickleInspection(indirect)
        #expect(inspection.hasIndirectCalls)
        #expect(inspection.globals.map(\.name.description) == ["builtins.getattr", "os.path"])
        #expect(inspection.globals.map(\.isCalled) == [true, false])
    }

    /// A name that a call makes is in no list, so it must be said that there is one.
    @Test func namesThatCallsMakeAreIndirect() throws {
        // STACK_GLOBAL of 'os' and str('system'), which is only passed around; and the same by its module.
        let name = Array("cbuiltins\nstr\n(S'system'\ntR".utf8)
        for pickle in [
            [0x80, 4, 0x8c, 2, 0x6f, 0x73] + name + [0x93, 0x2e], [0x80, 4] + name + [0x8c, 1, 0x61, 0x93, 0x2e],
        ] {
            let inspection = try PickleInspection(pickle)
            #expect(inspection.hasIndirectCalls)
            #expect(inspection.globals.map(\.name.description) == ["builtins.str"])
        }
    }

    @Test func persistentIDs() throws {
        let inspection = try PickleInspection(Array("(lPone\naK\u{7}Qa.".utf8))
        #expect(inspection.persistentIDs == ["one", 7])
    }

    @Test func depthAndCost() throws {
        let deep = [UInt8](repeating: 0x5d, count: 100_000) + [UInt8](repeating: 0x61, count: 99_999) + [0x2e]
        let inspection = try PickleInspection(deep)
        #expect(inspection.depth == 100_000)
        #expect(inspection.unfoldedCount == 100_000)
        // x = []; 40 times: x = [x, x]
        let doubled: [UInt8] = [0x80, 4, 0x5d] + (0..<40).flatMap { _ in [0x32, 0x86] as [UInt8] } + [0x2e]
        #expect(try PickleInspection(doubled).unfoldedCount == (2 << 40) - 1)
        #expect(try PickleInspection(doubled).objectCount < 50)
        // l = []; l.append(l)
        let cyclic: [UInt8] = [0x80, 4, 0x5d, 0x94, 0x68, 0, 0x61, 0x2e]
        #expect(try PickleInspection(cyclic).unfoldedCount == .max)
        #expect(try PickleInspection(cyclic).depth == 1)
    }
}
