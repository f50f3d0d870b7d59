extension DecodingSession {
    /// The text of a `str` of less than 256 bytes, as most are; nil for anything else.
    @inline(__always)
    func shortText(_ node: Node) throws -> String? {
        guard node.smallInteger == nil else { return nil }
        let record = graph.record(of: node)
        guard record.kind == .string, !record.has(GraphRecord.special) else { return nil }
        let source = record.has(GraphRecord.inExtra) ? graph.storage.extra : graph.storage.input
        let position = record.payload
        guard source[position] == PickleOpcode.shortBinUnicode.rawValue else { return nil }
        let count = Int(source[position + 1])
        return unsafe source.withUnsafeBufferPointer { source in
            unsafe String(
                decoding: UnsafeBufferPointer(rebasing: unsafe source[position + 2..<position + 2 + count]),
                as: UTF8.self)
        }
    }
}
