import Foundation
import PickleCodec
import Testing

/// Whatever a pickle holds, everything that can be done with it costs in proportion to its size.
///
/// A cost is the processor time of the thread, of which only the ratio of two is looked at: that of a pickle, and of one
/// of the same kind that is 4 times as large. What is linear takes 4 times as long, what is quadratic 16 times.
@Suite(.serialized) struct HostileCostTests {
    static let growth = 4
    static let bound = 8.0
    /// Beyond this, what bounds a cost bounds both: below, one size may be walked through at once, and the other not.
    static let count = 320

    /// All that can be done with a pickle. Errors are fine: only the cost counts here.
    enum Operation: CaseIterable {
        case read, inspect, list, compare, hash, print, convert, convertBack, encode, encodeValue, decode, change, free

        /// Gets ready, and gives what is to be measured.
        func prepare(_ pickle: [UInt8]) -> () -> Void {
            switch self {
            case .read: return { _ = try? PickleGraph(decoding: pickle) }
            case .inspect: return { _ = try? PickleInspection(pickle) }
            case .list: return { _ = PickleListing(pickle).description }
            case .decode:
                var decoder = PickleDecoder()
                decoder.maximumValueCount = pickle.count
                let limited = decoder
                return { [limited] in
                    _ = try? limited.decode([PickleValue].self, from: pickle)
                    _ = try? limited.decode([String: [[Int?]]].self, from: pickle)
                    _ = try? limited.decode([[String]].self, from: pickle)
                }
            default: break
            }
            guard let graph = try? PickleGraph(decoding: pickle) else { return {} }
            let value = PickleValue(graph)
            // The defaults add a million bytes, beside which these pickles are small.
            let limit = 6 * graph.memoryByteCount
            switch self {
            case .compare:
                guard let other = try? PickleValue(pickle: pickle) else { return {} }
                return { _ = value == other }
            case .hash: return { _ = value.hashValue }
            case .print: return { _ = value.repr(limit: limit) }
            case .convert:
                return {
                    _ = try? value.json(limit: limit)
                    _ = try? value.taggedJSON(limit: limit)
                }
            case .convertBack:
                guard let json = try? value.json(limit: limit), let tagged = try? value.taggedJSON(limit: limit) else {
                    return {}
                }
                return {
                    _ = try? PickleValue(json: json)
                    _ = try? PickleValue(taggedJSON: tagged)
                }
            case .encode: return { _ = try? graph.encoded() }
            case .encodeValue: return { _ = try? PickleValue.list([value, 1]).pickled() }
            case .change:
                return {
                    var changed = value
                    switch changed.kind {
                    case .list: changed.append(1)
                    case .dict: changed["new"] = 1
                    case .set: changed.insert(1)
                    default: break
                    }
                    _ = try? changed.pickled()
                }
            default:
                let box = Box(value: value, graph: graph)
                return { box.empty() }
            }
        }
    }

    /// Holds values until they are to be freed.
    private final class Box {
        var value: PickleValue?
        var graph: PickleGraph?
        init(value: PickleValue, graph: PickleGraph) {
            self.value = value
            self.graph = graph
        }
        func empty() {
            value = nil
            graph = nil
        }
    }

    /// The processor time of an operation in seconds, the least of some runs.
    private func cost(_ operation: Operation, _ pickle: [UInt8], runs: Int) -> Double {
        (0..<runs).map { _ in
            let run = operation.prepare(pickle)
            let start = processorTime()
            run()
            return processorTime() - start
        }.min() ?? 0
    }

    /// What this thread has used.
    private func processorTime() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// What can't be read says little about the rest: so which ones these are is said here.
    @Test func almostAllCanBeRead() {
        let refused = HostileInput.all.filter { (try? PickleGraph(decoding: $0.pickle(Self.count))) == nil }.map(\.name)
        let expected = HostileInput.all.map(\.name).filter { name in
            func begins(_ words: String...) -> Bool { words.contains { name.hasPrefix($0) } }
            // What a call or a name gives may be anything.
            let isForeign = begins("an object", "a path", "a name", "a bytearray")
            if name.hasSuffix("as module and name") || name.hasSuffix("as what is called") { return !isForeign }
            return name.hasSuffix("in keys") && begins("a list", "a dict", "a bytearray")
        }
        #expect(refused == expected)
    }

    @Test(arguments: HostileInput.all)
    func everythingIsLinear(input: HostileInput) {
        let (small, large) = (input.pickle(Self.count), input.pickle(Self.count * Self.growth))
        for operation in Operation.allCases {
            var ratio = Double.infinity
            // What else the machine does can only make a cost larger: one good measurement is enough.
            for _ in 1...20 where ratio > Self.bound {
                ratio = min(ratio, cost(operation, large, runs: 1) / cost(operation, small, runs: 2))
            }
            #expect(ratio <= Self.bound, "\(operation) costs \(ratio) times as much for \(Self.growth) times the size")
        }
    }
}
