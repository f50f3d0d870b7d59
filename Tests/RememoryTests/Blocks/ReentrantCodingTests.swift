import Synchronization
import Testing

@testable import Rememory

/// Values that use the very block that is just coding them: what they do to it counts, and so does what was under way.
@Suite struct ReentrantCodingTests {
    /// What is done once, in the middle of coding a value.
    final class Meddling: Sendable {
        @TaskLocal static var current: Meddling?
        private let body: @Sendable () throws -> Void
        private let isDue = Mutex(true)

        private init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }

        static func with(_ body: @escaping @Sendable () throws -> Void, _ operation: () throws -> Void) throws {
            let meddling = Meddling(body)
            try $current.withValue(meddling, operation: operation)
            #expect(meddling.take() == nil, "nothing was coded")
        }

        /// The body, the first time.
        private func take() -> (@Sendable () throws -> Void)? {
            isDue.withLock { isDue in
                defer { isDue = false }
                return isDue ? body : nil
            }
        }

        static func meddle() throws {
            try current?.take()?()
        }
    }

    protocol Meddler: Codable, Equatable, Sendable {
        init(_ number: Int, size: Int)
    }

    /// Fields that are read and written where they stand.
    struct Flat: Meddler {
        var number: Int
        var text: String

        init(_ number: Int, size: Int) {
            self.number = number
            text = String(repeating: "\(number % 10)", count: size)
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            number = try container.decode(Int.self, forKey: .number)
            try Meddling.meddle()
            text = try container.decode(String.self, forKey: .text)
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(number, forKey: .number)
            try Meddling.meddle()
            try container.encode(text, forKey: .text)
        }

        private enum CodingKeys: CodingKey { case number, text }
    }

    /// A list, which takes a graph.
    struct Listed: Meddler {
        var numbers: [Int]

        init(_ number: Int, size: Int) { numbers = [Int](repeating: number, count: size) }

        init(from decoder: any Decoder) throws {
            try Meddling.meddle()
            numbers = try decoder.singleValueContainer().decode([Int].self)
        }

        func encode(to encoder: any Encoder) throws {
            try Meddling.meddle()
            var container = encoder.singleValueContainer()
            try container.encode(numbers)
        }
    }

    enum Deed: CaseIterable {
        case setOther, grow, removeOthers
    }

    /// What is done, by the handle that is coding or by another one of the same block.
    struct Case: CustomTestStringConvertible {
        let deed: Deed
        let isSameHandle: Bool

        var testDescription: String { "\(deed) by \(isSameHandle ? "the same" : "another") handle" }

        static let all = Deed.allCases.flatMap {
            [Case(deed: $0, isSameHandle: true), Case(deed: $0, isSameHandle: false)]
        }
    }

    private static let size = 20
    private let python: PythonReader

    init() throws { python = try PythonReader() }

    /// A dict of eight values: `other 0` to `other 3` that the deed is done to, and `key 0` to `key 3`.
    ///
    /// - Parameter change: What is done to it and to the model while a value meddles.
    private func check<Value: Meddler>(
        _ type: Value.Type, _ test: Case,
        _ change: (RememoryDict<String, Value>, inout [String: Value]) throws -> Void
    ) throws {
        let block = try UniqueBlock("reentrant")
        let dict = try RememoryDict<String, Value>(block.string, capacity: 2048)
        var model: [String: Value] = [:]
        for number in 0..<4 {
            for name in ["other", "key"] {
                model["\(name) \(number)"] = Value(number, size: Self.size)
                try dict.set(Value(number, size: Self.size), for: "\(name) \(number)")
            }
        }
        let meddler = test.isSameHandle ? dict : try RememoryDict<String, Value>(block.string)
        _ = try meddler.count
        let newcomer = Value(7, size: test.deed == .grow ? 3_000 : 1)
        try Meddling.with {
            switch test.deed {
            case .setOther, .grow: try meddler.set(newcomer, for: "new")
            case .removeOthers: for number in 0..<4 { try meddler.delete("other \(number)") }
            }
        } _: {
            try change(dict, &model)
        }
        if test.deed == .removeOthers {
            for number in 0..<4 { model["other \(number)"] = nil }
        } else {
            model["new"] = newcomer
        }
        for handle in [dict, meddler, try RememoryDict<String, Value>(block.string)] {
            let found = Dictionary(uniqueKeysWithValues: try handle.snapshot().map { ($0.key, $0.value) })
            #expect(found == model)
        }
        let keys = "[" + model.keys.sorted().map { "'\($0)'" }.joined(separator: ", ") + "]"
        try python.expect(block.segmentPath, "assert sorted(found) == \(keys), sorted(found); model = found")
    }

    private func checkBoth(
        _ test: Case,
        flat: (RememoryDict<String, Flat>, inout [String: Flat]) throws -> Void,
        listed: (RememoryDict<String, Listed>, inout [String: Listed]) throws -> Void
    ) throws {
        try check(Flat.self, test, flat)
        try check(Listed.self, test, listed)
    }

    @Test(arguments: Case.all) func aValueIsReadAsItWas(_ test: Case) throws {
        func read<Value: Meddler>(_ dict: RememoryDict<String, Value>, _ model: inout [String: Value]) throws {
            #expect(try dict["key 1"] == model["key 1"])
        }
        try checkBoth(test, flat: read, listed: read)
    }

    @Test(arguments: Case.all) func allValuesAreThoseOfOneMoment(_ test: Case) throws {
        func read<Value: Meddler>(_ dict: RememoryDict<String, Value>, _ model: inout [String: Value]) throws {
            for (key, value) in try dict.snapshot() where key.hasPrefix("key") {
                #expect(value == model[key], "\(key)")
            }
            #expect(try dict.values().count == dict.count)
        }
        try checkBoth(test, flat: read, listed: read)
    }

    @Test(arguments: Case.all) func aValueIsSet(_ test: Case) throws {
        func set<Value: Meddler>(_ dict: RememoryDict<String, Value>, _ model: inout [String: Value]) throws {
            let value = Value(9, size: 40)
            model["key 1"] = value
            try dict.set(value, for: "key 1")
        }
        try checkBoth(test, flat: set, listed: set)
    }

    @Test(arguments: Case.all) func severalAreSetAtOnce(_ test: Case) throws {
        func set<Value: Meddler>(_ dict: RememoryDict<String, Value>, _ model: inout [String: Value]) throws {
            let value = Value(9, size: 40)
            for key in ["key 1", "key 2", "key 9"] { model[key] = value }
            try dict.merge([("key 1", value), ("key 2", value), ("key 9", value)])
        }
        try checkBoth(test, flat: set, listed: set)
    }

    @Test(arguments: Case.all) func aKeyIsRemoved(_ test: Case) throws {
        func remove<Value: Meddler>(_ dict: RememoryDict<String, Value>, _ model: inout [String: Value]) throws {
            #expect(try dict.removeValue(for: "key 1") == model.removeValue(forKey: "key 1"))
        }
        try checkBoth(test, flat: remove, listed: remove)
    }

    @Test(arguments: Case.all) func theLastItemStays(_ test: Case) throws {
        func remove<Value: Meddler>(_ dict: RememoryDict<String, Value>, _ model: inout [String: Value]) throws {
            // Which one was the last, nobody can say any more.
            let error = #expect(throws: RememoryError.self) { try dict.popItem() }
            #expect(error?.code == .unsupported)
        }
        try checkBoth(test, flat: remove, listed: remove)
    }

    @Test(arguments: Case.all) func aTransactionCounts(_ test: Case) throws {
        func change<Value: Meddler>(_ dict: RememoryDict<String, Value>, _ model: inout [String: Value]) throws {
            let value = Value(9, size: 40)
            model["key 1"] = value
            model["key 2"] = nil
            try dict.transaction { tx in
                try tx.set(value, for: "key 1")
                try tx.removeValue(for: "key 2")
            }
        }
        try checkBoth(test, flat: change, listed: change)
    }

    // MARK: Lists

    /// What is done to a list while one of its values is coded, or compared.
    private static let listChanges: [(name: String, change: @Sendable (RememoryList<Flat>) throws -> Void)] = [
        ("append", { try $0.append(Flat(9, size: 30)) }),
        ("append several", { try $0.append(contentsOf: [Flat(8, size: 30), Flat(9, size: 30)]) }),
        ("set", { try $0.set(Flat(9, size: 30), at: 3) }),
        ("insert", { try $0.insert(Flat(9, size: 30), at: 1) }),
        ("replace", { try $0.replace(from: 1, to: 2, with: [Flat(9, size: 30)]) }),
        ("update", { try $0.update(at: 0) { $0.number = 9 } }),
        ("get", { _ = try $0[1] }),
        ("items", { _ = try $0.items() }),
        ("slice", { _ = try $0.slice(from: 1, by: 2) }),
        ("pop", { try $0.pop() }),
        ("remove", { try $0.remove(Flat(2, size: 20)) }),
        ("sort", { try $0.sort { $0.number > $1.number } }),
        ("firstIndex", { _ = try $0.firstIndex(of: Flat(2, size: 20)) }),
    ]

    @Test(arguments: [true, false], [true, false]) func listsStayWhole(isCleared: Bool, isSameHandle: Bool) throws {
        for (name, change) in ReentrantCodingTests.listChanges {
            let block = try UniqueBlock("reentrant")
            let list = try RememoryList<Flat>(block.string, capacity: 1024)
            for number in 0..<4 { try list.append(Flat(number, size: 20)) }
            let meddler = isSameHandle ? list : try RememoryList<Flat>(block.string)
            _ = try meddler.count
            try Meddling.with {
                if isCleared { try meddler.clear() } else { try meddler.append(Flat(7, size: 2_000)) }
            } _: {
                do {
                    try change(list)
                } catch let error as RememoryError {
                    #expect([.unsupported, .indexOutOfRange].contains(error.code), "\(name): \(error)")
                }
            }
            let found = try RememoryList<Flat>(block.string).items()
            let numbers = found.map(\.number)
            #expect(try list.items() == found, "\(name)")
            #expect(try meddler.items() == found, "\(name)")
            let left = found.filter { $0.number < 4 && $0.text.count == 20 }.count
            #expect(isCleared ? left == 0 : left >= 3 && numbers.contains(7), "\(name): \(numbers)")
            try python.expect(
                block.segmentPath, "assert [v['number'] for v in found] == \(numbers), found; model = found")
        }
    }

    /// A comparison that changes the list which is being sorted.
    @Test func aListThatIsChangedWhileItIsSortedStays() throws {
        let block = try UniqueBlock("reentrant")
        let list = try RememoryList<Int>(block.string)
        try list.append(contentsOf: [3, 1, 2])
        let error = #expect(throws: RememoryError.self) {
            try list.sort { left, right in
                try list.append(4)
                return left < right
            }
        }
        #expect(error?.code == .unsupported)
        #expect(try Array(list.items().prefix(3)) == [3, 1, 2])
    }
}
