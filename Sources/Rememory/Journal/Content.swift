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

    /// The same dict or list, encoded the plain way, for content that a scan can't follow.
    static func plainForm(
        of content: [UInt8], as kind: ContainerKind, _ name: BlockName
    ) throws(RememoryError) -> [UInt8] {
        if let first = content.first(where: { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        {
            throw .legacyContent(name)
        }
        let graph = try decode(content, name)
        let wanted: PickleGraph.Kind = kind == .dict ? .dict : .list
        let found = graph.kind(of: graph.root)
        guard found == wanted else {
            throw .typeMismatch(name, expected: "a pickled \(wanted)", found: "a pickled \(found)")
        }
        return try encode(graph, name)
    }
}
