import PeerProtocol
import PickleCodec
import Rememory

/// A block of any type that was opened to be read or changed. Every change is one step that nobody can get in between.
struct OpenBlock: Sendable {
    private enum Storage: Sendable {
        case dict(SharedDict)
        case list(SharedList)
        case int(SharedInt)
        case float(RememoryFloat)
        case bool(RememoryBool)
        case string(RememoryString)
        case block(RememoryBlock<PickleValue>)
    }

    let name: String
    let kind: BlockKind
    private let storage: Storage
    private let options: RememoryOptions

    /// Opens a block that exists.
    init(_ name: String, _ options: BlockOptions) throws {
        guard let found = try BlockInspection(name), let size = found.size else { throw Failure.noBlock(name) }
        guard let kind = options.type ?? found.kind else {
            throw Failure.unfit(
                "the type of \"\(name)\" can't be guessed: \(found.reason)",
                remedy: "Say it with --type; rememoryctl doctor says what is wrong with it")
        }
        // Where it may be a Block, only what Python would write is right for both.
        let isSurelyJournal = found.writer == .swift || size > BlockSize.s32768.byteCount
        let format = options.format?.uppercased() ?? OpenBlock.format(found, kind, size)
        try self.init(name, kind, format, isSurelyJournal ? .journal : .canonical, size, options.rememory)
    }

    /// Opens a block, or creates it.
    init(creating name: String, kind: BlockKind, size: Int?, _ options: BlockOptions) throws {
        try self.init(name, kind, options.format?.uppercased(), .journal, size, options.rememory)
    }

    private init(
        _ name: String, _ kind: BlockKind, _ format: String?, _ layout: RememoryLayout, _ size: Int?,
        _ options: RememoryOptions
    ) throws {
        self.name = name
        self.kind = kind
        self.options = options
        let capacity = size ?? 65536
        storage =
            switch kind {
            case .dict: .dict(try SharedDict(name, capacity: capacity, layout: layout, options: options))
            case .list: .list(try SharedList(name, capacity: capacity, layout: layout, options: options))
            case .int:
                .int(
                    try SharedInt(
                        name, as: Int128.self, format: format.flatMap(IntFormat.init) ?? .int64, options: options))
            case .float:
                .float(try RememoryFloat(name, format: format.flatMap(FloatFormat.init) ?? .float64, options: options))
            case .bool: .bool(try RememoryBool(name, options: options))
            case .string: .string(try RememoryString(name, size: size.map { BlockSize($0) }, options: options))
            case .block: .block(try RememoryBlock(name, size: size.map { BlockSize($0) }, options: options))
            }
    }

    /// The format of a number of that size: what was guessed, or the usual one.
    private static func format(_ found: BlockInspection, _ kind: BlockKind, _ size: Int) -> String? {
        if found.kind == kind, let format = found.format { return format }
        return kind == .int ? "INT\(8 * size)" : kind == .float ? "FLOAT\(8 * size)" : nil
    }

    /// The dict or list, where the block is one.
    var containers: Container? {
        switch storage {
        case .dict(let dict): .dict(dict)
        case .list(let list): .list(list)
        default: nil
        }
    }

    /// A block that has entries.
    enum Container {
        case dict(SharedDict)
        case list(SharedList)
    }

    // MARK: Reading

    /// The value at the end of a path.
    func get(_ path: ValuePath) throws -> PickleValue {
        switch storage {
        case .dict(let dict):
            guard let part = path.parts.first else { return .dict(try dict.snapshot()) }
            guard let value = try dict[part.key] else { throw ValuePath.missing(part, amongKeys: try dict.keys()) }
            return try ValuePath.value(at: path.parts.dropFirst(), in: value)
        case .list(let list):
            guard let part = path.parts.first else { return .list(try list.items()) }
            return try ValuePath.value(at: path.parts.dropFirst(), in: try list[part.index()])
        case .block(let block): return try ValuePath.value(at: path.parts, in: try block.get())
        case .int(let number): return try alone(path, PickleValue(number.get()))
        case .float(let number): return try alone(path, PickleValue(number.get()))
        case .bool(let flag): return try alone(path, PickleValue(flag.get()))
        case .string(let text): return try alone(path, PickleValue(text.get()))
        }
    }

    private func alone<Value>(_ path: ValuePath, _ value: @autoclosure () throws -> Value) throws -> Value {
        guard path.parts.isEmpty else {
            throw Failure.usage(
                "a block of type \(kind) has no parts, and the path is '\(path.text)'", remedy: "Leave the path out")
        }
        return try value()
    }

    // MARK: Changing

    /// Changes what is at the end of a path; `nil` stands for nothing, before and after.
    @discardableResult
    func update<Result>(_ path: ValuePath, _ body: (inout PickleValue?) throws -> Result) throws -> Result {
        let rest = path.parts.dropFirst()
        switch (storage, path.parts.first) {
        case (.dict(let dict), let part?):
            return try dict.update(part.key) { value in
                if rest.isEmpty { return try body(&value) }
                guard var inner = value else { throw ValuePath.missing(part, amongKeys: try dict.keys()) }
                let result = try ValuePath.change(rest, in: &inner, body)
                value = inner
                return result
            }
        case (.list(let list), let part?):
            let index = try part.index()
            return try list.update(at: index) { try ValuePath.change(rest, in: &$0, body) }
        case (.block(let block), _):
            var result: Result?
            try block.update { result = try ValuePath.change(path.parts[...], in: &$0, body) }
            guard let result else { throw Failure.unfit("nothing was changed", remedy: "Try again") }
            return result
        default:
            return try alone(path, try updateWhole(body))
        }
    }

    /// Changes all of a block, with its lock held from the look to the change.
    private func updateWhole<Result>(_ body: (inout PickleValue?) throws -> Result) throws -> Result {
        try RememoryLock(name, options: options).withLock {
            var value: PickleValue? = try get(.whole)
            let result = try body(&value)
            guard let value else {
                throw Failure.unfit(
                    "a block always has a value", remedy: "rememoryctl delete \(name) removes the block")
            }
            try set(value)
            return result
        }
    }

    /// Makes a value all there is.
    func set(_ value: PickleValue) throws {
        switch storage {
        case .dict(let dict):
            guard value.kind == .dict else { throw unfit(value, "a dict") }
            try dict.replaceAll(withPairsOf: value)
        case .list(let list):
            guard value.kind == .list || value.kind == .tuple else { throw unfit(value, "a list") }
            try list.replaceAll(withItemsOf: value)
        case .block(let block): try block.set(value)
        case .int(let number): try number.set(try integer(value))
        case .float(let number):
            guard let double = value.asPythonFloat else { throw unfit(value, "a number") }
            try number.set(double)
        case .bool(let flag):
            guard let bool = value.bool else { throw unfit(value, "true or false") }
            try flag.set(bool)
        case .string(let text):
            guard let string = value.string else { throw unfit(value, "a string") }
            try text.set(string)
        }
    }

    private func integer(_ value: PickleValue) throws -> Int128 {
        guard let integer = value.asPythonInteger else { throw unfit(value, "an integer") }
        guard let number = Int128(exactly: integer) else { throw unfit(value, "an integer that some format can hold") }
        return number
    }

    private func unfit(_ value: PickleValue, _ wanted: String) -> Failure {
        .unfit("\(name) takes \(wanted), and the value is \(value.repr(limit: 100))", remedy: "Give \(wanted)")
    }

    /// Takes an item of a dict or list away, or an entry of a value inside.
    func delete(_ path: ValuePath) throws {
        guard let last = path.parts.last else { return }
        if case .list(let list) = storage, path.parts.count == 1 { return try list.delete(at: last.index()) }
        try update(path) { value in
            guard value != nil else {
                throw Failure(
                    .missing, "there is no key \(last)", remedy: "rememoryctl get \(name) shows what there is")
            }
            value = nil
        }
    }

    /// Adds to what has an end: an item to a list, text to a string.
    func append(_ value: PickleValue, to path: ValuePath) throws {
        if case .list(let list) = storage, path.parts.isEmpty { return try list.append(value) }
        try update(path) { target in
            guard var changed = target else { throw nothingAt(path) }
            if changed.kind == .list {
                changed.append(value)
            } else if let text = changed.string {
                guard let more = value.string else { throw unfit(value, "a string") }
                changed = PickleValue(text + more)
            } else {
                throw unfitFor("append", changed, "a list or a string")
            }
            target = changed
        }
    }

    /// Adds a number to a number, a missing one counting as 0, or a member to a set; the new value.
    func add(_ value: PickleValue, to path: ValuePath) throws -> PickleValue {
        if path.parts.isEmpty, case .int(let number) = storage {
            return PickleValue(try number.add(try integer(value)))
        }
        return try update(path) { target in
            var changed = target ?? 0
            if changed.kind == .set {
                changed.insert(value)
            } else if changed.kind != .bool, let sum = try PythonSum.of(changed, value) {
                changed = sum
            } else {
                throw unfitFor("add", changed, "a number, with a number, or a set")
            }
            target = changed
            return changed
        }
    }

    /// Takes the first item that equals a value out of a list, or a member out of a set.
    func remove(_ value: PickleValue, from path: ValuePath) throws {
        let absent = Failure(
            .missing, "nothing there equals \(value.repr(limit: 100))",
            remedy: "rememoryctl get \(name) shows what there is")
        if case .list(let list) = storage, path.parts.isEmpty {
            guard try list.remove(value) else { throw absent }
            return
        }
        try update(path) { target in
            guard var changed = target else { throw nothingAt(path) }
            switch changed.kind {
            case .list:
                guard let position = changed.elements.firstIndex(of: value) else { throw absent }
                changed.remove(at: position)
            case .set:
                guard changed.remove(value) != nil else { throw absent }
            default:
                throw unfitFor("remove", changed, "a list or a set")
            }
            target = changed
        }
    }

    private func nothingAt(_ path: ValuePath) -> Failure {
        Failure(.missing, "there is nothing at '\(path.text)'", remedy: "rememoryctl get \(name) shows what there is")
    }

    private func unfitFor(_ operation: String, _ value: PickleValue, _ wanted: String) -> Failure {
        .unfit(
            "\(operation) is for \(wanted), and there is \(value.repr(limit: 60))",
            remedy: "rememoryctl set changes it as a whole")
    }
}
