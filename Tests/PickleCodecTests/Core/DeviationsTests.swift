import Foundation
import Testing

@testable import PickleCodec

/// The article `Deviations.md`, row by row: each test is named for the first cell of the row that it shows.
struct DeviationsTests {
    /// Bytes of a pickle, each a character of Latin-1.
    private func bytes(_ pickle: String) -> [UInt8] {
        pickle.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    /// Whether this machine's Python loads each of some pickles; `prelude` may define what they name.
    private func isLoaded(_ pickles: [[UInt8]], by loads: String = "pickle.loads", _ prelude: String = "") throws
        -> [Bool]
    {
        let script = """
            \(prelude)
            def each(data):
                try: \(loads)(data)
                except Exception: return "refused"
                return "loaded"
            """
        return try PythonProcess.map(pickles, script).map { $0 == Array("loaded".utf8) }
    }

    /// Python refuses these pickles. Here they are read and come back as they were.
    private func expectReadHereAlone(_ texts: [String]) throws {
        let pickles = texts.map(bytes)
        for (pickle, isLoaded) in zip(pickles, try isLoaded(pickles)) {
            #expect(!isLoaded, "\(hex(pickle))")
            let value = try PickleValue(pickle: pickle)
            let written = try value.pickled()
            #expect(try PickleValue(pickle: written) == value, "\(hex(pickle))")
            #expect(try PickleValue(pickle: written).pickled() == written, "\(hex(pickle))")
        }
    }

    @Test func everyRowHasItsTest() throws {
        let tests = URL(filePath: #filePath)
        let root = tests.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let article = root.appending(path: "Sources/PickleCodec/PickleCodec.docc/Deviations.md")
        let rows = try String(contentsOf: article, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| ") }
            .map { String($0.dropFirst(2).prefix { $0 != "|" }.dropLast()).replacing("`", with: "") }
            .filter { $0 != "what" }
        let names = try String(contentsOf: tests, encoding: .utf8).matches(of: /@Test\(\s*"(.+)"/).map { String($0.1) }
        #expect(rows.count > 20)
        #expect(rows == names)
    }

    // MARK: - Accepted here, refused by CPython

    @Test("classes, functions and modules that can't be imported; calls that would raise")
    func whatCanNotBeImportedOrRaises() throws {
        try expectReadHereAlone([
            "cnomodule\nPlayer\n.", "cbuiltins\nnothing\n.", "cbuiltins\nint\n(Vx\ntR.", "cbuiltins\nint\n(VxI99\ntR.",
        ])
    }

    @Test(
        "objects of unknown classes as keys, as targets of items and state, as modules and names of STACK_GLOBAL, as arguments"
    )
    func objectsWhereOnlyTheirCodeCanTell() throws {
        let player = "cnomodule\nPlayer\n)R"
        try expectReadHereAlone([
            "}" + player + "Ns.", "\u{8f}(" + player + "\u{90}.", player + "(NNe.", player + "(NNu.",
            player + "(N\u{90}.",
            player + "Nb.", player + "\u{8c}\u{1}a\u{93}.", "\u{8c}\u{1}a" + player + "\u{93}.",
            "cbuiltins\nlist\n" + player + "R.",
        ])
        let refused = ["}(NNNu.", "}]Ns.", "}}\u{85}Ns.", "K\u{1}Na.", "K\u{1}(NNe."].map(bytes)
        #expect(try isLoaded(refused) == refused.map { _ in false })
        for pickle in refused {
            #expect(throws: PickleError.self, "\(hex(pickle))") { try PickleGraph(decoding: pickle) }
        }
    }

    @Test("persistent ids, extension codes that nobody registered, buffers that nobody gave")
    func whatOnlyTheWriterKnows() throws {
        try expectReadHereAlone([
            "Pone\n.", "K\u{7}Q.", "\u{82}\u{7}.", "\u{83}\u{7}\u{7}.", "\u{84}\u{7}\u{7}\u{7}\0.", "\u{97}.",
            "\u{97}\u{98}.",
        ])
    }

    @Test("a Python 2 str that is not ASCII")
    func strOfPython2() throws {
        let texts = ["U\u{2}\u{e9}a.", "T\u{2}\0\0\0a\u{ff}.", "S'\\xe9'\n."]
        try expectReadHereAlone(texts)
        for text in texts {
            let value = try PickleValue(pickle: bytes(text))
            #expect(value.kind == .python2String)
            #expect(PickleListing(try value.pickled()).lines.contains { $0.name == "SHORT_BINSTRING" })
        }
    }

    @Test("memo numbers of a billion and more")
    func highMemoNumbers() throws {
        // What CPython does depends on the memory of the machine.
        for number in ["1000000000", "4294967295", "9223372036854775807"] {
            let graph = try PickleGraph(decoding: bytes("K\u{7}p\(number)\n0g\(number)\n."))
            #expect(graph.int(of: graph.root) == 7)
            #expect(graph.memoryByteCount < 200)
        }
    }

    @Test("any depth")
    func depth() throws {
        let deep = [UInt8](repeating: 0x5d, count: 5000) + [UInt8](repeating: 0x61, count: 4999) + [0x2e]
        let again = try PythonProcess.map(
            [deep],
            """
            sys.setrecursionlimit(1000)
            def each(data):
                try: return pickle.dumps(pickle.loads(data))
                except RecursionError: return b""
            """)
        #expect(again == [[]])
        #expect(PickleListing(try PickleValue(pickle: deep).pickled()).lines.count { $0.name == "EMPTY_LIST" } == 5000)
        #expect(failure(HostileDecodingTests.Nest.self, deep).contains("nested deeper than 512"))
    }

    // MARK: - Refused here, accepted by some CPythons

    @Test("an instruction or an operand that crosses the end of its frame, a frame that begins inside of another")
    func framesAreKept() throws {
        let frame = "\u{80}\u{4}\u{95}"
        let pickles = [
            frame + "\u{2}\0\0\0\0\0\0\0M\u{1}\u{1}.", frame + "\u{4}\0\0\0\0\0\0\0\u{8c}\u{3}abc.",
            frame + "\u{c}\0\0\0\0\0\0\0N\u{95}\u{1}\0\0\0\0\0\0\00N.",
        ].map(bytes)
        // The unpickler in Python is the one that always refused them.
        #expect(try isLoaded(pickles, by: "pickle._loads") == [false, false, false])
        for pickle in pickles {
            let error = try #require(throws: PickleError.self, "\(hex(pickle))") { try PickleGraph(decoding: pickle) }
            #expect(error.code == .malformed)
        }
    }

    @Test("decimal integers (INT, LONG) of more than 4,300 digits")
    func manyDigits() throws {
        let digits = { String(repeating: "7", count: $0) }
        let pickles = [4300, 4301].flatMap { ["I\(digits($0))\n.", "L\(digits($0))L\n.", "L-\(digits($0))L\n."] }.map(
            bytes)
        #expect(try isLoaded(pickles) == [true, true, true, false, false, false])
        #expect(pickles.map { (try? PickleGraph(decoding: $0)) != nil } == [true, true, true, false, false, false])
    }

    @Test("an object as the index of a list in SETITEMS")
    func objectsAsIndexes() throws {
        let pickle = bytes("](NNec__main__\nIndex\n)RK\u{7}s.")
        let prelude = """
            class Index:
                def __index__(self): return 1
            """
        #expect(try isLoaded([pickle], prelude) == [true])
        let error = try #require(throws: PickleError.self) { try PickleGraph(decoding: pickle) }
        #expect(error.code == .unsupported)
    }

    @Test("items of a bytearray of protocol 5 (BYTEARRAY8)")
    func itemsOfBytearrays() throws {
        let start = "\u{96}\u{1}\0\0\0\0\0\0\0a"
        let pickles = [start + "K\u{1}a.", start + "(K\u{1}K\u{2}e.", start + "K\0K\u{1}s.", start + "(K\0K\u{1}u."]
            .map(bytes)
        #expect(try isLoaded(pickles) == [true, true, true, true])
        for pickle in pickles {
            let error = try #require(throws: PickleError.self) { try PickleGraph(decoding: pickle) }
            #expect(error.code == .unsupported)
        }
    }

    @Test("more than the limits of PickleReadingOptions")
    func limits() throws {
        // Each from both sides: PickleReadingOptionsTests.
        let name = String(repeating: "a", count: 1001)
        let pickles = ["c\(name)\na\n.", "ca\n\(name)\n."].map(bytes)
        let prelude = """
            import types
            module = types.ModuleType("a" * 1001); module.a = 1; sys.modules[module.__name__] = module
            module = types.ModuleType("a"); setattr(module, "a" * 1001, 1); sys.modules["a"] = module
            """
        #expect(try isLoaded(pickles, prelude) == [true, true])
        for pickle in pickles {
            let error = try #require(throws: PickleError.self) { try PickleGraph(decoding: pickle) }
            #expect(error.code == .limitExceeded)
            let options = PickleReadingOptions(maximumNameByteCount: 1001)
            #expect(try PickleGraph(decoding: pickle, options: options).objectCount > 3)
        }
    }

    // MARK: - Written in another way

    @Test("protocol 4 always, whatever was read", arguments: 0...5)
    func protocol4(number: Int) throws {
        let expression = "[1, 2.5, 'é', None, (True, [4]), {'a': 10**20}, b'b', bytearray(b'c'), bytearray()]"
        let pickle = try PythonProcess.pickles(of: [expression], protocol: number)[0]
        let written = try PickleGraph(decoding: pickle).encoded()
        #expect(written.starts(with: [0x80, 4]))
        #expect(PickleListing(written).highestProtocol == 4)
        let again = try PythonProcess.map([pickle, written], "def each(data): return repr(pickle.loads(data))")
        #expect(again[0] == again[1])
        // From protocol 4 on a bytearray is the same call; before, bytes and bytearrays stay the calls that they were.
        if number == 5 { #expect(try PythonProcess.pickles(of: [expression])[0] == written) }
    }

    @Test("names of Python 2 in pickles of protocols 0 to 2 become those of Python 3")
    func namesOfPython2() throws {
        for (name, moved) in [
            ("__builtin__\nunicode", "builtins.str"), ("copy_reg\n_reconstructor", "copyreg._reconstructor"),
        ] {
            let written = try PickleGraph(decoding: bytes("c\(name)\n.")).encoded()
            let graph = try PickleGraph(decoding: written)
            #expect(graph.globalName(of: graph.root)?.description == moved)
            #expect(try isLoaded([written]) == [true])
            // Protocol 4 has no such translation, and none is made.
            let modern = bytes("\u{80}\u{4}c\(name)\n.")
            #expect(try !PickleGraph(decoding: modern).encoded().contains(bytes("builtins")))
            #expect(try isLoaded([modern]) == [false])
        }
    }

    @Test("an int or float that a pickle fetched from the memo is numbered and fetched again")
    func numbersInTheMemo() throws {
        let pickle = bytes("(G?\u{f8}\0\0\0\0\0\0q\0h\0\u{8a}\u{9}\0\0\0\0\0\0\0\0\u{1}q\u{1}h\u{1}t.")
        let written = try PickleGraph(decoding: pickle).encoded()
        let names = PickleListing(written).lines.map(\.name)
        #expect(names.count { $0 == "BINFLOAT" || $0 == "LONG1" } == 2)
        #expect(names.count { $0 == "BINGET" } == 2)
        let python = try PythonProcess.map(
            [pickle, written], "def each(data): return repr(pickle.loads(data)) + ' ' + pickletools.optimize.__name__")
        #expect(python[0] == python[1])
        let rewritten = try PythonProcess.map([pickle], "def each(data): return pickle.dumps(pickle.loads(data), 4)")
        #expect(PickleListing(rewritten[0]).lines.count { $0.name == "BINFLOAT" || $0.name == "LONG1" } == 4)
    }

    @Test("an out-of-band buffer is numbered")
    func buffers() throws {
        let pickle = try PythonProcess.result(
            of: "out(pickle.dumps(pickle.PickleBuffer(b'ab'), 5, buffer_callback=lambda buffer: None))")
        #expect(PickleListing(pickle).lines.map(\.name).contains("MEMOIZE") == false)
        // t = ([], buffer); t[0].append(t): written in full where it is met in itself.
        let tuple = bytes("]q\0\u{97}q\u{1}\u{86}q\u{2}0h\0h\u{2}a0h\u{2}.")
        let written = try PickleGraph(decoding: tuple).encoded()
        #expect(PickleListing(written).lines.count { $0.name == "NEXT_BUFFER" } == 1)
        let told = try PythonProcess.map(
            [tuple, written],
            """
            def each(data):
                loaded = pickle.loads(data, buffers=[bytearray(b"ab")])
                return repr((loaded, loaded[0][0] is loaded))
            """)
        #expect(told[0] == told[1] && String(decoding: told[0], as: UTF8.self).hasSuffix("True)"))
    }

    @Test(
        "a tuple or call that contains itself so often that its pickle would grow out of proportion is an error, limitExceeded"
    )
    func entangledTuples() throws {
        // In full: HostilePickleTests.tuplesThatContainThemselvesTooOftenAreRefusedInTime
        func pickle(_ count: Int) -> [UInt8] {
            let numbers = (0...count).map { index in (0..<4).map { UInt8(truncatingIfNeeded: index >> (8 * $0)) } }
            var bytes: [UInt8] = [0x28]
            for _ in 0..<count { bytes += [0x5d, 0x94] }
            bytes += [0x74, 0x94]
            for number in numbers.dropLast() { bytes += [0x6a] + number + [0x6a] + numbers[count] + [0x61, 0x30] }
            return bytes + [0x2e]
        }
        #expect(try PickleGraph(decoding: pickle(10)).encoded().count > 200)
        #expect(throws: PickleError(.limitExceeded, "")) { try PickleGraph(decoding: pickle(20_000)).encoded() }
    }

    @Test("sets in the order in which they were read or filled")
    func ordersOfSets() throws {
        let members: [PickleValue] = ["x", 3, "a", 1, "m", 2]
        let set = PickleValue.set(members)
        #expect(set.description == "{'x', 3, 'a', 1, 'm', 2}")
        #expect(try PickleValue(pickle: set.pickled()).description == set.description)
        #expect(try PickleValue(pickle: set.pickled()).pickled() == set.pickled())
        #expect(
            try PickleValue(pickle: PickleValue.frozenSet(members.reversed()).pickled()).array == members.reversed())
    }

    // MARK: - Values

    @Test("two objects of a class")
    func objects() throws {
        let expressions = ["Decimal('1.0')", "Decimal('1')", "Decimal('1')", "Fraction(1, 3)", "Fraction(1, 3)"]
        let values = try PythonProcess.pickles(of: expressions).map { try PickleValue(pickle: $0) }
        #expect(values[0] != values[1] && values[1] == values[2] && values[3] == values[4])
        #expect(values[1].hashValue == values[2].hashValue)
    }

    @Test("a key that is an object of a class")
    func objectsAsKeys() throws {
        let dict = try PickleValue(
            pickle: PythonProcess.pickles(of: ["{Decimal('1'): 'a', UUID(int=2) if 0 else uuid.UUID(int=2): 'b'}"])[0])
        let keys = try PythonProcess.pickles(of: ["Decimal('1')", "uuid.UUID(int=2)", "Decimal('1.0')"]).map {
            try PickleValue(pickle: $0)
        }
        #expect(dict[keys[0]]?.string == "a" && dict[keys[1]]?.string == "b" && dict[keys[2]] == nil)
        // {Player(): 1, Player(): 2}, where only Player could say whether these are two.
        let players = bytes("}(cnomodule\nPlayer\n)RK\u{1}cnomodule\nPlayer\n)RK\u{2}u.")
        #expect(try PickleValue(pickle: players).count == 1)
    }

    @Test("comparing values that contain themselves")
    func cycles() throws {
        // a = []; a.append(a), twice: in Python a RecursionError, see HostileValueTests.cyclesEnd for more
        let pickle = bytes("\u{80}\u{4}]\u{94}h\0a.")
        let told = try PythonProcess.map(
            [pickle],
            """
            sys.setrecursionlimit(1000)
            def each(data):
                try: return str(pickle.loads(data) == pickle.loads(data))
                except RecursionError: return "RecursionError"
            """)
        #expect(told == [Array("RecursionError".utf8)])
        #expect(try PickleValue(pickle: pickle) == PickleValue(pickle: pickle))
        #expect(try PickleValue(pickle: pickle) == PickleValue(pickle: bytes("\u{80}\u{4}]\u{94}]\u{94}h\0aa.")))
    }

    @Test("repr of objects")
    func reprs() throws {
        // Standard types: ReprTests.
        let value = try PickleValue(pickle: bytes("cnomodule\nPlayer\n(K\u{1}tR}(Va\nK\u{2}ub."))
        #expect(value.description == "nomodule.Player(1, a=2)")
    }

    @Test("repr of what unfolds to gigabytes")
    func longReprs() throws {
        let value = try PickleValue(pickle: HostileValueTests.doubled[0])
        let text = value.description
        #expect(text.hasSuffix("…"))
        #expect(text.utf8.count - "…".utf8.count == 1_000_000 + 32 * value.graph.memoryByteCount)
    }

    @Test("JSON of two surrogates side by side")
    func surrogatePairs() throws {
        let pickle = bytes("\u{8c}\u{6}\u{ed}\u{a0}\u{bd}\u{ed}\u{b8}\u{80}.")
        let value = try PickleValue(pickle: pickle)
        let python = try PythonProcess.map([pickle], "def each(data): return json.dumps(pickle.loads(data))")
        #expect(try value.json() == python[0])
        #expect(try PickleValue(json: value.json()) == "😀")
        #expect(try PickleValue(taggedJSON: value.taggedJSON()) == value)
        #expect(value != "😀" && value.count == 2)
    }
}
