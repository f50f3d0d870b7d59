/// A list, tuple, dict or set that was made or changed in Swift: one flat array, shared by copies until one changes.
///
/// Children may be containers too, to any depth, so it frees them with a list of its own instead of by recursion.
@usableFromInline final class Container {
    enum Shape: Sendable {
        case list, tuple, dict, set, frozenSet
    }

    let shape: Shape

    /// The items. A dict has key, value, key, value …
    ///
    /// Where something was removed from a dict or set its place stays taken, until `compact()`, and `removed` counts it.
    private(set) var items: [PickleValue]
    private(set) var isRemoved: [Bool] = []
    private(set) var removed = 0

    /// Where the keys of a dict or the members of a set stand.
    private var index = HashIndex()

    /// Whether children may be containers, which `deinit` has to take apart.
    private var hasContainers: Bool

    init(_ shape: Shape, items: [PickleValue]) {
        self.shape = shape
        self.items = items
        hasContainers = items.contains { $0.isContainer }
    }

    /// A set or frozenset.
    convenience init(_ shape: Shape, members: some Sequence<PickleValue>) {
        self.init(shape, items: [])
        for member in members { insert(member) }
    }

    /// A dict.
    convenience init(pairs: some Sequence<(key: PickleValue, value: PickleValue)>) {
        self.init(.dict, items: [])
        items.reserveCapacity(pairs.underestimatedCount * 2)
        for (key, value) in pairs { set(value, for: key) }
    }

    /// The set whose members the children of `content` are. Their hashes are found together, as each may stand in the next.
    convenience init(_ graph: ValueGraph, setOf content: PickleGraph.Node) {
        let nodes = graph.graph.children(of: content)
        let entries = graph.entries(of: content, isDict: false)
        self.init(.set, items: (0..<entries.count).map { graph.item(nodes[entries.key($0)]) })
        index = entries.index
    }

    /// The dict that `node` is, with its keys' hashes found together.
    convenience init(_ graph: ValueGraph, dict node: PickleGraph.Node) {
        let nodes = graph.graph.children(of: node)
        let entries = graph.entries(of: node, isDict: true)
        let pairs = (0..<entries.count).lazy.flatMap { [entries.key($0), entries.value($0)] }
        self.init(.dict, items: pairs.map { graph.item(nodes[$0]) })
        index = entries.index
    }

    private init(copying other: Container) {
        shape = other.shape
        items = other.items
        isRemoved = other.isRemoved
        removed = other.removed
        index = other.index
        hasContainers = other.hasContainers
    }

    func copy() -> Container {
        Container(copying: self)
    }

    deinit {
        guard hasContainers else { return }
        var pending = items
        items = []
        while let value = pending.popLast() {
            guard case .container(var child) = value.storage, child.hasContainers else { continue }
            _ = consume value
            if isKnownUniquelyReferenced(&child) {
                pending.append(contentsOf: child.items)
                child.items = []
                child.hasContainers = false
            }
        }
    }
}

// Changed only while uniquely referenced (see `PickleValue.change`), so that copies on other threads see no change.
extension Container: @unchecked Sendable {}

// MARK: - Reading

extension Container {
    /// How many items, members or pairs there are.
    var count: Int {
        (shape == .dict ? items.count / 2 : items.count) - removed
    }

    /// The entry (pair or member number) of `key`.
    func entry(of key: PickleValue) -> Int? {
        index.find(key.keyHash) { entry in self.key(entry).equals(key) }
    }

    /// The key or member with this number.
    func key(_ entry: Int) -> PickleValue {
        items[shape == .dict ? entry * 2 : entry]
    }

    /// The numbers of all pairs or members in order, where they are not simply `0 ..< count`.
    var liveEntries: [Int]? {
        removed == 0 ? nil : isRemoved.indices.filter { !isRemoved[$0] }
    }
}

// MARK: - Changing

extension Container {
    func append(_ item: PickleValue) {
        note(item)
        items.append(item)
    }

    func insert(_ item: PickleValue, at position: Int) {
        note(item)
        items.insert(item, at: position)
    }

    func remove(at position: Int) -> PickleValue {
        items.remove(at: position)
    }

    /// Exchanges the item at `position` of `items`.
    func exchange(at position: Int, with item: PickleValue) -> PickleValue {
        note(item)
        var old = item
        swap(&old, &items[position])
        return old
    }

    /// Sets a dict's value.
    func set(_ value: PickleValue, for key: PickleValue) {
        note(value)
        let hash = key.keyHash
        if let entry = index.find(hash, where: { self.key($0).equals(key) }) {
            items[entry * 2 + 1] = value
        } else {
            note(key)
            addEntry(hash)
            items.append(key)
            items.append(value)
        }
    }

    /// Adds a member to a set, unless an equal one is there.
    @discardableResult
    func insert(_ member: PickleValue) -> Bool {
        let hash = member.keyHash
        if index.find(hash, where: { self.key($0).equals(member) }) != nil { return false }
        note(member)
        addEntry(hash)
        items.append(member)
        return true
    }

    /// Removes a pair or member, and gives the value or member that was there.
    func removeEntry(_ entry: Int) -> PickleValue {
        index.remove(entry)
        if isRemoved.isEmpty { isRemoved = Array(repeating: false, count: index.count) }
        isRemoved[entry] = true
        removed += 1
        let old: PickleValue
        if shape == .dict {
            _ = exchange(at: entry * 2, with: PickleValue())
            old = exchange(at: entry * 2 + 1, with: PickleValue())
        } else {
            old = exchange(at: entry, with: PickleValue())
        }
        if removed > 16, removed * 2 > index.count { compact() }
        return old
    }

    private func addEntry(_ hash: UInt64) {
        index.append(hash)
        if !isRemoved.isEmpty { isRemoved.append(false) }
    }

    private func compact() {
        index.compact { !isRemoved[$0] }
        let width = shape == .dict ? 2 : 1
        var kept: [PickleValue] = []
        kept.reserveCapacity(index.count * width)
        for entry in isRemoved.indices where !isRemoved[entry] {
            kept.append(contentsOf: items[entry * width..<entry * width + width])
        }
        items = kept
        isRemoved = []
        removed = 0
    }

    private func note(_ item: PickleValue) {
        if item.isContainer { hasContainers = true }
    }
}

extension PickleValue {
    var isContainer: Bool {
        if case .container = storage { true } else { false }
    }
}
