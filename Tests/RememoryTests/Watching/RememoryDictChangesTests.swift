import CRememoryPlatform
import PickleCodec
import Testing

@testable import Rememory

@Suite(.timeLimit(.minutes(2))) struct RememoryDictChangesTests {
    typealias Dict = RememoryDict<String, Int>

    /// A dict that is changed only by what a watcher reports.
    struct Mirror {
        var values: [String: Int] = [:]

        mutating func make(_ change: Dict.Change) {
            #expect(values[change.key] == change.oldValue, "\(change) on \(values)")
            values[change.key] = change.value
        }

        /// Makes changes until the mirror shows this.
        mutating func follow(_ changes: inout Dict.Changes.AsyncIterator, until expected: [String: Int]) async throws {
            while values != expected {
                make(try #require(try await changes.next(), "ended at \(values), expected \(expected)"))
            }
        }
    }

    @Test(arguments: [RememoryLayout.journal, .canonical])
    func reportsWhatSwiftAndPythonChange(layout: RememoryLayout) async throws {
        let block = try UniqueBlock("changes")
        defer { block.removeAll() }
        let dict = try Dict(block.string, layout: layout)
        let python = try PythonReader()
        try dict.set(1, for: "there")
        var changes = dict.changes().makeAsyncIterator()
        try dict.set(2, for: "new")
        #expect(try await changes.next() == .inserted(key: "new", value: 2))
        try Dict(block.string).set(3, for: "there")
        #expect(try await changes.next() == .changed(key: "there", from: 1, to: 3))
        try python.change(block.segmentPath, "del value['there']; value['python'] = 4; value['new'] += 1")
        #expect(try await changes.next() == .removed(key: "there", value: 3))
        #expect(try await changes.next() == .changed(key: "new", from: 2, to: 3))
        #expect(try await changes.next() == .inserted(key: "python", value: 4))
    }

    @Test func reportsWhatIsThereFirstIfAskedTo() async throws {
        let block = try UniqueBlock("changes")
        defer { block.removeAll() }
        let dict = try Dict(block.string)
        try dict.merge([(key: "a", value: 1), (key: "b", value: 2)])
        var changes = dict.changes(includingPresent: true).makeAsyncIterator()
        try dict.removeValue(for: "a")
        #expect(try await changes.next() == .inserted(key: "a", value: 1))
        #expect(try await changes.next() == .inserted(key: "b", value: 2))
        #expect(try await changes.next() == .removed(key: "a", value: 1))
    }

    @Test func severalWatchersSeeRandomChanges() async throws {
        let block = try UniqueBlock("changes")
        defer { block.removeAll() }
        let handles = [try Dict(block.string, capacity: 512), try Dict(block.string)]
        let python = try PythonReader()
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed)
        var watchers = [handles[0], handles[0], handles[1]].map { $0.changes().makeAsyncIterator() }
        var mirrors = [Mirror](repeating: Mirror(), count: watchers.count)
        for _ in 0..<60 {
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let dict = handles[Int.random(in: 0...1, using: &random)]
                let key = "key\(Int.random(in: 0..<20, using: &random))"
                switch Int.random(in: 0..<6, using: &random) {
                case 0...2: try dict.set(Int.random(in: 0..<100_000, using: &random), for: key)
                case 3: try dict.removeValue(for: key)
                case 4:
                    let value = Int.random(in: 0..<9, using: &random)
                    try dict.merge((0..<8).map { (key: "merged\($0)", value: value + $0) })
                default:
                    _ = try dict.count  // brings a lost name back before Python changes the segment by its name
                    try python.change(block.segmentPath, "value['\(key)'] = 7; value.pop('merged1', None)")
                }
            }
            let expected = Dictionary(uniqueKeysWithValues: try handles[0].snapshot().map { ($0.key, $0.value) })
            for place in watchers.indices {
                try await mirrors[place].follow(&watchers[place], until: expected)
            }
        }
    }

    @Test func bytesAloneAreNoChange() async throws {
        let block = try UniqueBlock("changes")
        defer { block.removeAll() }
        let dict = try RememoryDict<PickleValue, PickleValue>(block.string)
        let python = try PythonReader()
        let content = "{'a': {'x', 'y', 'z'}, 'b': [1, 'a', 'a'], 'c': {'x': 1}, 'd': float('nan'), 'e': 1}"
        try python.write(block.segmentPath, content)
        var changes = dict.changes().makeAsyncIterator()
        // Other orders of a set, other memo numbers, Swift's spelling of all of it.
        try dict.set(5, for: "f")
        try dict.removeValue(for: "f")
        try python.write(block.segmentPath, content.replacing("'x', 'y', 'z'", with: "'z', 'y', 'x'"))
        try dict.set(true, for: "e")
        let change = try await changes.next()
        #expect(change?.key == "e")
        #expect(change?.value?.kind == .bool)
    }

    @Test func followsGrowthByBoth() async throws {
        let block = try UniqueBlock("changes")
        defer { block.removeAll() }
        let dict = try RememoryDict<String, String>(block.string, capacity: 256)
        let python = try PythonReader()
        var changes = dict.changes().makeAsyncIterator()
        let size = try block.facts().size
        try dict.set(String(repeating: "s", count: 1000), for: "swift")
        #expect(try await changes.next()?.key == "swift")
        try python.change(block.segmentPath, "value['python'] = 'p' * 10_000")
        #expect(try await changes.next()?.key == "python")
        #expect(try block.facts().size >= 4 * size)
    }

    @Test func endsWithTheErrorOfAConflictOrARemoval() async throws {
        let block = try UniqueBlock("changes")
        defer { block.removeAll() }
        let dict = try Dict(block.string)
        var changes = dict.changes().makeAsyncIterator()
        try block.replaceAsPython(
            size: 65536, content: [0x80, 4, 0x7d, 0x94, 0x8c, 1, 97, 0x4b, 1, 0x73, 0x2e])
        await #expect { _ = try await changes.next() } throws: { ($0 as? RememoryError)?.code == .conflict }
        #expect(try await changes.next() == nil)

        let other = try UniqueBlock("changes")
        defer { other.removeAll() }
        let removed = try Dict(other.string)
        var changesOfRemoved = removed.changes().makeAsyncIterator()
        try removed.unlink()
        await #expect { _ = try await changesOfRemoved.next() } throws: { ($0 as? RememoryError)?.code == .vanished }
    }

    @Test func endsWithCancellationAndWithTheHandle() async throws {
        let block = try UniqueBlock("changes")
        defer { block.removeAll() }
        let dict = try Dict(block.string)
        let watcher = Task { for try await _ in dict.changes() {} }
        try await Task.sleep(for: .milliseconds(20))
        watcher.cancel()
        try await watcher.value
        var changes = dict.changes().makeAsyncIterator()
        dict.close()
        #expect(try await changes.next() == nil)
    }

    @Test func whatIsNoValueEndsIt() async throws {
        let block = try UniqueBlock("changes")
        defer { block.removeAll() }
        let dict = try Dict(block.string)
        var changes = dict.changes().makeAsyncIterator()
        try RememoryDict<String, String>(block.string).set("text", for: "a")
        await #expect(throws: DecodingError.self) { _ = try await changes.next() }
        #expect(try await changes.next() == nil)
    }

    @Test func idleWatchersTakeNoLock() async throws {
        let block = try UniqueBlock("changes")
        defer { block.removeAll() }
        let dict = try Dict(block.string)
        try dict.set(1, for: "a")
        let lock = dict.segment.core.lock
        let watcher = Task { for try await _ in dict.changes() {} }
        defer { watcher.cancel() }
        try await Task.sleep(for: .milliseconds(50))
        let turns = try dict.segment.withLock { _ in unsafe lock.state.pointee.turn }
        try await Task.sleep(for: .milliseconds(300))
        #expect(try dict.segment.withLock { _ in unsafe lock.state.pointee.turn } == turns + 1)
    }
}
