import PickleCodec

/// The way from a block to a value inside of it.
///
///     player1.score            the key 'player1', in its value the key 'score'
///     log.0   log.-1           the first and the last item of the list under 'log'
///     ["a.b"].x   [42]         in brackets: JSON. The keys 'a.b' and 42; of a list, the index 42
///     a\.b                     a dot that is no separator; likewise \[ and \\
struct ValuePath {
    /// One step.
    enum Part {
        /// A string key, an index in decimal, or an attribute.
        case name(String)
        /// A key of any type, or an index.
        case key(PickleValue)
    }

    /// Each step costs a level of recursion where values are changed.
    private static let longest = 500

    var parts: [Part]
    let text: String

    /// The block itself.
    static let whole = ValuePath(parts: [], text: "")

    private init(parts: [Part], text: String) {
        self.parts = parts
        self.text = text
    }

    init(_ argument: String) throws(Failure) {
        let text = NegativeNumbers.unmarked(argument)
        self.text = text
        parts = []
        var rest = Array(text.unicodeScalars)[...]
        var needsPart = !rest.isEmpty
        while let next = rest.first {
            if next == "[" {
                parts.append(.key(try ValuePath.bracket(&rest, text)))
            } else {
                parts.append(.name(try ValuePath.name(&rest, text)))
            }
            needsPart = false
            if rest.first == "." {
                rest.removeFirst()
                needsPart = true
            }
        }
        if needsPart { throw ValuePath.malformed(text, "it ends in a dot, behind which a part is missing") }
        if parts.count > ValuePath.longest {
            throw ValuePath.malformed(text, "it has \(parts.count) parts, and \(ValuePath.longest) are the most")
        }
    }

    private static func malformed(_ text: String, _ reason: String) -> Failure {
        .usage("the path '\(text)' can't be read: \(reason)", remedy: #"Write it as player1.score, log.0 or ["a.b"].x"#)
    }

    private static func name(_ rest: inout ArraySlice<Unicode.Scalar>, _ text: String) throws(Failure) -> String {
        var name = String.UnicodeScalarView()
        while let next = rest.first, next != ".", next != "[" {
            rest.removeFirst()
            guard next == "\\" else {
                name.append(next)
                continue
            }
            guard let escaped = rest.popFirst() else { throw malformed(text, #"it ends in \"#) }
            name.append(escaped)
        }
        if name.isEmpty { throw malformed(text, "a part of it is empty; the key '' is written as [\"\"]") }
        return String(name)
    }

    /// The JSON between brackets: it ends at the first bracket where it is whole.
    private static func bracket(_ rest: inout ArraySlice<Unicode.Scalar>, _ text: String) throws(Failure) -> PickleValue
    {
        let start = rest.index(after: rest.startIndex)
        var failure: PickleError?
        for end in rest.indices where rest[end] == "]" {
            let json = String(String.UnicodeScalarView(rest[start..<end]))
            do throws(PickleError) {
                let key = try PickleValue(taggedJSON: Array(json.utf8))
                rest = rest[rest.index(after: end)...]
                return key
            } catch {
                failure = error
            }
        }
        throw malformed(text, failure.map { "between [ and ] stands no JSON: \($0)" } ?? "a [ has no ]")
    }
}

extension ValuePath.Part: CustomStringConvertible {
    var description: String {
        switch self {
        case .name(let name): "'\(name)'"
        case .key(let key): key.repr(limit: 100)
        }
    }

    /// The key of a dict that it means.
    var key: PickleValue {
        switch self {
        case .name(let name): PickleValue(name)
        case .key(let key): key
        }
    }

    /// The index of a list that it means.
    func index() throws(Failure) -> Int {
        let index: Int? =
            switch self {
            case .name(let name): Int(name)
            case .key(let key): key.int
            }
        guard let index else {
            throw Failure(
                .missing, "\(self) is no index of a list", remedy: "Indexes are 0, 1 … and -1, -2 … from the end")
        }
        return index
    }
}
