import Testing

@testable import PickleCodec

/// Compares with a running CPython: what it writes, what it loads, what it refuses.
@Suite(.serialized) struct AgainstPythonTests {
    @Test func hundredThousandRandomValuesComeBackByteForByte() throws {
        let first = RandomSeed.make("random values, with this seed and the 19 after it")
        var count = 0
        for seed in first..<first + 20 {
            let python = try PythonChecks(["random", "\(seed)", "5000"])
            while let record = try python.next() {
                let written = try PickleGraph(decoding: record.pickle).encoded()
                try #require(written == record.pickle, "seed \(seed): \(hex(record.pickle)) became \(hex(written))")
                count += 1
            }
        }
        #expect(count == 100_000)
    }

    @Test func damagedPicklesAreRefusedWhereCPythonRefusesThem() throws {
        let seed = RandomSeed.make("damaged pickles")
        let python = try PythonChecks(["mutated", "\(seed)", "20000"])
        var counts: [PythonChecks.Record.Outcome: Int] = [:]
        while let record = try python.next() {
            counts[record.outcome, default: 0] += 1
            let graph = Result { () throws(PickleError) in try PickleGraph(decoding: record.pickle) }
            switch (record.outcome, graph) {
            case (.loaded, .failure(let error)):
                Issue.record("seed \(seed): CPython loads \(hex(record.pickle)), here: \(error)")
            case (.refused, .success):
                Issue.record("seed \(seed): CPython refuses \(hex(record.pickle))")
            case (_, .success(let graph)):
                // What is dropped is written once more, as Python does; then it is gone, and in the end the bytes stay.
                var last = try graph.encoded()
                var next = try PickleGraph(decoding: last).encoded()
                for _ in 0..<50 where next != last {
                    last = next
                    next = try PickleGraph(decoding: last).encoded()
                }
                #expect(next == last, "seed \(seed): \(hex(record.pickle))")
            default: break
            }
        }
        #expect(counts[.loaded, default: 0] > 1000 && counts[.refused, default: 0] > 1000)
    }

    @Test func everyPickleOfCPythonsOwnTestsIsReadAndWrittenOrRefusedAsThere() throws {
        let python = try PythonChecks(["suite"])
        var count = 0
        while let record = try python.next() {
            if record.outcome == .unknown {
                // The end: how many were seen, how many Python compared, how many of these differ.
                let numbers = (0..<3).map { word in
                    record.pickle[word * 4..<word * 4 + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
                }
                print("CPython's tests: \(numbers[0]) pickles, \(numbers[1]) compared, \(numbers[2]) differ")
                #expect(numbers[1] > 3000 && numbers[2] == 0)
                break
            }
            count += 1
            do {
                let graph = try PickleGraph(decoding: record.pickle)
                // What a class, a code or a buffer would have refused, no reader can tell.
                let isFormAlone = !graph.namesSomething
                #expect(record.outcome == .loaded || !isFormAlone, "CPython refuses \(hex(record.pickle))")
                try python.answer(try graph.encoded())
            } catch let error as PickleError {
                #expect(record.outcome == .refused, "CPython loads \(hex(record.pickle)), here: \(error)")
                try python.answer(nil)
            }
        }
        #expect(count > 3000)
    }
}

extension PickleGraph {
    /// Whether anything of the graph depends on what Python has imported, registered or been given.
    fileprivate var namesSomething: Bool {
        (3..<objectCount).contains { index in
            switch kind(of: Node(rawValue: UInt32(index))) {
            case .global, .extension, .persistentID, .buffer: true
            default: false
            }
        }
    }
}

/// Bytes for a message, at most 600 of them.
func hex(_ bytes: [UInt8]) -> String {
    bytes.prefix(600).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + (bytes.count > 600 ? "…" : "")
}
