import PickleCodec
import Testing

/// What has no meaning in Swift is written back so that Python builds the same of it.
struct LosslessTests {
    /// Names of Python 2, as Python's own table translates them.
    @Test func namesOfPython2AreThoseOfPythonsTable() throws {
        let lines = try PythonProcess.run(
            """
            import _compat_pickle
            for (module, name), (new, moved) in _compat_pickle.NAME_MAPPING.items():
                out(f"{module} {name} {new} {moved}")
            for module, new in _compat_pickle.IMPORT_MAPPING.items():
                out(f"{module} anything {new} anything")
            """)
        let names = lines.map { String(decoding: $0, as: UTF8.self).split(separator: " ").map(String.init) }
        #expect(names.count > 100)
        for words in names {
            let moved = PythonName(module: words[0], name: words[1]).inPython3
            #expect(moved == PythonName(module: words[2], name: words[3]), "\(words)")
        }
    }

    /// Each says in Python what it is: an expression of `loads(data)`, which then also loads what was written.
    @Test(arguments: [
        // Persistent ids, in text and binary, shared.
        ["P12\nQ.", "loaded"], ["(P12\np0\ng0\nt.", "loaded[0] is loaded[1]"], ["(K\u{7}Qq\u{0}h\u{0}t.", "loaded"],
        // Extension codes of one, two and four bytes.
        ["\u{82}\u{5}.", "loaded"], ["\u{83}\u{5}\u{1}.", "loaded"], ["\u{84}\u{5}\u{0}\u{1}\u{0}.", "loaded"],
        // INST, OBJ, NEWOBJ, NEWOBJ_EX.
        ["(]icollections\ndeque\n.", "loaded"], ["(ccollections\ndeque\n(lo.", "loaded"],
        ["ccollections\nCounter\n)\u{81}.", "loaded"],
        ["c__main__\nKeywords\n)}X\u{1}\u{0}\u{0}\u{0}aK\u{7}s\u{92}.", "loaded.a"],
        // Items and state of objects, a setter of slots.
        ["ccollections\ndeque\n)R(K\u{1}K\u{2}e.", "loaded"],
        ["ccollections\nOrderedDict\n)R(K\u{1}K\u{2}u.", "loaded"],
        ["c__main__\nSlots\n)\u{81}N}X\u{1}\u{0}\u{0}\u{0}aK\u{7}s\u{86}b.", "loaded.a"],
        ["c__main__\nState\n)\u{81}K\u{3}b.", "loaded.state"],
        // str of Python 2, bytes of protocol 2, names of Python 2.
        ["U\u{2}\u{e9}a.", "loaded"], ["S'a\\xe9'\n.", "loaded"],
        ["c_codecs\nencode\n(X\u{1}\u{0}\u{0}\u{0}aX\u{6}\u{0}\u{0}\u{0}latin1tR.", "loaded"],
        ["c__builtin__\nunicode\n.", "loaded"],
        ["ccopy_reg\n_reconstructor\n(ccollections\nCounter\nc__builtin__\ndict\n(I1\nI2\ndtR.", "loaded"],
        // Recursion through a tuple, a frozenset and a call.
        ["(lp0\n(g0\ntp1\na0g1\n.", "loaded[0][0] is loaded"],
        [
            "(c__main__\nHashable\n)\u{81}q\u{0}\u{91}q\u{1}0h\u{0}h\u{1}b0h\u{1}.",
            "next(iter(loaded)).state is loaded",
        ],
        // Out-of-band buffers, read-only, shared.
        ["(\u{97}\u{97}\u{98}q\u{0}h\u{0}t.", "[bytes(loaded[0]), loaded[1].readonly, loaded[1] is loaded[2]]"],
        ["\u{96}\u{2}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}ab.", "loaded"],
    ])
    func pythonBuildsTheSame(pickle: [String]) throws {
        let bytes = pickle[0].unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        let written = try PickleGraph(decoding: bytes).encoded()
        let told = try PythonProcess.map(
            [bytes, written],
            """
            import copyreg, collections
            class Keywords:
                def __new__(cls, *, a):
                    self = super().__new__(cls)
                    self.a = a
                    return self
            class Slots: __slots__ = ("a",)
            class State:
                def __setstate__(self, state): self.state = state
            class Hashable(State): pass
            for code, name in ((5, "deque"), (261, "Counter"), (65541, "OrderedDict")):
                copyreg.add_extension("collections", name, code)
            class Unpickler(pickle.Unpickler):
                def persistent_load(self, pid): return ["pid", str(pid)]
            def each(data):
                buffers = [bytearray(b"one"), bytearray(b"two"), bytearray(b"three")]
                loaded = Unpickler(io.BytesIO(data), buffers=buffers, encoding="latin-1").load()
                return repr(eval(\(pickle[1].debugDescription)))
            """)
        #expect(told[0] == told[1], "\(pickle[0].debugDescription)")
    }
}
