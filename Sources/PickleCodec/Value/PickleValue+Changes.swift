// Changes. The first one turns the list, dict or set into a container of its own, which takes linear time; later ones
// change that in place, as long as no copy shares it.

extension PickleValue {
    /// Appends to a list: Python's `list.append`.
    ///
    /// - Precondition: The value is a `list`.
    /// - Complexity: O(1), amortized.
    public mutating func append(_ item: PickleValue) {
        change(.list) { $0.append(item) }
    }

    /// Appends to a list: Python's `list.extend`.
    ///
    /// - Precondition: The value is a `list`.
    /// - Complexity: linear in the number of items, amortized.
    public mutating func append(contentsOf items: some Sequence<PickleValue>) {
        change(.list) { for item in items { $0.append(item) } }
    }

    /// Inserts into a list, before the item at `position`.
    ///
    /// - Precondition: The value is a `list`, and `position` is from 0 to its count.
    /// - Complexity: O(n).
    public mutating func insert(_ item: PickleValue, at position: Int) {
        change(.list) { $0.insert(item, at: position) }
    }

    /// Removes an item from a list and gives it.
    ///
    /// - Precondition: The value is a `list`, and `position` is from 0 to below its count.
    /// - Complexity: O(n); O(1) for the last item.
    @discardableResult
    public mutating func remove(at position: Int) -> PickleValue {
        change(.list) { $0.remove(at: position) }
    }

    /// Sets a dict's key and gives the value that it had. An equal key that is there already stays, as in Python.
    ///
    /// - Precondition: The value is a `dict`.
    /// - Complexity: O(1) on average.
    @discardableResult
    public mutating func updateValue(_ value: PickleValue, forKey key: PickleValue) -> PickleValue? {
        change(.dict) { container in
            if let entry = container.entry(of: key) { return container.exchange(at: entry * 2 + 1, with: value) }
            container.set(value, for: key)
            return nil
        }
    }

    /// Removes a dict's key and gives its value: Python's `dict.pop(key, None)`.
    ///
    /// - Precondition: The value is a `dict`.
    /// - Complexity: O(1), amortized.
    @discardableResult
    public mutating func removeValue(forKey key: PickleValue) -> PickleValue? {
        change(.dict) { container in container.entry(of: key).map(container.removeEntry) }
    }

    /// Adds a member to a set; gives false where an equal one is there, which then stays.
    ///
    /// - Precondition: The value is a `set`.
    /// - Complexity: O(1) on average.
    @discardableResult
    public mutating func insert(_ member: PickleValue) -> Bool {
        change(.set) { $0.insert(member) }
    }

    /// Removes a member from a set: Python's `set.discard`. Gives the member that was there.
    ///
    /// - Precondition: The value is a `set`.
    /// - Complexity: O(1), amortized.
    @discardableResult
    public mutating func remove(_ member: PickleValue) -> PickleValue? {
        change(.set) { container in container.entry(of: member).map(container.removeEntry) }
    }

    /// Runs `body` with a container that no other value shares.
    mutating func change<Result>(_ shape: Container.Shape, _ body: (Container) -> Result) -> Result {
        let container = takeContainer(shape)
        defer { storage = .container(container) }
        return body(container)
    }

    /// A container with the content, which no other value shares; the value itself is `None` until it is put back.
    mutating func takeContainer(_ shape: Container.Shape) -> Container {
        switch storage {
        case .container(var container) where container.shape == shape:
            storage = .none
            return isKnownUniquelyReferenced(&container) ? container : container.copy()
        case .node(let graph, let node) where shape == .list && kind == .list:
            return Container(.list, items: graph.graph.children(of: node).map(graph.item))
        case .node(let graph, let node) where shape == .set && kind == .set:
            return Container(graph, setOf: graph.shape(of: node).content)
        case .node(let graph, let node) where shape == .dict && kind == .dict:
            return Container(graph, dict: node)
        default:
            preconditionFailure("expected a \(shape), found a \(kind): look at `kind` before changing a value")
        }
    }
}
