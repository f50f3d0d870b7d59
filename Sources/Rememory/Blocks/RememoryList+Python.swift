/// What Python's `list` offers beyond single items. Each is atomic and shared, also where the Python package's is not.
extension RememoryList {
    // MARK: All of it

    /// All items at one moment: Python's `list(l)`.
    ///
    /// - Complexity: linear in the content.
    @specialized(where Element == Int)
    @specialized(where Element == Double)
    @specialized(where Element == String)
    public func items() throws -> [Element] {
        try locked(nil) { access in try allItems(access) }
    }

    /// The items of a range that is cut to what is there: Python's `l[start:stop:step]`.
    ///
    /// - Parameters:
    ///   - start: The first index; from the end if negative. The natural end if not given.
    ///   - stop: The index before which to stop; from the end if negative. The natural end if not given.
    ///   - step: Which of them to take. Negative goes backwards. Not 0.
    /// - Throws: ``RememoryError`` with the code `indexOutOfRange` if `step` is 0. Empty and overlong ranges are no error.
    public func slice(from start: Int? = nil, to stop: Int? = nil, by step: Int = 1) throws -> [Element] {
        try locked(nil) { access in
            try positions(from: start, to: stop, by: step).map { try item(at: $0, access) }
        }
    }

    /// Makes these items all there is, with one commit: Python's `l[:] = elements`.
    ///
    /// It is the one change that content doesn't stop which can't be read (corrupt, JSON, no list): all of that goes.
    public func replaceAll(with elements: some Sequence<Element>) throws {
        try lockedToReplace { access in
            try journal.replaceItems(in: 0..<journal.index.count, with: fragments(elements), &access)
        }
    }

    /// Removes all items: Python's `l.clear()`.
    public func clear() throws {
        try locked(nil) { access in try journal.replaceItems(in: 0..<journal.index.count, with: [], &access) }
    }

    // MARK: Adding

    /// Adds items at the end with one commit: Python's `l.extend(elements)`.
    ///
    /// - Complexity: linear in the items, amortized.
    public func append(contentsOf elements: some Sequence<Element>) throws {
        try locked(nil) { access in try journal.appendItems(fragments(elements), &access) }
    }

    /// Puts an item before an index, which is cut to what is there: Python's `l.insert(index, element)`.
    ///
    /// - Complexity: linear in the content.
    public func insert(_ element: Element, at index: Int) throws {
        try locked(nil) { access in
            let count = journal.index.count
            let position = min(max(index < 0 ? index + count : index, 0), count)
            if position == count {
                try journal.appendItems([fragment(element)], &access)
            } else {
                try journal.replaceItems(in: position..<position, with: [fragment(element)], &access)
            }
        }
    }

    // MARK: Removing

    /// Removes the item at an index: Python's `del l[index]`.
    ///
    /// - Throws: ``RememoryError`` with the code `indexOutOfRange` where there is none.
    /// - Complexity: linear in the content.
    public func delete(at index: Int) throws {
        try locked(nil) { access in
            let position = try position(index)
            try journal.replaceItems(in: position..<position + 1, with: [], &access)
        }
    }

    /// Removes the items of a range that is cut to what is there: Python's `del l[start:stop]`.
    public func delete(from start: Int? = nil, to stop: Int? = nil) throws {
        try locked(nil) { access in
            let positions = try positions(from: start, to: stop, by: 1)
            guard let first = positions.first, let last = positions.last else { return }
            try journal.replaceItems(in: first..<last + 1, with: [], &access)
        }
    }

    /// Puts items in the place of a range that is cut to what is there: Python's `l[start:stop] = elements`.
    public func replace(from start: Int? = nil, to stop: Int? = nil, with elements: some Sequence<Element>) throws {
        try locked(nil) { access in
            let bounds = bounds(from: start, to: stop)
            try journal.replaceItems(in: bounds, with: fragments(elements), &access)
        }
    }

    /// Removes the item at an index and gives it: Python's `l.pop(index)`.
    ///
    /// - Throws: ``RememoryError`` with the code `indexOutOfRange` where there is none.
    /// - Complexity: linear in the content.
    @discardableResult
    public func pop(at index: Int = -1) throws -> Element {
        try locked(nil) { access in
            let position = try position(index)
            let element = try item(at: position, access)
            try journal.replaceItems(in: position..<position + 1, with: [], &access)
            return element
        }
    }

    // MARK: Order

    /// Reverses the items: Python's `l.reverse()`.
    public func reverse() throws {
        try locked(nil) { access in try journal.reorder(journal.index.items.indices.reversed(), &access) }
    }

    /// Sorts the items, keeping the order of equal ones, as Python's `l.sort()` does.
    ///
    /// The lock is held while the body runs. If it throws, nothing has changed.
    public func sort(by areInIncreasingOrder: (Element, Element) throws -> Bool) throws {
        try locked(nil) { access in
            let elements = try allItems(access)
            let order = try elements.indices.sorted { left, right in
                if try areInIncreasingOrder(elements[left], elements[right]) { return true }
                if try areInIncreasingOrder(elements[right], elements[left]) { return false }
                return left < right
            }
            try journal.reorder(order, &access)
        }
    }

    // MARK: Reading and writing in one step

    /// Changes the item at an index in one step that no Swift or Python process can come between.
    ///
    /// The lock is held while the body runs: keep it short. If it throws, nothing has changed.
    @discardableResult
    public func update<Result>(at index: Int, _ body: (inout Element) throws -> Result) throws -> Result {
        try locked(nil) { access in
            let position = try position(index)
            var element = try item(at: position, access)
            let result = try body(&element)
            try journal.bringCurrent(access)  // the body may have used the list
            guard position < journal.index.count else {
                throw RememoryError.indexOutOfRange(journal.name, index, count: journal.index.count)
            }
            try journal.setItem(position, to: fragment(element), &access)
            return result
        }
    }

    /// Changes all items in one step: they become visible together, or not at all.
    ///
    /// The lock is held while the body runs. If it throws, nothing has changed.
    ///
    /// - Complexity: linear in the content.
    @discardableResult
    public func transaction<Result>(_ body: (inout [Element]) throws -> Result) throws -> Result {
        try locked(nil) { access in
            var elements = try allItems(access)
            let result = try body(&elements)
            try journal.bringCurrent(access)
            try journal.replaceItems(in: 0..<journal.index.count, with: fragments(elements), &access)
            return result
        }
    }

    // MARK: Slices

    private func bounds(from start: Int?, to stop: Int?) -> Range<Int> {
        let count = journal.index.count
        let cut = { (index: Int) in min(max(index < 0 ? index + count : index, 0), count) }
        let lower = start.map(cut) ?? 0
        return lower..<max(lower, stop.map(cut) ?? count)
    }

    /// The positions of a slice, as Python's `slice.indices` computes them.
    private func positions(from start: Int?, to stop: Int?, by step: Int) throws -> [Int] {
        guard step != 0 else {
            throw RememoryError(
                .indexOutOfRange, block: name, message: "expected a step other than 0, as Python does for slices")
        }
        guard step < 0 else {
            return Array(stride(from: 0, to: bounds(from: start, to: stop).count, by: step)).map {
                $0 + bounds(from: start, to: stop).lowerBound
            }
        }
        let count = journal.index.count
        let cut = { (index: Int) in min(max(index < 0 ? index + count : index, -1), count - 1) }
        return Array(stride(from: start.map(cut) ?? count - 1, to: stop.map(cut) ?? -1, by: step))
    }
}

extension RememoryList where Element: Equatable {
    /// Whether an item is equal to this one: Python's `element in l`.
    ///
    /// - Complexity: linear in the content.
    public func contains(_ element: Element) throws -> Bool { try firstIndex(of: element) != nil }

    /// The first index of an item that is equal to this one: Python's `l.index(element)`, `nil` instead of an error.
    public func firstIndex(of element: Element) throws -> Int? { try items().firstIndex(of: element) }

    /// How many items are equal to this one: Python's `l.count(element)`.
    public func count(of element: Element) throws -> Int { try items().count { $0 == element } }

    /// Removes the first item that is equal to this one: Python's `l.remove(element)`.
    ///
    /// - Returns: whether there was one. Python raises `ValueError` where there is none.
    @discardableResult
    public func remove(_ element: Element) throws -> Bool {
        try locked(nil) { access in
            guard let position = try allItems(access).firstIndex(of: element) else { return false }
            try journal.replaceItems(in: position..<position + 1, with: [], &access)
            return true
        }
    }
}

extension RememoryList where Element: Comparable {
    /// Sorts the items: Python's `l.sort()`.
    public func sort() throws { try sort(by: <) }
}
