/// Where the keys and values of a dict stand in its content, in Python's order.
///
/// A scan only collects pairs. Duplicates are found and the hash table is built with the second lookup, or with the
/// first question about all entries: a single lookup after Python wrote walks the pairs, which costs less.
struct DictIndex: ContentIndex {
    /// A key and a value as they stand in the program.
    struct Pair: Equatable {
        var key: Extent
        /// Where the instruction is that holds the key's text: elsewhere, where the key is a memo reference.
        var keyAt: UInt32
        var value: Extent
        /// Instructions that build both.
        var cost: UInt32
    }

    struct Entry {
        var pair: Pair
        /// Which of the pairs in program order gave the key, and which the value.
        var keyOrdinal: UInt32
        var valueOrdinal: UInt32
        /// The form of a key that is not a `str`, in `forms`. Empty for a `str`.
        var form: Range<UInt32>
    }

    static let kind = ContainerKind.dict

    private(set) var entries: [Entry] = []
    private var unsettled: [Pair] = []
    private var wasSearched = false
    /// Hash and number of an entry, counted from 1; 0 where there is none. The hash stands here and not in the entry:
    /// a probe that meets another entry does not have to fetch it.
    private var table: [UInt64] = []
    private var forms: [UInt8] = []
    private let hashing = KeyHash()
    private var ordinal: UInt32 = 0
    private(set) var weight = ContentWeight()

    var count: Int { entries.count }
    /// Whether every pair is in the table.
    var isSettled: Bool { unsettled.isEmpty }
    var nodeCount: Int { 2 * (Int(ordinal) + unsettled.count) }

    // MARK: Collecting

    mutating func begin() {
        entries.removeAll(keepingCapacity: true)
        unsettled.removeAll(keepingCapacity: true)
        table.removeAll(keepingCapacity: true)
        forms.removeAll(keepingCapacity: true)
        wasSearched = false
        ordinal = 0
        weight = ContentWeight()
    }

    @inline(__always)
    mutating func set(key: Extent, keyAt: UInt32, value: Extent, cost: UInt32, in bytes: SegmentBytes) {
        unsettled.append(Pair(key: key, keyAt: keyAt, value: value, cost: cost))
    }

    mutating func takeBack(pairs count: Int) { unsettled.removeLast(count) }

    mutating func append(_ item: Extent, cost: UInt32) {}

    /// Takes the collected pairs into the table: later values win, first keys keep their place.
    ///
    /// - Parameter spell: gives the form of a pair's key, which is the node of that number among all of the program.
    /// - Complexity: linear in the pairs collected since the last call.
    mutating func settle<Failure: Error>(
        in bytes: SegmentBytes, spell: (Pair, Int) throws(Failure) -> KeyForm
    ) throws(Failure) {
        guard !unsettled.isEmpty else { return }
        reserve(entries.count + unsettled.count)
        for pair in unsettled {
            if let text = bytes.stringPayload(at: Int(pair.keyAt)) {
                unsafe bytes.withBytes(text) { unsafe insert(pair, $0, isString: true, in: bytes) }
            } else {
                let form = try spell(pair, 2 * Int(ordinal))
                unsafe form.bytes.withUnsafeBytes { unsafe insert(pair, $0, isString: form.isString, in: bytes) }
            }
        }
        unsettled.removeAll(keepingCapacity: true)
    }

    /// Takes the one pair that was collected since the last call for an entry's new value: whoever wrote it had looked
    /// the key up.
    @inline(__always)
    mutating func settle(as entry: Int) {
        guard unsettled.count == 1 else { return }
        replaceValue(of: entry, by: unsettled[0])
        unsettled.removeAll(keepingCapacity: true)
        ordinal += 1
    }

    @inline(__always)
    private mutating func replaceValue(of entry: Int, by pair: Pair) {
        let old = entries[entry].pair
        weight.replace(
            bytes: old.value.count, cost: old.cost, by: pair.key.count + pair.value.count, cost: pair.cost)
        entries[entry].pair.value = pair.value
        entries[entry].valueOrdinal = ordinal
    }

    private mutating func insert(_ pair: Pair, _ form: UnsafeRawBufferPointer, isString: Bool, in bytes: SegmentBytes) {
        let hash = unsafe hashing.of(form, isString: isString)
        switch unsafe probe(form, isString: isString, hash: hash, in: bytes) {
        case .found(let index): replaceValue(of: index, by: pair)
        case .free(let slot):
            var range: Range<UInt32> = 0..<0
            if !isString {
                range = UInt32(forms.count)..<UInt32(forms.count + form.count)
                unsafe forms.append(contentsOf: form)
            }
            entries.append(Entry(pair: pair, keyOrdinal: ordinal, valueOrdinal: ordinal, form: range))
            table[slot] = UInt64(hash) << 32 | UInt64(entries.count)
            weight.add(bytes: pair.key.count + pair.value.count, cost: pair.cost)
        }
        ordinal += 1
    }

    private mutating func reserve(_ count: Int) {
        guard table.count < count * 2 else { return }
        var capacity = max(16, table.count)
        while capacity < count * 2 { capacity *= 2 }
        let old = table
        table = [UInt64](repeating: 0, count: capacity)
        for slot in old where slot != 0 { fill(slot) }
    }

    /// Puts an entry's slot where a probe will find it.
    private mutating func fill(_ slot: UInt64) {
        let mask = table.count - 1
        var place = Int(slot >> 32) & mask
        while table[place] != 0 { place = (place + 1) & mask }
        table[place] = slot
    }

    // MARK: Looking up

    private enum Probe {
        case found(Int)
        case free(Int)
    }

    @inline(__always)
    private borrowing func probe(_ form: UnsafeRawBufferPointer, isString: Bool, hash: UInt32, in bytes: SegmentBytes)
        -> Probe
    {
        let mask = table.count - 1
        var slot = Int(hash) & mask
        while true {
            let stored = table[slot]
            if stored == 0 { return .free(slot) }
            if stored >> 32 == UInt64(hash) {
                let index = Int(stored & 0xffff_ffff) - 1
                if unsafe isKey(form, isString: isString, of: entries[index], in: bytes) { return .found(index) }
            }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    private borrowing func isKey(
        _ form: UnsafeRawBufferPointer, isString: Bool, of entry: Entry, in bytes: SegmentBytes
    ) -> Bool {
        if isString {
            guard entry.form.isEmpty, let text = bytes.stringPayload(at: Int(entry.pair.keyAt)) else { return false }
            return unsafe bytes.equal(text, form)
        }
        guard entry.form.count == form.count else { return false }
        return unsafe forms.withUnsafeBytes {
            unsafe UnsafeRawBufferPointer(rebasing: $0[Int(entry.form.lowerBound)..<Int(entry.form.upperBound)])
                .elementsEqual(form)
        }
    }

    /// Lends the form of an entry's key, which another index can be asked for.
    func withForm<Result>(
        of entry: Entry, in bytes: SegmentBytes, _ body: (UnsafeRawBufferPointer, _ isString: Bool) -> Result
    ) -> Result {
        if entry.form.isEmpty, let text = bytes.stringPayload(at: Int(entry.pair.keyAt)) {
            return unsafe bytes.withBytes(text) { unsafe body($0, true) }
        }
        return unsafe forms.withUnsafeBytes {
            let range = Int(entry.form.lowerBound)..<Int(entry.form.upperBound)
            return unsafe body(UnsafeRawBufferPointer(rebasing: $0[range]), false)
        }
    }

    /// The entry of a key, once all pairs are settled.
    @inline(__always)
    borrowing func find(_ form: UnsafeRawBufferPointer, isString: Bool, in bytes: SegmentBytes) -> Int? {
        guard !table.isEmpty else { return nil }
        let hash = unsafe hashing.of(form, isString: isString)
        if case .found(let index) = unsafe probe(form, isString: isString, hash: hash, in: bytes) { return index }
        return nil
    }

    /// `find` for the journal's own index. Mutating, so that it happens in place: a getter's index would be copied first,
    /// and counting what it refers to takes longer than the lookup.
    @inline(__always)
    mutating func findInPlace(_ form: UnsafeRawBufferPointer, isString: Bool, in bytes: SegmentBytes) -> Int? {
        unsafe find(form, isString: isString, in: bytes)
    }

    /// What a walk through pairs found.
    enum Search {
        case value(Extent)
        case missing
        /// Not walked: settle, then `find`.
        case unanswered
    }

    /// The value of a string key without settling, once after each scan of the whole content.
    mutating func search(_ text: UnsafeRawBufferPointer, in bytes: SegmentBytes) -> Search {
        guard entries.isEmpty, !unsettled.isEmpty, !wasSearched else { return .unanswered }
        wasSearched = true
        for pair in unsettled.reversed() {
            if let candidate = bytes.stringPayload(at: Int(pair.keyAt)), candidate.count == text.count,
                unsafe bytes.equal(candidate, text)
            {
                return .value(pair.value)
            }
        }
        return .missing
    }

    // MARK: Tidying up

    /// How long a program is of the entries that stay.
    func programCount(without removed: Set<Int>) -> Int {
        let all = entries.reduce(0) { $0 + $1.pair.key.count + $1.pair.value.count }
        let gone = removed.reduce(0) { $0 + entries[$1].pair.key.count + entries[$1].pair.value.count }
        return all - gone + (removed.count == entries.count ? 2 : 4)
    }

    /// Writes a program of the entries that stay, and makes this the index of it: nothing has to be scanned and hashed
    /// again. For content whose instructions may be copied as they are, once all pairs are settled.
    ///
    ///     28 8c 01 61 4b 01 8c 01 62 4b 02 75 28 8c 01 61 4d 00 01 75 2e        {'a': 1, 'b': 2}, then a = 256
    ///        └─ 'a' ┘ dead  └─ 'b' ┘ └ 2 ┘         dead   └ 256 ─┘
    ///     28 8c 01 61 4d 00 01 8c 01 62 4b 02 75 2e
    ///
    /// - Parameters:
    ///   - removed: The entries that go.
    ///   - offset: Where the program will begin in the segment.
    /// - Complexity: linear in the entries.
    mutating func rewrite(without removed: Set<Int>, in bytes: SegmentBytes, at offset: Int) -> [UInt8] {
        var program: [UInt8] = []
        program.reserveCapacity(programCount(without: removed))
        program.append(Opcode.emptyDict)
        let count = entries.count - removed.count
        let gone = removed.sorted()
        var nextGone = 0
        ordinal = 0
        weight = ContentWeight()
        if count > 0 {
            program.append(Opcode.mark)
            // What stands side by side is copied at once.
            var run = 0..<0
            var end = offset + program.count
            var keptForms: [UInt8] = []
            func move(_ extent: Extent) -> Extent {
                if run.upperBound != Int(extent.lower) {
                    bytes.append(run, to: &program)
                    run = Int(extent.lower)..<Int(extent.lower)
                }
                run = run.lowerBound..<Int(extent.upper)
                defer { end += extent.count }
                return Extent(lower: UInt32(end), upper: UInt32(end + extent.count))
            }
            for number in entries.indices {
                if nextGone < gone.count, gone[nextGone] == number {
                    nextGone += 1
                    continue
                }
                var entry = entries[number]
                entry.pair.key = move(entry.pair.key)
                if entry.pair.keyAt != 0 { entry.pair.keyAt = entry.pair.key.lower }
                entry.pair.value = move(entry.pair.value)
                if !entry.form.isEmpty {
                    let start = UInt32(keptForms.count)
                    keptForms += forms[Int(entry.form.lowerBound)..<Int(entry.form.upperBound)]
                    entry.form = start..<UInt32(keptForms.count)
                }
                (entry.keyOrdinal, entry.valueOrdinal) = (ordinal, ordinal)
                weight.add(bytes: entry.pair.key.count + entry.pair.value.count, cost: entry.pair.cost)
                entries[Int(ordinal)] = entry
                ordinal += 1
            }
            bytes.append(run, to: &program)
            program.append(Opcode.setItems)
            forms = keptForms
        } else {
            forms = []
        }
        entries.removeLast(removed.count)
        if !gone.isEmpty { renumber(without: gone) }
        program.append(Opcode.stop)
        return program
    }

    /// Numbers the entries anew in the table after some were removed.
    ///
    /// - Parameter gone: Their numbers, in order.
    private mutating func renumber(without gone: [Int]) {
        let old = table
        table = [UInt64](repeating: 0, count: old.count)
        for slot in old where slot != 0 {
            let number = Int(slot & 0xffff_ffff) - 1
            // How many before it are gone.
            var (low, high) = (0, gone.count)
            while low < high {
                let middle = (low + high) / 2
                if gone[middle] < number { low = middle + 1 } else { high = middle }
            }
            if low < gone.count, gone[low] == number { continue }
            fill(slot - UInt64(low))
        }
    }
}
