extension DecodingSession {
    /// The text of a `str` of less than 256 bytes, as most are; nil for anything else.
    @inline(__always)
    func shortText(_ node: Node) -> String? {
        guard let text = unsafe graph.storage.shortText(of: node) else { return nil }
        return withExtendedLifetime(self) { unsafe String(decoding: text, as: UTF8.self) }
    }
}
