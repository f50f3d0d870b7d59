import Foundation
import PeerProtocol
import PickleCodec

/// PickleCodec beside CPython's C `pickle`, on pickles that Python made.
struct CodecBench {
    private let data: CodecData
    private let pickle: [UInt8]

    static let contests = CodecData.all.map { data in
        BenchContest(rows: data.rows) { bench in
            let codec = try CodecBench(data, bench.python)
            for _ in 0..<bench.rounds { try codec.round(bench) }
            bench.book.bounds.append(try codec.memory())
        }
    }

    private init(_ data: CodecData, _ python: BenchPython) throws {
        self.data = data
        guard let text = try python.ask("codec.pickle", data.name).string, let pickle = Data(base64Encoded: text) else {
            throw CheckFailure("Python gave no pickle of the \(data.name)")
        }
        self.pickle = Array(pickle)
    }

    /// Both sides once, in turns: Python's reading before Swift's, Python's writing before Swift's.
    private func round(_ bench: Bench) throws {
        let python = [
            CodecData.Direction.read: try bench.python.codecTime("loads", data.name),
            .write: try bench.python.codecTime("dumps", data.name),
        ]
        for task in data.tasks {
            let run = try task.prepare(pickle)
            let times = try (0..<7).map { _ in try Self.processorTime(run) }
            guard let swift = times.median else { continue }
            bench.book.add(swift: swift, to: data.row(of: task))
            if let time = python[task.direction] { bench.book.add(python: time, to: data.row(of: task)) }
        }
    }

    /// Nanoseconds of the processor that this thread takes: what others do on the machine does not count.
    private static func processorTime(_ run: () throws -> Void) throws -> Double {
        func now() -> Double {
            var time = timespec()
            unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
        }
        let start = now()
        try run()
        return now() - start
    }

    /// How much memory the graph takes, its copy of the pickle included.
    private func memory() throws -> BenchBound {
        let graph = try PickleGraph(decoding: pickle)
        let ratio = Double(graph.memoryByteCount) / Double(pickle.count)
        return BenchBound("memory of the graph of the \(data.name) over its pickle", ratio, in: 0...4)
    }
}
