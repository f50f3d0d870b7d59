import PickleCodec

// Several values from one Python object, in canonical layout. `d.update(changes)` writes what the values of `changes`
// share once, and refers to it: an object that is there twice, and the keys that dicts of one JSON text have in common.
//
//     d.update({'p1': {'score': 1}, 'p2': {'score': 2}})      7d 94 28 … 8c 05 score 94 4b 01 73 … 68 03 4b 02 73 75 2e
//
// So these changes are made to the graphs, not to the instructions.

/// Where an item of a new content comes from.
enum GraphPart {
    /// The content, by its place among all nodes of the outermost container in program order.
    case kept(Int)
    /// The nodes that the other graph's outermost container is made of.
    case added(Int)
}

extension Journal {
    /// Makes a content of items of this one and of another graph; for a dict key and value by turns.
    ///
    /// - Complexity: linear in both.
    func replaceItems(with parts: [GraphPart], of other: PickleGraph, _ access: inout SegmentAccess) throws {
        let current = try whole(access)
        var builder = PickleGraph.Builder()
        let root = builder.splice(current, current.root)
        let added = other.children(of: other.root).map { builder.splice(other, $0) }
        let graph = builder.finish(root: root)
        let kept = graph.children(of: root)
        let items = parts.map { part in
            switch part {
            case .kept(let place): kept[place]
            case .added(let place): added[place]
            }
        }
        try replace(with: graph.replacingRootItems(with: items), &access)
    }
}

extension Journal where Index == DictIndex {
    /// Sets all pairs of a dict, `forms` being its keys'.
    func merge(_ dict: PickleGraph, forms: [KeyForm], _ access: inout SegmentAccess) throws {
        try settle(access)
        var parts: [GraphPart] = index.entries.flatMap { entry in
            [.kept(2 * Int(entry.keyOrdinal)), .kept(2 * Int(entry.valueOrdinal) + 1)]
        }
        var places: [KeyForm: Int] = [:]
        for (number, form) in forms.enumerated() {
            let known = unsafe form.bytes.withUnsafeBytes {
                unsafe index.find($0, isString: form.isString, in: source(access))
            }
            if let place = places[form] ?? known {
                parts[2 * place + 1] = .added(2 * number + 1)
            } else {
                places[form] = parts.count / 2
                parts += [.added(2 * number), .added(2 * number + 1)]
            }
        }
        try replaceItems(with: parts, of: dict, &access)
    }
}

extension Journal where Index == ListIndex {
    /// Puts the items of a list or tuple behind the first so many.
    func replaceItems(from start: Int, with list: PickleGraph, _ access: inout SegmentAccess) throws {
        let added = list.children(of: list.root).indices.map { GraphPart.added($0) }
        try replaceItems(with: (0..<start).map { .kept($0) } + added, of: list, &access)
    }
}
