// What can still be read of content that is damaged or cut off.
//
// A pickle is read from its beginning up to where it can't be followed any more, and closed there:
//
//     80 04 95 … 7d 94 28 8c 01 61 94 4b 01 8c 01 62 94 4b 02 8c 30 …      a text of 48 bytes, of which there are 7
//     80 04      7d 94 28 8c 01 61 94 4b 01 8c 01 62 94 4b 02 75 2e        {'a': 1, 'b': 2}
//
// Entries of batches that were closed in the content itself are beyond doubt. Those of the batch that was not may not be
// what they look like: an object is written as the parts that it is built from, one after the other, and where the
// instruction is lost that builds it, its parts look like keys and values.

import PickleCodec

/// A dict or list made of what could be read.
struct SalvagedContent {
    var graph: PickleGraph
    /// How many of the keys and values, or items, from the first on are beyond doubt.
    var certainNodes: Int
    /// Why the rest could not be read; `nil` if there is no rest.
    var loss: String?
}

extension Journal {
    /// Reads what can be read, and writes nothing.
    ///
    /// - Throws: `corruptContent` if it is no beginning of a dict or list, `legacyContent`, `typeMismatch`.
    func salvage(_ access: borrowing SegmentAccess) throws(RememoryError) -> SalvagedContent {
        let bytes = access.content
        let used = bytes.array(0..<bytes.usedCount)
        if Content.isJSON(used) { throw .legacyContent(name) }
        let failure: PickleError
        do {
            let graph = try PickleGraph(decoding: used.isEmpty ? Content.empty(Index.kind) : used)
            try Content.check(graph, is: Index.kind, name)
            return SalvagedContent(graph: graph, certainNodes: graph.children(of: graph.root).count)
        } catch let error as PickleError {
            failure = error
        } catch {
            throw error as? RememoryError ?? .corruptContent(name, "a pickle", "\(error)")
        }
        var scanner = ContentScanner()
        scanner.ignoresFrames = true
        var index = Index()
        _ = try? scanner.scan(bytes, from: 0, to: used.count, into: &index)
        guard let closing = scanner.closing, scanner.kind == Index.kind else {
            throw .corruptContent(name, "the beginning of a pickled \(Index.kind)", "\(failure)")
        }
        do {
            var pickle = try Fragment.withoutFrames(Array(used[..<closing.end]))
            if closing.openItems > 0 { pickle.append(Index.kind == .dict ? Opcode.setItems : Opcode.appends) }
            pickle.append(Opcode.stop)
            let graph = try PickleGraph(decoding: pickle)
            let nodes = graph.children(of: graph.root).count
            return SalvagedContent(
                graph: graph, certainNodes: max(nodes - closing.openItems, 0),
                loss: "\(used.count - closing.end) bytes from byte \(closing.end) on can't be read: \(failure)")
        } catch {
            throw .corruptContent(name, "the beginning of a pickled \(Index.kind)", "\(error)")
        }
    }

    /// Makes the value of a JSON text the content, if that is one.
    ///
    /// - Returns: Whether it was.
    /// - Throws: Nothing has changed then.
    func migrate(_ access: inout SegmentAccess) throws -> Bool {
        let bytes = access.content
        let used = bytes.array(0..<bytes.usedCount)
        guard Content.isJSON(used) else {
            try bringCurrent(access)
            return false
        }
        let graph: PickleGraph
        do {
            graph = try PickleValue(json: used).graph
        } catch {
            throw RememoryError.corruptContent(name, "JSON text", "\(error)")
        }
        try Content.check(graph, is: Index.kind, name)
        try bringCurrentToReplace(access)
        try replace(with: graph, &access)
        return true
    }
}
