import PickleCodec

// The shortest way from one list to another, by Myers' algorithm ("An O(ND) Difference Algorithm and Its Variations").
//
// Think of a grid with the old items along the top and the new ones down the side. A step to the right removes an old
// item, a step down inserts a new one, and where both are the same a diagonal step costs nothing. From [a b c] to
// [b x c]:
//
//             a   b   c
//           ·───┐                     right: remove a
//         b     └─╲─┐                 diagonal: b stays
//         x         │                 down: insert x
//         c         └─╲─              diagonal: c stays
//
// For each number of paid steps the algorithm keeps how far every diagonal gets. A removal and an insertion next to each
// other are one item that changed. What is alike at both ends is left out beforehand. Lists that are more than so many
// steps apart are compared item by item instead.

extension ListIndex: WatchedIndex {
    static func count(of content: WatchedContent<ListIndex>) throws -> Int {
        try content.read { journal, _ in journal.index.count }
    }

    /// - Complexity: linear in both, times the number of changes up to a limit.
    static func changes(
        from before: WatchedContent<ListIndex>, to after: WatchedContent<ListIndex>
    ) throws -> [EntryChange] {
        try before.read { old, oldAccess in
            try after.read { new, newAccess in
                let contents = ContentComparison(old, oldAccess, new, newAccess)
                return try ListComparison(old.index.count, new.index.count) { before, after in
                    try contents.haveSameValue(
                        old.index.items[before].extent, node: before, new.index.items[after].extent, node: after)
                }.changes()
            }
        }
    }
}

struct ListComparison {
    /// More paid steps than this are not looked for.
    private static let stepLimit = 256

    private let oldCount: Int
    private let newCount: Int
    private let isSame: (Int, Int) throws -> Bool

    init(_ oldCount: Int, _ newCount: Int, isSame: @escaping (Int, Int) throws -> Bool) {
        self.oldCount = oldCount
        self.newCount = newCount
        self.isSame = isSame
    }

    func changes() throws -> [EntryChange] {
        var start = 0
        while start < min(oldCount, newCount), try isSame(start, start) { start += 1 }
        var (oldEnd, newEnd) = (oldCount, newCount)
        while oldEnd > start, newEnd > start, try isSame(oldEnd - 1, newEnd - 1) {
            oldEnd -= 1
            newEnd -= 1
        }
        let kept = try kept(start..<oldEnd, start..<newEnd) ?? itemByItem(start..<min(oldEnd, newEnd))
        var changes: [EntryChange] = []
        var (before, after) = (start, start)
        for pair in kept + [(oldEnd, newEnd)] {
            while before < pair.0 || after < pair.1 {
                var change = EntryChange(position: after)
                if before < pair.0 {
                    change.before = before
                    before += 1
                }
                if after < pair.1 {
                    change.after = after
                    after += 1
                }
                changes.append(change)
            }
            (before, after) = (pair.0 + 1, pair.1 + 1)
        }
        return changes
    }

    private func itemByItem(_ range: Range<Int>) throws -> [(Int, Int)] {
        try range.filter { try isSame($0, $0) }.map { ($0, $0) }
    }

    /// The items that stay, as pairs of old and new positions; `nil` if that takes more steps than the limit.
    private func kept(_ old: Range<Int>, _ new: Range<Int>) throws -> [(Int, Int)]? {
        if old.isEmpty || new.isEmpty { return [] }
        var trace: [Reach] = []
        for steps in 0...ListComparison.stepLimit {
            var reach = Reach(steps: steps)
            for diagonal in stride(from: -steps, through: steps, by: 2) {
                var x = trace.last?.paidStep(to: diagonal).x ?? 0
                while x < old.count, x - diagonal < new.count,
                    try isSame(old.lowerBound + x, new.lowerBound + x - diagonal)
                {
                    x += 1
                }
                reach[diagonal] = x
                if x >= old.count, x - diagonal >= new.count {
                    return walkBack(trace, old, new)
                }
            }
            trace.append(reach)
        }
        return nil
    }

    /// Goes from the end of the way to its beginning, and collects the diagonal steps.
    private func walkBack(_ trace: [Reach], _ old: Range<Int>, _ new: Range<Int>) -> [(Int, Int)] {
        var pairs: [(Int, Int)] = []
        var (x, y) = (old.count, new.count)
        func collect(downTo fromX: Int) {
            while x > fromX {
                x -= 1
                y -= 1
                pairs.append((old.lowerBound + x, new.lowerBound + y))
            }
        }
        for reach in trace.reversed() {
            let step = reach.paidStep(to: x - y)
            collect(downTo: step.x)
            if step.isDown { y -= 1 } else { x -= 1 }
        }
        collect(downTo: 0)
        return pairs.reversed()
    }

    /// How far in the old items every diagonal (old position minus new position) gets with so many paid steps.
    private struct Reach {
        private let steps: Int
        private var x: [Int]

        init(steps: Int) {
            self.steps = steps
            x = [Int](repeating: 0, count: 2 * steps + 1)
        }

        subscript(diagonal: Int) -> Int {
            get { x[diagonal + steps] }
            set { x[diagonal + steps] = newValue }
        }

        /// The better of the two steps that lead to a diagonal with one more paid step, and where it leads.
        func paidStep(to diagonal: Int) -> (x: Int, isDown: Bool) {
            let isDown =
                diagonal == -steps - 1 || (diagonal != steps + 1 && self[diagonal - 1] < self[diagonal + 1])
            return isDown ? (self[diagonal + 1], true) : (self[diagonal - 1] + 1, false)
        }
    }
}
