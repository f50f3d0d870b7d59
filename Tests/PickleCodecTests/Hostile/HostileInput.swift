import PickleCodec
import Testing

/// A way in which a pickle of any size may want to cost more than its size.
struct HostileInput: Sendable, CustomTestStringConvertible {
    var name: String
    /// The instructions of a pickle that grows in proportion to the number.
    private var instructions: @Sendable (Int) -> Instructions

    init(_ name: String, _ instructions: @escaping @Sendable (Int) -> Instructions) {
        self.name = name
        self.instructions = instructions
    }

    func pickle(_ count: Int) -> [UInt8] { instructions(count).bytes }

    var testDescription: String { name }

    static let all = chains + doublings + repeats + fetches + churns
}

// MARK: - Each in the next

extension HostileInput {
    /// `open` as often as the number says, then `core`, then `close` as often, all behind `start`.
    private static func chain(
        _ name: String, start: Instructions = "", open: Instructions = "", core: Instructions, close: Instructions
    ) -> HostileInput {
        HostileInput(name) { start + times(open, $0) + core + times(close, $0) + "." }
    }

    /// As `chain`, with the class or function `name` in the memo's first place.
    private static func chain(
        of name: String, open: Instructions, core: Instructions, close: Instructions
    ) -> HostileInput {
        let words = name.split(separator: ".")
        return chain(
            "\(name) in \(name)", start: Instructions("c\(words[0])\n\(words[1])\nq\0" + "0"), open: open, core: core,
            close: close)
    }

    static let chains = [
        chain("lists", open: "]", core: "]", close: "a"),
        chain("tuples", core: ")", close: "\u{85}"),
        chain("values of dicts", open: "}N", core: "N", close: "s"),
        chain("frozensets", open: "(", core: "N", close: "\u{91}"),
        chain("frozensets beside something else", open: "(N", core: "N", close: "\u{91}"),
        chain("persistent ids", core: "N", close: "Q"),
        HostileInput("tuples as a key") { "}" + ")" + times("\u{85}", $0) + "Ns." },
        HostileInput("keys, each in the next") { count in
            "}()" + "\u{94}" + "N"
                + each(0..<count) { get($0) + "\u{85}" + "\u{94}" + "N" } + "u."
        },
        HostileInput("members, each in the next") { count in
            "\u{8f}()" + "\u{94}"
                + each(0..<count) { "(" + get($0) + "\u{91}" + "\u{94}" } + "\u{90}."
        },
        chain(of: "game.Call", open: "h\0", core: "N", close: "\u{85}R"),
        chain(of: "game.New", open: "h\0", core: "N", close: "\u{85}\u{81}"),
        chain(of: "game.Keywords", open: "h\0)}\u{8c}\u{1}a", core: "N", close: "s\u{92}"),
        chain(of: "game.Old", open: "(h\0", core: "N", close: "o"),
        chain(of: "game.State", open: "h\0)R", core: "N", close: "b"),
        chain(of: "game.Items", open: "h\0)R", core: "N", close: "a"),
        chain(of: "game.Pairs", open: "h\0)RN", core: "N", close: "s"),
        chain(of: "collections.deque", open: "h\0)R", core: "h\0)R", close: "a"),
        chain(of: "collections.OrderedDict", open: "h\0)R\u{8c}\u{1}a", core: "h\0)R", close: "s"),
        chain(of: "collections.defaultdict", open: "h\0", core: "N", close: "\u{85}R"),
        chain(of: "collections.Counter", open: "h\0}\u{8c}\u{1}a", core: "N", close: "s\u{85}R"),
        chain(of: "datetime.timezone", open: "h\0", core: "N", close: "\u{85}R"),
        chain(of: "decimal.Decimal", open: "h\0", core: "N", close: "\u{85}R"),
        chain(of: "fractions.Fraction", open: "h\0", core: "N", close: "K\u{1}\u{86}R"),
        chain(of: "builtins.frozenset", open: "h\0]", core: "N", close: "a\u{85}R"),
        chain(of: "builtins.bytearray", open: "h\0", core: "C\0", close: "\u{85}R"),
        chain(of: "builtins.complex", open: "h\0", core: "N", close: "K\u{1}\u{86}R"),
        chain(of: "copyreg._reconstructor", open: "h\0h\0h\0", core: "N", close: "\u{87}R"),
        HostileInput("lists that contain the first one") { count in
            "]" + "\u{94}" + times("]", count) + get(0)
                + times("a", count) + "a."
        },
    ]
}

// MARK: - Twice in the next

extension HostileInput {
    /// `first`, then as often as the number says: `open`, what stands there twice, `close`.
    private static func doubling(
        _ name: String, start: Instructions = "", first: Instructions, open: Instructions, between: Instructions = "",
        close: Instructions
    ) -> HostileInput {
        HostileInput("\(name), doubled") { count in
            start + first + put(1) + "0"
                + each(1...max(count / 8, 1)) {
                    open + get($0) + between + get($0) + close + put($0 + 1) + "0"
                } + get(max(count / 8, 1) + 1) + "."
        }
    }

    static let doublings = [
        doubling("lists", first: "]", open: "](", close: "e"),
        doubling("tuples", first: ")", open: "", close: "\u{86}"),
        doubling("frozensets", first: "(\u{91}", open: "(N", close: "\u{86}\u{91}"),
        doubling("dicts", first: "}", open: "}(K\u{1}", between: "K\u{2}", close: "u"),
        doubling("calls", start: "cgame\nCall\nq\0" + "0", first: "h\0)R", open: "h\0", close: "\u{86}R"),
        doubling("states", start: "cgame\nCall\nq\0" + "0", first: "h\0)R", open: "h\0)R", close: "\u{86}b"),
        HostileInput("tuples, doubled by DUP") { ")" + times("2\u{86}", $0) + "." },
    ]
}

// MARK: - Again and again

extension HostileInput {
    static let repeats = [
        HostileInput("MARKs") { times("(", $0) + "N." },
        HostileInput("MARK and POP_MARK") { times("(1", $0) + "N." },
        HostileInput("leftovers") { times("]", $0) + "." },
        HostileInput("bytes behind STOP") { "N." + times("N", $0) },
        HostileInput("PROTO in the middle") { times("\u{80}\u{2}", $0) + "N." },
        HostileInput("frames") { times("\u{95}\u{2}\0\0\0\0\0\0\0N0", $0) + "N." },
        HostileInput("extension codes") { "(" + times("\u{82}\u{5}\u{84}\u{5}\0\u{1}\0", $0) + "t." },
        HostileInput("persistent ids of text") { "(" + times("Pplayer\n", $0) + "t." },
        HostileInput("buffers") { "(" + times("\u{97}\u{98}", $0) + "t." },
        HostileInput("INST") { "(" + times("(igame\nPlayer\n", $0) + "t." },
        HostileInput("names") { "(" + times("cgame.players\nPlayer.Name\n", $0) + "t." },
        HostileInput("equal keys") { "}(" + times(")N", $0) + "u." },
        HostileInput("equal members") { "\u{8f}(" + times(")", $0) + "\u{90}." },
        HostileInput("NaN as a key") {
            "}(" + times("G\u{7f}\u{f8}\0\0\0\0\0\0N", $0) + "u."
        },
        HostileInput("one key set again and again") { "}" + times("NNs", $0) + "." },
        HostileInput("states of one object") { "cgame\nPlayer\n)R" + times("}b", $0) + "." },
        HostileInput("no items for one object") { "cgame\nPlayer\n)R" + times("(e", $0) + "." },
        HostileInput("ints with many digits") { "(" + times("L" + times("7", 400) + "L\n", $0 / 10) + "t." },
        HostileInput("an int with many bytes") { integer(byteCount: $0 * 16) + "." },
        HostileInput("a long str") { "X" + length($0) + times("a", $0) + "." },
        HostileInput("a long line") { "V" + times("\\u2603", $0) + "\n." },
        HostileInput("a long literal") { "S'" + times("\\x00", $0) + "'\n." },
        HostileInput("surrogates side by side") {
            "X" + length($0 * 6) + times("\u{ed}\u{a0}\u{80}\u{ed}\u{b0}\u{80}", $0) + "."
        },
    ]
}

// MARK: - One large thing, fetched again and again

extension HostileInput {
    /// What is large, and how often it is fetched, both grow with the number; so does the pickle.
    private static func fetches(_ name: String, _ large: @escaping @Sendable (Int) -> Instructions) -> [HostileInput] {
        let uses: [(String, before: Instructions, after: Instructions)] = [
            ("in a list", "", ""), ("as a state", "cgame\nPlayer\n)R", "b"),
            ("as an argument", "cbuiltins\nbytearray\n", "\u{85}R"), ("as what is called", "", ")R"),
            ("as module and name", "", "2\u{93}"), ("in what contains itself", "]q\u{2}h\u{2}ah\u{2}", "\u{86}"),
        ]
        return uses.map { use in
            HostileInput("\(name), \(use.0)") { count in
                large(count) + Instructions("r\u{1}\0\0\0" + "0](")
                    + times(use.before + "h\u{1}" + use.after, count) + "e."
            }
        } + [
            HostileInput("\(name), in keys") { count in
                large(count) + Instructions("r\u{1}\0\0\0" + "0}(")
                    + each(0..<count) { "h\u{1}M" + length($0, bytes: 2) + "\u{86}N" }
                    + "u."
            }
        ]
    }

    static let fetches =
        fetches("a str") { "X" + length($0 * 16) + times("a", $0 * 16) }
        + fetches("a str of Latin-1") { "X" + length($0 * 16) + times("\u{c3}\u{a9}", $0 * 8) }
        + fetches("bytes") { "B" + length($0 * 16) + times("a", $0 * 16) }
        + fetches("a str of Python 2") { "T" + length($0 * 16) + times("\u{e9}", $0 * 16) }
        + fetches("an int") { integer(byteCount: $0 * 16) }
        + fetches("a bytearray") {
            "cbuiltins\nbytearray\nB" + length($0 * 16) + times("a", $0 * 16) + "\u{85}R"
        }
        + fetches("a list") { "](" + times("N", $0) + "e" }
        + fetches("a tuple") { "(" + times("N", $0) + "t" }
        + fetches("a dict with equal keys") { "}(" + times("NN", $0) + "u" }
        + fetches("a frozenset with equal members") { "(" + times("N", $0) + "\u{91}" }
        + fetches("an object with many states") { "cgame\nPlayer\n)R" + times("}b", $0) }
        + fetches("an object with no items") { "cgame\nPlayer\n)R" + times("(e", $0) }
        + fetches("a path of empty parts") {
            "cpathlib\nPurePosixPath\n(" + times("X\0\0\0\0", $0) + "tR"
        }
        + fetches("a name") { "c" + times("a", min($0 * 16, 1_000)) + "\nb\n" }
        + fetches("an object of a long name") { "c" + times("a", min($0 * 16, 1_000)) + "\nb\n)R" }
}

// MARK: - Growth and self-reference

extension HostileInput {
    static let churns = [
        HostileInput("two lists that grow in turn") { count in
            "](" + "]q\u{1}]q\u{2}e0" + times("h\u{1}Na0h\u{2}Na0", count) + "h\u{1}h\u{2}\u{86}."
        },
        HostileInput("two objects that grow in turn") { count in
            "cgame\nPlayer\n)Rq\u{1}cgame\nPlayer\n)Rq\u{2}00" + times("h\u{1}Na0h\u{2}Na0", count)
                + "h\u{1}h\u{2}\u{86}."
        },
        HostileInput("a list that contains itself again and again") {
            "]q\u{1}(" + times("h\u{1}", $0) + "e."
        },
        HostileInput("a dict that contains itself again and again") {
            "}q\u{1}(" + times("Nh\u{1}", $0) + "u."
        },
        HostileInput("an object that contains itself again and again") {
            "ccollections\ndeque\n)Rq\u{1}(" + times("h\u{1}", $0) + "e."
        },
        HostileInput("an object whose states are itself") {
            "cgame\nPlayer\n)Rq\u{1}" + times("h\u{1}b", $0) + "."
        },
        HostileInput("keys that contain what contains itself") { count in
            "cgame\nPlayer\n)Rq\u{1}h\u{1}b0}("
                + each(0..<count) { "h\u{1}M" + length($0, bytes: 2) + "\u{86}N" } + "u."
        },
        HostileInput("lists that contain each other") { count in
            "(" + each(0..<count) { "]" + put($0) } + "l0"
                + each(0..<count) {
                    get($0) + "(" + get(($0 + 1) % count) + get($0 / 2) + "e0"
                } + get(0) + "."
        },
        HostileInput("a memo number of its own each") { count in
            "N" + each(0..<count) { put($0 * 4099) + "0" + get($0 * 4099) } + "."
        },
    ]
}

// MARK: - Instructions

/// Bytes of a pickle, each a character of Latin-1.
struct Instructions: ExpressibleByStringLiteral, Sendable {
    var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }
    init(_ text: String) { bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }
    init(stringLiteral text: String) { self.init(text) }

    static func + (left: Instructions, right: Instructions) -> Instructions { Instructions(left.bytes + right.bytes) }
}

private func times(_ instructions: Instructions, _ count: Int) -> Instructions {
    var repeated: [UInt8] = []
    repeated.reserveCapacity(instructions.bytes.count * count)
    for _ in 0..<count { repeated += instructions.bytes }
    return Instructions(repeated)
}

private func each(_ numbers: some Sequence<Int>, _ make: (Int) -> Instructions) -> Instructions {
    Instructions(numbers.flatMap { make($0).bytes })
}

private func length(_ count: Int, bytes: Int = 4) -> Instructions {
    Instructions((0..<bytes).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) })
}

private func put(_ number: Int) -> Instructions { "r" + length(number) }
private func get(_ number: Int) -> Instructions { "j" + length(number) }

private func integer(byteCount: Int) -> Instructions { "\u{8b}" + length(byteCount) + times("U", byteCount) }
