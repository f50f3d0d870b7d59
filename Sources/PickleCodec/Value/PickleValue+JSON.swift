extension PickleValue {
    /// The value of a JSON text: Python's `json.loads`.
    ///
    /// As in Python: numbers without point and exponent are ints of any size (up to 4,300 digits), others are floats;
    /// `NaN`, `Infinity` and `-Infinity` are floats; of equal keys the last value counts; `"\ud800"` is a lone
    /// surrogate; equal keys are one object throughout the text, so that the pickle is the one that Python writes.
    ///
    /// Other than in Python, arrays may be nested to any depth, and the text is UTF-8 always, with or without a byte order
    /// mark.
    ///
    /// - Throws: ``PickleError``, with the offset in the text, and line and column in its message, where it is no JSON:
    ///   `malformed`, or `limitExceeded` for an integer of too many digits.
    /// - Complexity: linear in the size of the text.
    public init(json: [UInt8]) throws(PickleError) {
        self.init(try JSONReader.graph(of: json))
    }

    /// The value of a JSON text: Python's `json.loads`. See ``init(json:)-([UInt8])``.
    ///
    /// - Throws: ``PickleError`` where it is no JSON.
    /// - Complexity: linear in the size of the text.
    public init(json: String) throws(PickleError) {
        try self.init(json: Array(json.utf8))
    }

    /// The value as JSON, in the layout of Python's `json.dumps(value)`.
    ///
    /// As in Python, tuples become arrays, and keys that are numbers, booleans or `None` become strings; `OrderedDict`,
    /// `defaultdict` and `Counter` are dicts.
    ///
    /// - Parameter limit: The most bytes. Default: a million, and 64 for each byte of the value's graph.
    /// - Throws: ``PickleError``: `unsupported` where JSON has no such type or a value contains itself, `limitExceeded`
    ///   where it would be longer than `limit` or an integer has more than 4,300 digits. NaN and infinities are no errors:
    ///   as in Python they are written `NaN` and `Infinity`, which not every JSON parser reads.
    /// - Complexity: linear in the size of the value's graph and of the text.
    public func json(limit: Int? = nil) throws(PickleError) -> [UInt8] {
        try json(isTagged: false, limit: limit)
    }

    /// The value as JSON that says all of it: what JSON has not becomes an object with one key.
    ///
    /// | Python | JSON |
    /// |---|---|
    /// | `(1, 2)` | `{"$tuple": [1, 2]}` |
    /// | `{1, 2}`, `frozenset({1})` | `{"$set": [1, 2]}`, `{"$frozenset": [1]}` |
    /// | `b'ab'`, `bytearray(b'ab')` | `{"$bytes": "YWI="}`, `{"$bytearray": "YWI="}` |
    /// | `{1: 'a'}` | `{"$dict": [[1, "a"]]}`, as for any dict with keys that are not strings |
    /// | `{'$tuple': 0}` | `{"$dict": [["$tuple", 0]]}`, as for any dict whose one key begins with `$` |
    /// | two lone surrogates side by side | as anything else: JSON would make one character of them |
    /// | anything else | `{"$pickle": "gASV…"}`, its pickle in Base64 |
    ///
    /// ``init(taggedJSON:)`` gives an equal value. That two places hold the same object is lost.
    ///
    /// - Parameter limit: The most bytes. Default: a million, and 64 for each byte of the value's graph.
    /// - Throws: ``PickleError``: `unsupported` where a value contains itself, `limitExceeded` where the text
    ///   would be longer than `limit`.
    /// - Complexity: linear in the size of the value's graph and of the text.
    public func taggedJSON(limit: Int? = nil) throws(PickleError) -> [UInt8] {
        try json(isTagged: true, limit: limit)
    }

    /// The value that ``taggedJSON(limit:)`` wrote.
    ///
    /// - Throws: ``PickleError`` where it is no JSON, or an object's one key begins with `$` and is no tag, or a tagged pickle
    ///   is none that ``PickleReadingOptions`` allow by default.
    /// - Complexity: linear in the size of the text.
    public init(taggedJSON: [UInt8]) throws(PickleError) {
        self.init(try JSONTags.graph(resolving: try JSONReader.graph(of: taggedJSON)))
    }

    private func json(isTagged: Bool, limit: Int?) throws(PickleError) -> [UInt8] {
        let (graph, node) = located
        let limit = limit ?? 1_000_000 + 64 * graph.graph.memoryByteCount
        var style = JSONStyle(graph: graph, isTagged: isTagged)
        var text = PythonText()
        guard try ValuePrinter.print(node, style: &style, to: &text, limit: limit) else {
            throw PickleError(.limitExceeded, "expected at most \(limit) bytes of JSON, found more; raise `limit`")
        }
        return text.bytes
    }
}
