extension RememoryDict {
    /// Several changes that become visible together, or not at all.
    ///
    /// ```swift
    /// try accounts.transaction { tx in
    ///     let amount = try tx["a"] ?? 0
    ///     try tx.set(0, for: "a")
    ///     try tx.set(amount, for: "b")
    /// }
    /// ```
    ///
    /// The lock is held while the body runs, which is why it is synchronous. The body reads its own changes. If it
    /// throws, nothing has changed; a process that is killed leaves all of the changes or none.
    ///
    /// - Throws: What the body throws; ``RememoryError`` (`valueTooLarge` where the changes don't fit and growth is
    ///   not allowed). No changes at all are no error.
    /// - Complexity: linear in the changes, amortized; linear in the content if keys are removed.
    @discardableResult
    public func transaction<Result>(_ body: (inout Transaction) throws -> Result) throws -> Result {
        try locked(nil) { access in
            var transaction = Transaction(dict: self)
            let result = try body(&transaction)
            try journal.bringCurrent(access)
            try journal.apply(transaction.orderedChanges, &access)
            return result
        }
    }

    /// The dict as the body of a transaction sees and changes it. It must not outlive the body.
    public struct Transaction {
        private let dict: RememoryDict
        private var changes: [KeyForm: (change: DictChange, value: Value?, place: Int)] = [:]
        /// The keys in the order of their changes; `nil` where one was that has another place now.
        private var order: [KeyForm?] = []
        private var memo: Int

        fileprivate init(dict: RememoryDict) {
            self.dict = dict
            memo = dict.journal.firstFreeMemoNumber
        }

        fileprivate var orderedChanges: [DictChange] { order.compactMap { $0.flatMap { changes[$0]?.change } } }

        /// The value of a key, with what this transaction changed.
        ///
        /// - Throws: ``RememoryError``, or a `DecodingError` if the value is no `Value`. A missing key is no error.
        /// - Complexity: O(1).
        public subscript(key: Key) -> Value? {
            get throws {
                if let changed = changes[try dict.keyCodec.form(of: key)] { return changed.value }
                return try dict.value(for: key)
            }
        }

        /// Whether there is such a key, with what this transaction changed.
        ///
        /// - Throws: ``RememoryError``, or an `EncodingError` if the key can't be one.
        /// - Complexity: O(1).
        public func contains(_ key: Key) throws -> Bool {
            if let changed = changes[try dict.keyCodec.form(of: key)] { return changed.change.value != nil }
            return try dict.contains(key)
        }

        /// Sets the value of a key.
        ///
        /// - Throws: An `EncodingError`. What does not fit is an error only at the end of the transaction.
        /// - Complexity: O(1).
        public mutating func set(_ value: Value, for key: Key) throws {
            var change = try dict.change(key, to: value, memo: &memo)
            if let earlier = changes[change.form]?.change {
                change.movesToEnd = earlier.movesToEnd || earlier.value == nil
            }
            record(change, value)
        }

        /// Removes a key if it is there. A key that is set again afterwards comes last.
        ///
        /// - Throws: An `EncodingError` if the key can't be one. A missing key is no error.
        /// - Complexity: O(1).
        public mutating func removeValue(for key: Key) throws {
            record(DictChange(form: try dict.keyCodec.form(of: key), key: [], value: nil), nil)
        }

        private mutating func record(_ change: DictChange, _ value: Value?) {
            var place = order.count
            if let known = changes[change.form] {
                if known.change.value == nil, change.value != nil {
                    order[known.place] = nil
                } else {
                    place = known.place
                }
            }
            if place == order.count { order.append(change.form) }
            changes[change.form] = (change, value, place)
        }
    }
}
