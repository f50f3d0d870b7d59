import Testing

@testable import Rememory

@Suite(.timeLimit(.minutes(2))) struct RememoryListChangesTests {
    typealias List = RememoryList<Int>

    @Test func reportsWhatSwiftAndPythonChange() async throws {
        let block = try UniqueBlock("changes")
        defer { block.removeAll() }
        let list = try List(block.string)
        let python = try PythonReader()
        try list.append(contentsOf: [1, 2, 3])
        var changes = list.changes().makeAsyncIterator()
        try list.append(4)
        #expect(try await changes.next() == .inserted(index: 3, item: 4))
        try list.set(20, at: 1)
        #expect(try await changes.next() == .changed(index: 1, from: 2, to: 20))
        try python.change(block.segmentPath, "del value[0]; value.insert(1, 7)")
        #expect(try await changes.next() == .removed(index: 0, item: 1))
        #expect(try await changes.next() == .inserted(index: 1, item: 7))
        try list.clear()
        for item in [20, 7, 3, 4] { #expect(try await changes.next() == .removed(index: 0, item: item)) }
    }

    @Test func changesMadeOneByOneGiveTheList() async throws {
        let block = try UniqueBlock("changes")
        defer { block.removeAll() }
        let list = try List(block.string, capacity: 256)
        let python = try PythonReader()
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed)
        var changes = list.changes(includingPresent: true).makeAsyncIterator()
        var mirror: [Int] = []
        for step in 0..<60 {
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let item = Int.random(in: 0..<5, using: &random)
                let count = try list.count
                switch Int.random(in: 0..<6, using: &random) {
                case 0, 1: try list.append(item)
                case 2: try list.insert(item, at: Int.random(in: 0...count, using: &random))
                case 3 where count > 0: try list.set(item, at: Int.random(in: 0..<count, using: &random))
                case 4 where count > 0: try list.pop(at: Int.random(in: 0..<count, using: &random))
                default: try python.change(block.segmentPath, "value.append(\(item)); value.reverse()")
                }
            }
            let expected = try list.items()
            while mirror != expected {
                let change = try #require(try await changes.next())
                switch change {
                case .inserted(let index, let item): mirror.insert(item, at: index)
                case .changed(let index, let old, let item):
                    #expect(mirror[index] == old, "seed \(seed), step \(step)")
                    mirror[index] = item
                case .removed(let index, let item):
                    #expect(mirror.remove(at: index) == item, "seed \(seed), step \(step)")
                }
            }
        }
    }
}
