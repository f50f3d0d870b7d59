import PickleCodec

/// Whole contents of a dict or list, in private memory.
enum Content {
    /// A program behind a head: PROTO, a comment of nine bytes, and the program.
    static func headed(_ program: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [0x80, 0x04, Opcode.binBytes, 9, 0, 0, 0]
        bytes.append(contentsOf: repeatElement(0, count: 9))
        bytes.append(Opcode.pop)
        return bytes + program
    }

    static func decode(_ pickle: [UInt8], _ name: BlockName) throws(RememoryError) -> PickleGraph {
        do {
            return try PickleGraph(decoding: pickle)
        } catch {
            throw .corruptContent(name, "a pickle", "\(error)")
        }
    }

    static func encode(_ graph: PickleGraph, _ name: BlockName) throws(RememoryError) -> [UInt8] {
        do {
            return try graph.encoded()
        } catch {
            throw .corruptContent(name, "a pickle that can be written again", "\(error)")
        }
    }

    /// A container with nothing in it.
    static func empty(_ kind: ContainerKind) -> [UInt8] {
        [0x80, 0x04, kind == .dict ? Opcode.emptyDict : Opcode.emptyList, Opcode.stop]
    }

    /// Whether it begins as a JSON object or array, which no pickle does.
    static func isJSON(_ content: [UInt8]) -> Bool {
        let first = content.first { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }

    /// Makes sure that a graph's root is what a block is opened as.
    static func check(_ graph: PickleGraph, is kind: ContainerKind, _ name: BlockName) throws(RememoryError) {
        let wanted: PickleGraph.Kind = kind == .dict ? .dict : .list
        let found = graph.kind(of: graph.root)
        guard found == wanted else {
            throw .typeMismatch(name, expected: "a pickled \(wanted)", found: "a pickled \(found)")
        }
    }

    /// The same dict or list, encoded the plain way, for content that a scan can't follow.
    static func plainForm(
        of content: [UInt8], as kind: ContainerKind, _ name: BlockName
    ) throws(RememoryError) -> [UInt8] {
        if isJSON(content) { throw .legacyContent(name) }
        let graph = try decode(content, name)
        try check(graph, is: kind, name)
        return try encode(graph, name)
    }
}
