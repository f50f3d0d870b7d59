/// Where the keys and values of a dict stand in its content, in Python's order.
///
/// A scan only collects pairs. Duplicates are found and the hash table is built with the second lookup, or with the
/// first question about all entries: a single lookup after Python wrote walks the pairs, which costs less.
struct DictIndex: ContentIndex {
    /// A key and a value as they stand in the program.
    struct Pair {
        var key: Extent
        /// Where the instruction is that holds the key's text: elsewhere, where the key is a memo reference.
        var keyAt: UInt32
        var value: Extent
        /// Instructions that build both.
        var cost: UInt32
    }

    struct Entry {
        var pair: Pair
        var hash: UInt32
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
    private var table: [UInt32] = []
    private var forms: [UInt8] = []
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

    private mutating func insert(_ pair: Pair, _ form: UnsafeRawBufferPointer, isString: Bool, in bytes: SegmentBytes) {
        let hash = unsafe KeyHash.of(form, isString: isString)
        let pairCount = pair.key.count + pair.value.count
        switch unsafe probe(form, isString: isString, hash: hash, in: bytes) {
        case .found(let index):
            weight.replace(
                bytes: entries[index].pair.value.count, cost: entries[index].pair.cost, by: pairCount, cost: pair.cost)
            entries[index].pair.value = pair.value
            entries[index].valueOrdinal = ordinal
        case .free(let slot):
            var range: Range<UInt32> = 0..<0
            if !isString {
                range = UInt32(forms.count)..<UInt32(forms.count + form.count)
                unsafe forms.append(contentsOf: form)
            }
            entries.append(Entry(pair: pair, hash: hash, keyOrdinal: ordinal, valueOrdinal: ordinal, form: range))
            table[slot] = UInt32(entries.count)
            weight.add(bytes: pairCount, cost: pair.cost)
        }
        ordinal += 1
    }

    private mutating func reserve(_ count: Int) {
        guard table.count < count * 2 else { return }
        var capacity = max(16, table.count)
        while capacity < count * 2 { capacity *= 2 }
        table = [UInt32](repeating: 0, count: capacity)
        let mask = capacity - 1
        for (index, entry) in entries.enumerated() {
            var slot = Int(entry.hash) & mask
            while table[slot] != 0 { slot = (slot + 1) & mask }
            table[slot] = UInt32(index + 1)
        }
    }

    // MARK: Looking up

    private enum Probe {
        case found(Int)
        case free(Int)
    }

    @inline(__always)
    private func probe(_ form: UnsafeRawBufferPointer, isString: Bool, hash: UInt32, in bytes: SegmentBytes) -> Probe {
        let mask = table.count - 1
        var slot = Int(hash) & mask
        while true {
            let stored = table[slot]
            if stored == 0 { return .free(slot) }
            let index = Int(stored) - 1
            if entries[index].hash == hash, unsafe isKey(form, isString: isString, of: entries[index], in: bytes) {
                return .found(index)
            }
            slot = (slot + 1) & mask
        }
    }

    @inline(__always)
    private func isKey(
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
    func find(_ form: UnsafeRawBufferPointer, isString: Bool, in bytes: SegmentBytes) -> Int? {
        guard !table.isEmpty else { return nil }
        let hash = unsafe KeyHash.of(form, isString: isString)
        if case .found(let index) = unsafe probe(form, isString: isString, hash: hash, in: bytes) { return index }
        return nil
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
}
