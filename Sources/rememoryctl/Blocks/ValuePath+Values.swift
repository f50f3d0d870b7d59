import PickleCodec

/// Reading and changing the value at the end of a path, inside of a Python value.
extension ValuePath {
    /// The value at the end of these parts.
    static func value(at parts: some Sequence<Part>, in root: PickleValue) throws(Failure) -> PickleValue {
        var value = root
        for part in parts { value = try step(part, in: value) }
        return value
    }

    /// Changes what is at the end of these parts; `nil` stands for nothing, before and after.
    static func change<Result>(
        _ parts: ArraySlice<Part>, in value: inout PickleValue, _ body: (inout PickleValue?) throws -> Result
    ) throws -> Result {
        guard let part = parts.first else {
            var whole: PickleValue? = value
            let result = try body(&whole)
            guard let whole else {
                throw Failure.unfit(
                    "the value can't be taken away, only changed", remedy: "Set it to null, or delete the block")
            }
            value = whole
            return result
        }
        switch value.kind {
        case .dict:
            let key = part.key
            var child = value[key]
            let result = try change(parts.dropFirst(), optional: &child, part, of: value, body)
            if let child {
                value.updateValue(child, forKey: key)
            } else {
                value.removeValue(forKey: key)
            }
            return result
        case .list, .tuple:
            var items = Array(value.elements)
            let position = try position(part, count: items.count)
            var child: PickleValue? = items[position]
            let result = try change(parts.dropFirst(), optional: &child, part, of: value, body)
            if let child { items[position] = child } else { items.remove(at: position) }
            value = value.kind == .list ? .list(items) : .tuple(items)
            return result
        default:
            throw leadsNowhere(part, value, changing: true)
        }
    }

    private static func change<Result>(
        _ rest: ArraySlice<Part>, optional child: inout PickleValue?, _ part: Part, of parent: PickleValue,
        _ body: (inout PickleValue?) throws -> Result
    ) throws -> Result {
        if rest.isEmpty { return try body(&child) }
        guard var inner = child else { throw missing(part, parent) }
        let result = try change(rest, in: &inner, body)
        child = inner
        return result
    }

    private static func step(_ part: Part, in value: PickleValue) throws(Failure) -> PickleValue {
        switch value.kind {
        case .dict:
            guard let child = value[part.key] else { throw missing(part, value) }
            return child
        case .list, .tuple:
            return value.elements[try position(part, count: value.elements.count)]
        case .object:
            if let child = attribute(part, of: value) { return child }
            guard let pair = value.pairs.last(where: { $0.key == part.key }) else { throw missing(part, value) }
            return pair.value
        default:
            throw leadsNowhere(part, value, changing: false)
        }
    }

    /// The attribute of an object: an entry of its state, which has a second dict where the class has slots.
    private static func attribute(_ part: Part, of object: PickleValue) -> PickleValue? {
        guard case .name(let name) = part, let state = object.state else { return nil }
        return ([state] + Array(state.elements)).lazy.compactMap { $0.kind == .dict ? $0[name] : nil }.first
    }

    private static func position(_ part: Part, count: Int) throws(Failure) -> Int {
        let index = try part.index()
        let position = index < 0 ? index + count : index
        guard position >= 0, position < count else {
            throw Failure(
                .missing, "there is no index \(index)", remedy: "The list has \(count) items: 0 … \(count - 1)")
        }
        return position
    }

    static func missing(_ part: Part, _ parent: PickleValue) -> Failure {
        missing(part, amongKeys: parent.kind == .object ? parent.pairs.prefix(20).map(\.key) : parent.pairs.map(\.key))
    }

    /// The failure for a key that is not there, with the key that was probably meant.
    static func missing(_ part: Part, amongKeys keys: [PickleValue]) -> Failure {
        if case .name(let name) = part, let other = try? PickleValue(taggedJSON: Array(name.utf8)), keys.contains(other)
        {
            return Failure(
                .missing, "there is no key \(part), which is a string",
                remedy: "There is \(other): write it as [\(name)]")
        }
        let some = keys.prefix(5).map { $0.repr(limit: 40) }.joined(separator: ", ")
        let more = keys.count > 5 ? " and \(keys.count - 5) more" : ""
        return Failure(
            .missing, "there is no key \(part)", remedy: keys.isEmpty ? "It has no keys" : "There are \(some)\(more)")
    }

    private static func leadsNowhere(_ part: Part, _ value: PickleValue, changing: Bool) -> Failure {
        let what = value.kind == .object ? "an object of class \(value.className ?? "?")" : "\(value.repr(limit: 60))"
        return .unfit(
            "the path goes on with \(part) where there is \(what)",
            remedy: changing
                ? "Only dicts, lists and tuples are changed inside; set the value as a whole"
                : "End the path before it")
    }
}
