/// What Python's `dict` offers beyond single keys. Each is atomic and shared, also where the Python package's is not.
extension RememoryDict {
    // MARK: All of it

    /// The keys in order: Python's `list(d)`.
    ///
    /// - Throws: ``RememoryError``, or a `DecodingError` if a key is no `Key`. An empty dict is no error.
    /// - Complexity: linear in the content.
    public func keys() throws -> [Key] {
        try locked(nil) { access in
            try journal.keys(by: keyCodec, access)
        }
    }

    /// The values in the order of their keys: Python's `list(d.values())`.
    ///
    /// - Throws: ``RememoryError``, or a `DecodingError` if a value is no `Value`. An empty dict is no error.
    /// - Complexity: linear in the content.
    public func values() throws -> [Value] {
        try locked(nil) { access in
            try journal.values(by: valueCodec, access)
        }
    }

    /// All keys and values at one moment, in Python's order: `list(d.items())`.
    ///
    /// Pairs, not a Swift `Dictionary`: the order is part of what Python shares.
    ///
    /// - Throws: ``RememoryError``, or a `DecodingError` if a key or value is not of its type. An empty dict is no
    ///   error.
    /// - Complexity: linear in the content.
    @specialized(where Key == String, Value == Int)
    @specialized(where Key == String, Value == Double)
    @specialized(where Key == String, Value == String)
    public func snapshot() throws -> [(key: Key, value: Value)] {
        try locked(nil) { access in
            try journal.pairs(by: keyCodec, valueCodec, access)
        }
    }

    /// Removes all keys: Python's `d.clear()`, in one step.
    ///
    /// - Throws: ``RememoryError``. That the dict is empty already is no error.
    /// - Complexity: linear in the content.
    public func clear() throws {
        try locked(nil) { access in try journal.replaceAll(with: [], &access) }
    }

    /// Makes these pairs all there is, with one commit. A key that comes twice keeps its first place and last value.
    ///
    /// It is the one change that content doesn't stop which can't be read (corrupt, JSON, no dict): all of that goes.
    ///
    /// - Throws: ``RememoryError`` (`valueTooLarge` where they don't fit and growth is not allowed), or an
    ///   `EncodingError`. Nothing has changed then.
    /// - Complexity: linear in the pairs.
    public func replaceAll(with pairs: some Sequence<(key: Key, value: Value)>) throws {
        try lockedToReplace { access in
            var memo = 0
            let changes = try pairs.map { try change($0.key, to: $0.value, memo: &memo) }
            try journal.bringCurrentToReplace(access)  // the pairs' own code may have used the dict
            try journal.replaceAll(with: changes, &access)
        }
    }

    /// Sets several keys with one commit, all or nothing: Python's `d.update(pairs)`.
    ///
    /// - Throws: ``RememoryError`` (`valueTooLarge` where they don't fit and growth is not allowed), or an
    ///   `EncodingError`. Nothing has changed then. No pairs at all are no error.
    /// - Complexity: linear in the pairs, amortized.
    public func merge(_ pairs: some Sequence<(key: Key, value: Value)>) throws {
        try locked(nil) { access in
            var memo = journal.firstFreeMemoNumber
            let changes = try pairs.map { try change($0.key, to: $0.value, memo: &memo) }
            try journal.bringCurrent(access)  // the pairs' own code may have used the dict
            try journal.apply(changes, &access)
        }
    }

    // MARK: Removing

    /// Removes a key that must be there: Python's `del d[key]`.
    ///
    /// - Throws: ``RememoryError`` with the code `keyNotFound` if it is not.
    /// - Complexity: linear in the content.
    public func delete(_ key: Key) throws {
        try locked(nil) { access in
            guard try find(key, access) != nil else { throw RememoryError.keyNotFound(journal.name) }
            try remove(key, &access)
        }
    }

    /// Removes a key if it is there, and gives its value: Python's `d.pop(key, None)`.
    ///
    /// - Throws: ``RememoryError``, or a `DecodingError` if the value is no `Value`; it stays then. A missing key is
    ///   no error.
    /// - Complexity: linear in the content.
    @discardableResult
    public func removeValue(for key: Key) throws -> Value? {
        try locked(nil) { access in
            guard let entry = try find(key, access) else { return nil }
            let value = try value(ofEntry: entry, access)
            try remove(key, &access)
            return value
        }
    }

    /// Removes a key that must be there, and gives its value: Python's `d.pop(key)`.
    ///
    /// - Throws: ``RememoryError`` with the code `keyNotFound` if it is not.
    /// - Complexity: linear in the content.
    public func pop(_ key: Key) throws -> Value {
        guard let value = try removeValue(for: key) else { throw RememoryError.keyNotFound(journal.name) }
        return value
    }

    /// Removes the last key and gives both: Python's `d.popitem()`.
    ///
    /// - Throws: ``RememoryError`` with the code `keyNotFound` if the dict is empty.
    /// - Complexity: linear in the content.
    public func popItem() throws -> (key: Key, value: Value) {
        try locked(nil) { access in
            try journal.settle(access)
            guard let last = journal.index.entries.indices.last else {
                throw RememoryError.isEmpty(journal.name, .keyNotFound)
            }
            let (pair, within) = (journal.index.entries[last].pair, access.operationsWithin)
            let item = (try key(ofEntry: last, access), try value(ofEntry: last, access))
            if access.operationsWithin != within {
                try journal.bringCurrent(access)
                try journal.settle(access)
                guard journal.index.entries.indices.last == last, journal.index.entries[last].pair == pair else {
                    throw RememoryError.changedWhileRead(journal.name)
                }
            }
            try journal.remove(entry: last, &access)
            return item
        }
    }

    private func remove(_ key: Key, _ access: inout SegmentAccess) throws {
        let change = DictChange(form: try keyCodec.form(of: key), key: [], value: nil)
        try journal.bringCurrent(access)  // the key's own code may have used the dict, and the value's that was read
        try journal.apply([change], &access)
    }

    // MARK: Reading and writing in one step

    /// The value of a key, which is set to `value` first if it is missing: Python's `d.setdefault(key, value)`.
    ///
    /// - Throws: ``RememoryError``, or a `DecodingError` if what is there is no `Value`, or an `EncodingError`. That
    ///   the key is there is no error.
    /// - Complexity: O(1), amortized.
    public func setDefault(_ value: Value, for key: Key) throws -> Value {
        try locked(nil) { access in
            if let entry = try find(key, access) { return try self.value(ofEntry: entry, access) }
            try set(value, for: key)
            return value
        }
    }

    /// Changes the value of a key in one step that no Swift or Python process can come between.
    ///
    /// ```swift
    /// try players.update("player1") { $0?.score += 1 }
    /// ```
    ///
    /// The lock is held while the body runs: keep it short. If it throws, nothing has changed.
    ///
    /// - Parameters:
    ///   - key: The key, which need not be there.
    ///   - body: Gets the value, `nil` where there is none, and changes it; what is `nil` afterwards is removed.
    /// - Returns: what the body returns.
    /// - Throws: What the body throws; ``RememoryError``; a `DecodingError` or `EncodingError`. A missing key is no
    ///   error.
    /// - Complexity: O(1), amortized; linear in the content if the key is removed.
    @discardableResult
    public func update<Result>(_ key: Key, _ body: (inout Value?) throws -> Result) throws -> Result {
        try locked(nil) { access in
            var value = try value(for: key)
            let result = try body(&value)
            try journal.bringCurrent(access)  // the body may have used the dict
            if let value {
                try set(value, for: key)
            } else if try find(key, access) != nil {
                try remove(key, &access)
            }
            return result
        }
    }
}
