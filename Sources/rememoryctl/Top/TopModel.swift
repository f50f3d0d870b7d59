import Rememory

/// What `top` shows: the blocks, how fast each changes, and the order and choice of the user.
struct TopModel {
    /// What the table can be sorted by, and the key for it.
    enum Order: Character, CaseIterable {
        case name = "n"
        case type = "t"
        case size = "s"
        case used = "u"
        case changes = "c"
        case lock = "l"
        case processes = "p"
        case writer = "w"

        var title: String {
            switch self {
            case .name: "NAME"
            case .type: "TYPE"
            case .size: "SIZE"
            case .used: "USED"
            case .changes: "CHANGES/S"
            case .lock: "LOCK"
            case .processes: "PROCESSES"
            case .writer: "WRITER"
            }
        }
    }

    /// A block with what was measured of it.
    struct Row {
        let report: BlockReport
        let changesPerSecond: Double
    }

    private(set) var rows: [Row] = []
    /// The only blocks that are shown; all if empty.
    private let wanted: Set<String>
    private(set) var order = Order.name
    private(set) var isReversed = false
    /// The block under the cursor: the same one when the order changes.
    private(set) var selected: String?

    private var pulses: [String: BlockPulse] = [:]
    private var changes: [String: Int] = [:]
    private var names: [String] = []
    private var periodStart = ContinuousClock.now

    init(names: [String] = []) {
        wanted = Set(names)
    }

    /// Looks at all blocks, and counts the changes since the last time.
    mutating func refresh() {
        sample()
        let now = ContinuousClock.now
        let seconds = max(periodStart.duration(to: now) / .seconds(1), 0.001)
        let blocks = BlockInspection.all().filter { $0.size != nil && (wanted.isEmpty || wanted.contains($0.name)) }
        rows = blocks.map { block in
            Row(report: BlockReport(block), changesPerSecond: Double(changes[block.name] ?? 0) / seconds)
        }
        names = blocks.map(\.name)
        for name in names where pulses[name] == nil { pulses[name] = BlockPulse(of: name) }
        changes = [:]
        periodStart = now
        sort()
        if selected == nil || !names.contains(selected ?? "") { selected = rows.first?.report.block.name }
    }

    /// Counts what has changed since the last look.
    mutating func sample() {
        for name in names {
            guard let now = BlockPulse(of: name) else { continue }
            if let before = pulses[name] { changes[name, default: 0] += now.changes(since: before) }
            pulses[name] = now
        }
    }

    mutating func sort(by order: Order) {
        isReversed = order == self.order ? !isReversed : order != .name && order != .type && order != .writer
        self.order = order
        sort()
    }

    /// Moves the cursor; it stops at both ends.
    mutating func move(by step: Int) {
        guard let place = selectedPlace else { return }
        selected = rows[min(max(place + step, 0), rows.count - 1)].report.block.name
    }

    var selectedPlace: Int? { rows.firstIndex { $0.report.block.name == selected } }

    private mutating func sort() {
        rows.sort { left, right in
            let (one, other) = isReversed ? (right, left) : (left, right)
            let (a, b) = (one.report, other.report)
            let ordered: Bool? =
                switch order {
                case .name: nil
                case .type: TopModel.compare(a.type, b.type)
                case .size: TopModel.compare(a.block.size ?? 0, b.block.size ?? 0)
                case .used: TopModel.compare(a.block.usedBytes, b.block.usedBytes)
                case .changes: TopModel.compare(one.changesPerSecond, other.changesPerSecond)
                case .lock: TopModel.compare(a.lock.word, b.lock.word)
                case .processes: TopModel.compare(a.block.processes.count, b.block.processes.count)
                case .writer: TopModel.compare(a.block.writer.rawValue, b.block.writer.rawValue)
                }
            return ordered ?? (a.block.name < b.block.name)
        }
    }

    private static func compare<Value: Comparable>(_ left: Value, _ right: Value) -> Bool? {
        left == right ? nil : left < right
    }
}
