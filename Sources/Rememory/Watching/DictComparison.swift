import PickleCodec

extension DictIndex: WatchedIndex {
    static func count(of content: WatchedContent<DictIndex>) throws -> Int {
        try content.read { journal, access in
            try journal.settle(access)
            return journal.index.count
        }
    }

    /// Removals, then what is new or changed in the order of the later state.
    ///
    /// - Complexity: linear in both.
    static func changes(
        from before: WatchedContent<DictIndex>, to after: WatchedContent<DictIndex>
    ) throws -> [EntryChange] {
        try before.read { old, oldAccess in
            try old.settle(oldAccess)
            return try after.read { new, newAccess in
                try new.settle(newAccess)
                return try DictComparison(old, oldAccess, new, newAccess).changes()
            }
        }
    }
}

private struct DictComparison {
    let old: Journal<DictIndex>
    let new: Journal<DictIndex>
    let oldBytes: SegmentBytes
    let newBytes: SegmentBytes
    let contents: ContentComparison<DictIndex>

    init(
        _ old: Journal<DictIndex>, _ oldAccess: SegmentAccess, _ new: Journal<DictIndex>, _ newAccess: SegmentAccess
    ) {
        self.old = old
        self.new = new
        oldBytes = old.source(oldAccess)
        newBytes = new.source(newAccess)
        contents = ContentComparison(old, oldAccess, new, newAccess)
    }

    func changes() throws -> [EntryChange] {
        var changes: [EntryChange] = []
        var isKept = [Bool](repeating: false, count: old.index.count)
        var next = 0  // pairs mostly stand side by side as before
        for number in new.index.entries.indices {
            guard let place = place(of: number, expected: next) else {
                changes.append(EntryChange(before: nil, after: number))
                continue
            }
            next = place + 1
            isKept[place] = true
            let (before, after) = (old.index.entries[place], new.index.entries[number])
            let isSame = try contents.haveSameValue(
                before.pair.value, node: 2 * Int(before.valueOrdinal) + 1, after.pair.value,
                node: 2 * Int(after.valueOrdinal) + 1)
            if !isSame { changes.append(EntryChange(before: place, after: number)) }
        }
        let removed = isKept.indices.filter { !isKept[$0] }.map { EntryChange(before: $0, after: nil) }
        return removed + changes
    }

    /// Where the old state has the key of a new entry.
    private func place(of number: Int, expected: Int) -> Int? {
        let entry = new.index.entries[number]
        if expected < old.index.count, contents.haveSameBytes(old.index.entries[expected].pair.key, entry.pair.key) {
            return expected
        }
        return unsafe new.index.withForm(of: entry, in: newBytes) { form, isString in
            unsafe old.index.find(form, isString: isString, in: oldBytes)
        }
    }
}
