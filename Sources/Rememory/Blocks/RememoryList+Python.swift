/// What Python's `list` offers beyond single items. Each is atomic and shared, also where the Python package's is not.
extension RememoryList {
    // MARK: All of it

    /// All items at one moment: Python's `list(l)`.
    ///
    /// - Throws: ``RememoryError``, or a `DecodingError` if an item is no `Element`. An empty list is no error.
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
    /// - Complexity: linear in the items that are taken, and in the content if one is not plain.
    public func slice(from start: Int? = nil, to stop: Int? = nil, by step: Int = 1) throws -> [Element] {
        try locked(nil) { access in
            try journal.items(at: { try positions(from: start, to: stop, by: step) }, by: elementCodec, access)
        }
    }

    /// Makes these items all there is, with one commit: Python's `l[:] = elements`.
    ///
    /// It is the one change that content doesn't stop which can't be read (corrupt, JSON, no list): all of that goes.
    ///
    /// - Throws: ``RememoryError`` (`valueTooLarge` where they don't fit and growth is not allowed), or an
    ///   `EncodingError`. Nothing has changed then.
    /// - Complexity: linear in the items.
    public func replaceAll(with elements: some Sequence<Element>) throws {
        try lockedToReplace { access in
            let items = try fragments(elements)
            try journal.bringCurrentToReplace(access)
            try journal.replaceItems(in: 0..<journal.index.count, with: items, &access)
        }
    }

    /// Removes all items: Python's `l.clear()`.
    ///
    /// - Throws: ``RememoryError``. That the list is empty already is no error.
    /// - Complexity: linear in the content.
    public func clear() throws {
        try locked(nil) { access in try journal.replaceItems(in: 0..<journal.index.count, with: [], &access) }
    }

    // MARK: Adding

    /// Adds items at the end with one commit: Python's `l.extend(elements)`.
    ///
    /// - Throws: ``RememoryError`` (`valueTooLarge` where they don't fit and growth is not allowed), or an
    ///   `EncodingError`. Nothing has changed then. No items at all are no error.
    /// - Complexity: linear in the items, amortized.
    public func append(contentsOf elements: some Sequence<Element>) throws {
        try locked(nil) { access in
            let items = try fragments(elements)
            try journal.bringCurrent(access)
            try journal.appendItems(items, &access)
        }
    }

    /// Puts an item before an index, which is cut to what is there: Python's `l.insert(index, element)`.
    ///
    /// - Throws: ``RememoryError``, or an `EncodingError`. An index beyond either end is no error.
    /// - Complexity: linear in the content.
    public func insert(_ element: Element, at index: Int) throws {
        try locked(nil) { access in
            let item = try fragment(element, access)
            let count = journal.index.count
            let position = min(max(index < 0 ? index + count : index, 0), count)
            if position == count {
                try journal.appendItems([item], &access)
            } else {
                try journal.replaceItems(in: position..<position, with: [item], &access)
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
    ///
    /// - Throws: ``RememoryError``. A range with nothing in it is no error.
    /// - Complexity: linear in the content.
    public func delete(from start: Int? = nil, to stop: Int? = nil) throws {
        try locked(nil) { access in
            let positions = try positions(from: start, to: stop, by: 1)
            guard let first = positions.first, let last = positions.last else { return }
            try journal.replaceItems(in: first..<last + 1, with: [], &access)
        }
    }

    /// Puts items in the place of a range that is cut to what is there: Python's `l[start:stop] = elements`.
    ///
    /// - Throws: ``RememoryError``, or an `EncodingError`. A range with nothing in it is no error: the items go
    ///   before it.
    /// - Complexity: linear in the content.
    public func replace(from start: Int? = nil, to stop: Int? = nil, with elements: some Sequence<Element>) throws {
        try locked(nil) { access in
            let items = try fragments(elements)
            try journal.bringCurrent(access)
            try journal.replaceItems(in: bounds(from: start, to: stop), with: items, &access)
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
            let (items, within) = (journal.index.items, access.operationsWithin)
            let element = try item(at: position, access)
            try expect(items, in: position..<position + 1, since: within, access)
            try journal.replaceItems(in: position..<position + 1, with: [], &access)
            return element
        }
    }

    // MARK: Order

    /// Reverses the items: Python's `l.reverse()`.
    ///
    /// - Throws: ``RememoryError``.
    /// - Complexity: linear in the content.
    public func reverse() throws {
        try locked(nil) { access in try journal.reorder(journal.index.items.indices.reversed(), &access) }
    }

    /// Sorts the items, keeping the order of equal ones, as Python's `l.sort()` does.
    ///
    /// The lock is held while the body runs. If it throws, nothing has changed.
    ///
    /// - Throws: What the body throws; ``RememoryError``; a `DecodingError` if an item is no `Element`.
    /// - Complexity: O(n log n) comparisons, and linear in the content.
    public func sort(by areInIncreasingOrder: (Element, Element) throws -> Bool) throws {
        try locked(nil) { access in
            let (items, within) = (journal.index.items, access.operationsWithin)
            let elements = try allItems(access)
            let order = try elements.indices.sorted { left, right in
                if try areInIncreasingOrder(elements[left], elements[right]) { return true }
                if try areInIncreasingOrder(elements[right], elements[left]) { return false }
                return left < right
            }
            try expect(items, in: items.indices, since: within, access)
            try journal.reorder(order, &access)
        }
    }

    // MARK: Reading and writing in one step

    /// Changes the item at an index in one step that no Swift or Python process can come between.
    ///
    /// The lock is held while the body runs: keep it short. If it throws, nothing has changed.
    ///
    /// - Throws: What the body throws; ``RememoryError`` with the code `indexOutOfRange` where there is none; a
    ///   `DecodingError` or `EncodingError`.
    /// - Complexity: O(1), amortized. Linear in the content in canonical layout.
    @discardableResult
    public func update<Result>(at index: Int, _ body: (inout Element) throws -> Result) throws -> Result {
        try locked(nil) { access in
            let position = try position(index)
            var element = try item(at: position, access)
            let result = try body(&element)
            try journal.bringCurrent(access)  // the body may have used the list
            let item = try fragment(element, access)
            guard position < journal.index.count else {
                throw RememoryError.indexOutOfRange(journal.name, index, count: journal.index.count)
            }
            try journal.setItem(position, to: item, &access)
            return result
        }
    }

    /// Changes all items in one step: they become visible together, or not at all.
    ///
    /// The lock is held while the body runs. If it throws, nothing has changed.
    ///
    /// - Throws: What the body throws; ``RememoryError``; a `DecodingError` or `EncodingError`.
    /// - Complexity: linear in the content.
    @discardableResult
    public func transaction<Result>(_ body: (inout [Element]) throws -> Result) throws -> Result {
        try locked(nil) { access in
            var elements = try allItems(access)
            let result = try body(&elements)
            try journal.bringCurrent(access)
            let items = try fragments(elements)
            try journal.bringCurrent(access)
            try journal.replaceItems(in: 0..<journal.index.count, with: items, &access)
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
    /// - Throws: ``RememoryError``, or a `DecodingError` if an item is no `Element`.
    /// - Complexity: linear in the content.
    public func contains(_ element: Element) throws -> Bool { try firstIndex(of: element) != nil }

    /// The first index of an item that is equal to this one: Python's `l.index(element)`, `nil` instead of an error.
    ///
    /// - Throws: ``RememoryError``, or a `DecodingError` if an item is no `Element`. That there is none is no error.
    /// - Complexity: linear in the content.
    public func firstIndex(of element: Element) throws -> Int? { try items().firstIndex(of: element) }

    /// How many items are equal to this one: Python's `l.count(element)`.
    ///
    /// - Throws: ``RememoryError``, or a `DecodingError` if an item is no `Element`.
    /// - Complexity: linear in the content.
    public func count(of element: Element) throws -> Int { try items().count { $0 == element } }

    /// Removes the first item that is equal to this one: Python's `l.remove(element)`.
    ///
    /// - Returns: whether there was one. Python raises `ValueError` where there is none.
    /// - Throws: ``RememoryError``, or a `DecodingError` if an item is no `Element`. That there is none is no error.
    /// - Complexity: linear in the content.
    @discardableResult
    public func remove(_ element: Element) throws -> Bool {
        try locked(nil) { access in
            let (items, within) = (journal.index.items, access.operationsWithin)
            guard let position = try allItems(access).firstIndex(of: element) else { return false }
            try expect(items, in: position..<position + 1, since: within, access)
            try journal.replaceItems(in: position..<position + 1, with: [], &access)
            return true
        }
    }
}

extension RememoryList where Element: Comparable {
    /// Sorts the items: Python's `l.sort()`.
    ///
    /// - Throws: ``RememoryError``, or a `DecodingError` if an item is no `Element`.
    /// - Complexity: O(n log n) comparisons, and linear in the content.
    public func sort() throws { try sort(by: <) }
}
