extension PickleValue {
    /// The value of a dict's key, or nil where there is none.
    ///
    /// Assigning sets the key, or removes it where nil is assigned; `PickleValue()` or `.some(nil)` is Python's `None`.
    ///
    /// ```swift
    /// var ranks: PickleValue = ["ann": 1]
    /// ranks["bob"] = 2
    /// ranks["ann"] = nil          // as in a Swift Dictionary
    /// ```
    ///
    /// - Precondition: Where something is assigned, the value is a `dict`.
    /// - Complexity: O(1) on average. A dict that comes from a pickle takes linear time the first time.
    public subscript(key: PickleValue) -> PickleValue? {
        get {
            switch storage {
            case .container(let container):
                guard container.shape == .dict, let entry = container.entry(of: key) else { return nil }
                return container.items[entry * 2 + 1]
            case .node(let graph, let node):
                switch graph.shape(of: node).kind {
                case .dict: return graph.lookUp(key, in: node)
                case .object: return pairs.last { $0.key.equals(key) }?.value
                default: return nil
                }
            default: return nil
            }
        }
        set {
            change(.dict) { container in
                if let newValue {
                    container.set(newValue, for: key)
                } else if let entry = container.entry(of: key) {
                    _ = container.removeEntry(entry)
                }
            }
        }
        _modify {
            // The value is taken out while the caller changes it, so that it is nowhere else and is changed in place.
            let container = takeContainer(.dict)
            let entry = container.entry(of: key)
            var value = entry.map { container.exchange(at: $0 * 2 + 1, with: PickleValue()) }
            defer {
                switch (value, entry) {
                case (let value?, let entry?): _ = container.exchange(at: entry * 2 + 1, with: value)
                case (let value?, nil): container.set(value, for: key)
                case (nil, let entry?): _ = container.removeEntry(entry)
                case (nil, nil): break
                }
                storage = .container(container)
            }
            yield &value
        }
    }

    /// The value of a dict's key, or nil where there is none.
    ///
    /// - Complexity: O(1) on average. A dict that comes from a pickle takes linear time the first time.
    public subscript(key: String) -> PickleValue? {
        get { self[PickleValue(key)] }
        set { self[PickleValue(key)] = newValue }
        _modify { yield &self[PickleValue(key)] }
    }

    /// The item at a position from 0 of a list or tuple, from the end where it is negative, or nil where there is
    /// none. Of a dict, the value of the key that is this integer.
    ///
    /// - Precondition: Where something is assigned to a list, the position exists and the value is not nil. Tuples can't
    ///   be changed.
    /// - Complexity: O(1).
    public subscript(position: Int) -> PickleValue? {
        get {
            switch kind {
            case .list, .tuple:
                let elements = elements
                let index = position < 0 ? position + elements.count : position
                guard elements.indices.contains(index) else { return nil }
                return elements[index]
            default: return self[PickleValue(position)]
            }
        }
        set {
            if kind == .dict {
                self[PickleValue(position)] = newValue
            } else {
                guard let newValue else { preconditionFailure("a list item can't be nil: use remove(at:)") }
                change(.list) { _ = $0.exchange(at: position < 0 ? position + $0.count : position, with: newValue) }
            }
        }
        _modify {
            if kind == .dict {
                yield &self[PickleValue(position)]
            } else if kind == .list {
                let container = takeContainer(.list)
                let index = position < 0 ? position + container.count : position
                // Not `? :`, in which `nil` would be Python's None.
                var item: PickleValue?
                let isThere = index >= 0 && index < container.count
                if isThere { item = container.exchange(at: index, with: PickleValue()) }
                defer {
                    precondition((item != nil) == isThere, "a list item can't be nil: use append(_:) or remove(at:)")
                    if let item { _ = container.exchange(at: index, with: item) }
                    storage = .container(container)
                }
                yield &item
            } else {
                var item = self[position]
                let old = item
                yield &item
                precondition(item == old, "a \(kind) can't be changed")
            }
        }
    }
}

extension ValueGraph {
    /// The value of a key in a dict.
    fileprivate func lookUp(_ key: PickleValue, in dict: PickleGraph.Node) -> PickleValue? {
        let children = graph.children(of: dict)
        if children.count > 16 {
            let entries = entries(of: dict, isDict: true)
            return entries.entry(of: key, in: self, dict).map { value(of: children[entries.value($0)]) }
        }
        for position in stride(from: children.count - 2, through: 0, by: -2)
        where value(of: children[position]).equals(key) {
            return value(of: children[position + 1])
        }
        return nil
    }
}
