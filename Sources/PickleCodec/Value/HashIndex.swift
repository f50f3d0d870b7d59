// Where keys stand in a dict or set: an open-addressing table of entry numbers beside the entries' hashes.
//
//     entries   0 'a' · 1 'b' · 2 'c'      hashes  h(a) h(b) h(c)
//     slots     [1, -, 0, 2, -, -, -, -]   slot = hash & 7, and on to the next while it is taken

/// Finds entries, which are numbered from 0 in the order of insertion, by hash.
struct HashIndex: Sendable {
    /// The hash of each entry, removed ones included.
    private(set) var hashes: [UInt64] = []
    private var slots: [Int32] = []

    private static let free: Int32 = -1
    private static let removed: Int32 = -2

    init() {}

    init(minimumCapacity: Int) {
        hashes.reserveCapacity(minimumCapacity)
        resize(for: minimumCapacity)
    }

    /// How many entries there are, removed ones included.
    var count: Int { hashes.count }

    /// The entry with this hash for which `matches` holds.
    func find(_ hash: UInt64, where matches: (Int) -> Bool) -> Int? {
        guard !slots.isEmpty else { return nil }
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != Self.free {
            let entry = Int(slots[slot])
            if entry >= 0, hashes[entry] == hash, matches(entry) { return entry }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Adds the next entry, which is known not to be there.
    mutating func append(_ hash: UInt64) {
        if (hashes.count + 1) * 3 > slots.count * 2 { resize(for: (hashes.count + 1) * 2) }
        place(Int32(hashes.count), hash)
        hashes.append(hash)
    }

    /// Makes `entry` unfindable. Its number stays taken.
    mutating func remove(_ entry: Int) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hashes[entry]) & mask
        while slots[slot] != Int32(entry) { slot = (slot + 1) & mask }
        slots[slot] = Self.removed
    }

    /// Keeps the entries for which `isLive` holds, in order, and numbers them anew.
    mutating func compact(where isLive: (Int) -> Bool) {
        let live = hashes.indices.filter(isLive).map { hashes[$0] }
        self = HashIndex(minimumCapacity: live.count)
        for hash in live { append(hash) }
    }

    private mutating func place(_ entry: Int32, _ hash: UInt64) {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0 { slot = (slot + 1) & mask }
        slots[slot] = entry
    }

    private mutating func resize(for capacity: Int) {
        var size = 8
        while size * 2 < capacity * 3 { size *= 2 }
        let live = slots.filter { $0 >= 0 }
        slots = [Int32](repeating: Self.free, count: size)
        for entry in live { place(entry, hashes[Int(entry)]) }
    }
}
