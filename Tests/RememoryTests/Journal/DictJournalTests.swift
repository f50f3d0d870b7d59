import Testing

@testable import Rememory

/// Random operations by two Swift handles and Python against a model; after each, both unpicklers read the segment.
@Suite struct DictJournalTests {
    struct Model: CustomStringConvertible {
        var pairs: [(key: String, value: Int)] = []

        mutating func set(_ key: String, _ value: Int) {
            if let place = pairs.firstIndex(where: { $0.key == key }) {
                pairs[place].value = value
            } else {
                pairs.append((key, value))
            }
        }

        mutating func remove(_ key: String) { pairs.removeAll { $0.key == key } }

        /// As Python's `repr` of the dict.
        var description: String { "{" + pairs.map { "'\($0.key)': \($0.value)" }.joined(separator: ", ") + "}" }
    }

    @Test(arguments: [(400, 256), (400, 1024), (600, 4096), (300, 65536)], [RememoryLayout.journal, .canonical])
    func agreesWithPythonAfterEveryOperation(size: (Int, Int), layout: RememoryLayout) throws {
        let (steps, capacity) = size
        let block = try UniqueBlock("dictjournal")
        defer { block.removeAll() }
        let python = try PythonReader()
        let handles = [
            try RememoryDict<String, Int>(block.string, capacity: capacity, layout: layout),
            try RememoryDict<String, Int>(block.string, capacity: capacity, layout: .journal),
        ]
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed)
        var model = Model()
        for step in 0..<steps {
            let dict = handles[Int.random(in: 0...1, using: &random)]
            let key = "key\(Int.random(in: 0..<12, using: &random))"
            let value = [7, 300, 70_000, -5, 1 << 40, .min][Int.random(in: 0..<6, using: &random)] &+ step
            switch Int.random(in: 0..<14, using: &random) {
            case 0...5:
                try dict.set(value, for: key)
                model.set(key, value)
            case 6:
                try dict.removeValue(for: key)
                model.remove(key)
            case 7:
                try dict.merge([(key, value), ("merged", step)])
                model.set(key, value)
                model.set("merged", step)
            case 8:
                try dict.transaction { tx in
                    try tx.removeValue(for: key)
                    try tx.set(value, for: key)
                    try tx.set(1, for: "moved")
                }
                model.remove(key)
                model.set(key, value)
                model.set("moved", 1)
            case 9:
                try python.change(block.segmentPath, "value['\(key)'] = \(step)")
                model.set(key, step)
            case 10:
                try python.change(block.segmentPath, "value.pop('\(key)', None)")
                model.remove(key)
            case 11 where step % 5 == 0:
                try dict.clear()
                model.pairs = []
            case 12 where !model.pairs.isEmpty:
                let item = try dict.popItem()
                #expect(item == model.pairs.removeLast())
            default:
                #expect(try dict[key] == model.pairs.first { $0.key == key }?.value)
            }
            let comment: Comment = "seed \(seed), step \(step), capacity \(capacity), \(layout)"
            try #require(try python.read(block.segmentPath) == model.description, comment)
            for handle in handles {
                try #require(try handle.snapshot().elementsEqual(model.pairs, by: ==), comment)
                try #require(try handle.count == model.pairs.count, comment)
            }
        }
    }

    /// What a transaction takes grows with its changes, not with their square.
    @Test func manyChangesAtOnceAreNoTrouble() throws {
        func time(_ count: Int) throws -> Int64 {
            let block = try UniqueBlock("many")
            let dict = try RememoryDict<String, Int>(block.string, capacity: 1 << 20)
            let started = SystemCalls.monotonicTime()
            try dict.transaction { tx in
                for number in 0..<count { try tx.set(number, for: "key \(number)") }
                for number in 0..<count { try tx.removeValue(for: "key \(number)") }
                for number in 0..<count { try tx.set(-number, for: "key \(number)") }
            }
            let elapsed = SystemCalls.monotonicTime() - started
            #expect(try dict.count == count)
            #expect(try dict.keys().first == "key 0")
            return elapsed
        }
        // A machine that is busy with something else makes one slow, not each.
        let ratios = try (0..<3).map { _ in Double(try time(4_000)) / Double(try time(500)) }
        #expect(ratios.min() ?? .infinity < 24, "eight times as many changes took \(ratios) times as long")
    }
}
