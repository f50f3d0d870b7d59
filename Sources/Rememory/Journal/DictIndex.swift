internal import CRememoryPlatform

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

    /// What the hash table has of an entry: all that an operation on one key needs. What such an operation costs in a large
    /// dict is waiting for memory, so it fetches a slot and what stands in the segment, and no entry.
    private struct Slot {
        var hash: UInt32 = 0
        /// Which entry it is, counted from 1; 0 where there is none.
        var number: UInt32 = 0
        /// Where the instruction is that holds the key's text; 0, where no text is, for a key that is not a `str`.
        var keyAt: UInt32 = 0
        var value = Extent(lower: 0, upper: 0)

        var entry: Int { Int(number) - 1 }

        init() {}

        init(hash: UInt32, number: Int, _ entry: Entry) {
            self.hash = hash
            self.number = UInt32(number)
            refer(to: entry)
        }

        mutating func refer(to entry: Entry) {
            keyAt = entry.form.isEmpty ? entry.pair.keyAt : 0
            value = entry.pair.value
        }
    }

    static let kind = ContainerKind.dict

    private(set) var entries: [Entry] = []
    private var unsettled: [Pair] = []
    private var wasSearched = false
    private var table: [Slot] = []
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

    mutating func expect(pairs count: Int) { unsettled.makeRoom(for: count) }

    @inline(__always)
    mutating func set(pairs: UnsafeBufferPointer<Pair>) { unsafe unsettled.append(contentsOf: pairs) }

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

    /// Takes the one pair that was collected since the last call for the new value of the key in a place: whoever wrote it
    /// had looked the key up.
    @inline(__always)
    mutating func settle(at place: Int) {
        guard unsettled.count == 1 else { return }
        replaceValue(at: place, by: unsettled[0])
        unsettled.removeAll(keepingCapacity: true)
        ordinal += 1
    }

    @inline(__always)
    private mutating func replaceValue(at place: Int, by pair: Pair) {
        let entry = table[place].entry
        let old = entries[entry].pair
        weight.replace(
            bytes: old.value.count, cost: old.cost, by: pair.key.count + pair.value.count, cost: pair.cost)
        entries[entry].pair.value = pair.value
        entries[entry].valueOrdinal = ordinal
        table[place].value = pair.value
    }

    private mutating func insert(_ pair: Pair, _ form: UnsafeRawBufferPointer, isString: Bool, in bytes: SegmentBytes) {
        let hash = unsafe hashing.of(form, isString: isString)
        switch unsafe probe(form, isString: isString, hash: hash, in: bytes) {
        case .found(let place): replaceValue(at: place, by: pair)
        case .free(let place):
            var range: Range<UInt32> = 0..<0
            if !isString {
                range = UInt32(forms.count)..<UInt32(forms.count + form.count)
                unsafe forms.append(contentsOf: form)
            }
            let entry = Entry(pair: pair, keyOrdinal: ordinal, valueOrdinal: ordinal, form: range)
            entries.append(entry)
            table[place] = Slot(hash: hash, number: entries.count, entry)
            weight.add(bytes: pair.key.count + pair.value.count, cost: pair.cost)
        }
        ordinal += 1
    }

    private mutating func reserve(_ count: Int) {
        guard table.count < count * 2 else { return }
        var capacity = max(16, table.count)
        while capacity < count * 2 { capacity *= 2 }
        let old = table
        table = [Slot](repeating: Slot(), count: capacity)
        for slot in old where slot.number != 0 { fill(slot) }
    }

    /// Puts an entry's slot where a probe will find it.
    private mutating func fill(_ slot: Slot) {
        let mask = table.count - 1
        var place = Int(slot.hash) & mask
        while table[place].number != 0 { place = (place + 1) & mask }
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
        var place = Int(hash) & mask
        while true {
            let slot = table[place]
            if slot.number == 0 { return .free(place) }
            if slot.hash == hash, unsafe isKey(form, isString: isString, of: slot, in: bytes) { return .found(place) }
            place = (place + 1) & mask
        }
    }

    @inline(__always)
    private borrowing func isKey(
        _ form: UnsafeRawBufferPointer, isString: Bool, of slot: Slot, in bytes: SegmentBytes
    ) -> Bool {
        if isString {
            guard let text = bytes.stringPayload(at: Int(slot.keyAt)) else { return false }
            return unsafe bytes.equal(text, form)
        }
        let range = entries[slot.entry].form
        guard range.count == form.count else { return false }
        return unsafe forms.withUnsafeBytes {
            unsafe UnsafeRawBufferPointer(rebasing: $0[Int(range.lowerBound)..<Int(range.upperBound)])
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
    borrowing func find(_ form: UnsafeRawBufferPointer, isString: Bool, in bytes: SegmentBytes) -> Int? {
        guard !table.isEmpty else { return nil }
        let hash = unsafe hashing.of(form, isString: isString)
        if case .found(let place) = unsafe probe(form, isString: isString, hash: hash, in: bytes) {
            return table[place].entry
        }
        return nil
    }

    // For the journal's own index. All are mutating, so that they happen in place: a getter's index would be copied first,
    // and counting what it refers to takes longer than the lookup.

    /// The hash of a key that will be looked up, whose slot is on its way from memory meanwhile.
    @inline(__always)
    mutating func anticipate(_ form: UnsafeRawBufferPointer, isString: Bool) -> UInt32 {
        let hash = unsafe hashing.of(form, isString: isString)
        let place = Int(hash) & (table.count - 1)
        unsafe table.span.withUnsafeBufferPointer { if !$0.isEmpty { unsafe rm_prefetch($0.baseAddress! + place) } }
        return hash
    }

    /// The place of a key, once all pairs are settled. It holds until others are, or the content is tidied up.
    @inline(__always)
    mutating func place(
        of form: UnsafeRawBufferPointer, isString: Bool, hash: UInt32, in bytes: SegmentBytes
    ) -> Int? {
        guard !table.isEmpty else { return nil }
        if case .found(let place) = unsafe probe(form, isString: isString, hash: hash, in: bytes) { return place }
        return nil
    }

    @inline(__always)
    mutating func value(at place: Int) -> Extent { table[place].value }

    @inline(__always)
    mutating func entry(at place: Int) -> Int { table[place].entry }

    /// Lets the entry of a place come from memory.
    @inline(__always)
    mutating func anticipateEntry(at place: Int) {
        let entry = table[place].entry
        unsafe entries.span.withUnsafeBufferPointer { unsafe rm_prefetch($0.baseAddress! + entry) }
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
        let beginning = unsafe KeyBeginning(text)
        for pair in unsettled.reversed() where beginning.mayBegin(at: Int(pair.keyAt), in: bytes) {
            if let candidate = bytes.stringPayload(at: Int(pair.keyAt)), unsafe bytes.equal(candidate, text) {
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
    ///   - program: Where the program is written: as many bytes as `programCount` says.
    ///   - offset: Where it will begin in the segment.
    /// - Complexity: linear in the entries.
    mutating func rewrite(
        without removed: Set<Int>, in bytes: SegmentBytes, to program: SegmentBytes.Writer, as offset: Int
    ) {
        var program = program
        program.append(Opcode.emptyDict)
        let gone = removed.sorted()
        var nextGone = 0
        ordinal = 0
        weight = ContentWeight()
        var keptForms: [UInt8] = []
        if entries.count > removed.count {
            program.append(Opcode.mark)
            // What stands side by side is copied at once.
            var run = 0..<0
            var end = offset + 2
            func move(_ extent: Extent) -> Extent {
                if run.upperBound != Int(extent.lower) {
                    program.append(run, of: bytes)
                    run = Int(extent.lower)..<Int(extent.lower)
                }
                run = run.lowerBound..<Int(extent.upper)
                defer { end += extent.count }
                return Extent(lower: UInt32(end), upper: UInt32(end + extent.count))
            }
            for number in entries.indices {
                let ahead = number + DictIndex.distanceAhead
                if ahead < entries.count { bytes.anticipate(Int(entries[ahead].pair.value.lower)) }
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
            program.append(run, of: bytes)
            program.append(Opcode.setItems)
        }
        forms = keptForms
        entries.removeLast(removed.count)
        renumber(without: gone)
        program.append(Opcode.stop)
    }

    /// What an entry refers to is fetched so many entries before it is its turn: values that were appended stand anywhere.
    private static let distanceAhead = 8

    /// Lets the table refer to the entries as they are after a rewrite.
    ///
    /// - Parameter gone: The numbers of those that were removed, in order.
    private mutating func renumber(without gone: [Int]) {
        if gone.isEmpty {
            for place in table.indices where table[place].number != 0 {
                table[place].refer(to: entries[table[place].entry])
            }
            return
        }
        let old = table
        table = [Slot](repeating: Slot(), count: old.count)
        for var slot in old where slot.number != 0 {
            // How many before it are gone.
            var (low, high) = (0, gone.count)
            while low < high {
                let middle = (low + high) / 2
                if gone[middle] < slot.entry { low = middle + 1 } else { high = middle }
            }
            if low < gone.count, gone[low] == slot.entry { continue }
            slot.number -= UInt32(low)
            slot.refer(to: entries[slot.entry])
            fill(slot)
        }
    }
}

/// The first eight bytes of the instruction that most picklers write for a text: what tells most keys apart by one load.
private struct KeyBeginning {
    private var word: UInt64 = 0
    /// Which bytes count: those of a text that is short, none for one that another instruction may be written for.
    private var mask: UInt64 = 0

    init(_ text: UnsafeRawBufferPointer) {
        guard text.count < 256 else { return }
        word = UInt64(Opcode.shortBinUnicode) | UInt64(text.count) << 8
        mask = 0xffff
        for place in 0..<min(text.count, 6) {
            word |= UInt64(unsafe text[place]) << UInt64(8 * (place + 2))
            mask |= 0xff << UInt64(8 * (place + 2))
        }
    }

    /// Whether the instruction at an offset may be one for the text.
    @inline(__always)
    func mayBegin(at offset: Int, in bytes: SegmentBytes) -> Bool {
        guard offset <= bytes.count - 8 else { return true }
        let found = bytes.word(at: offset)
        return UInt8(truncatingIfNeeded: found) != Opcode.shortBinUnicode || (found ^ word) & mask == 0
    }
}
