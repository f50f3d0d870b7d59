import PickleCodec

/// What the codec is measured with, made by `codec_bench.py` under the same name.
struct CodecData: Sendable {
    enum Direction: Sendable { case read, write }

    /// One thing that is timed.
    struct Task: Sendable {
        let name: String
        let direction: Direction
        let atLeast: Double
        /// Gives what is timed, for the pickle.
        let prepare: @Sendable ([UInt8]) throws -> () throws -> Void
    }

    let name: String
    let n: Int
    let tasks: [Task]

    var rows: [BenchCase] { tasks.map(row) }

    func row(of task: Task) -> BenchCase { BenchCase("\(task.name).\(name)", n, atLeast: task.atLeast) }

    static let all = [
        CodecData(name: "players", n: 10_000, tasks: dynamic + codable([String: CodecPlayer].self)),
        CodecData(name: "integers", n: 100_000, tasks: dynamic + codable([Int].self)),
        CodecData(name: "strings", n: 100_000, tasks: dynamic + codable([String].self)),
        CodecData(name: "mixed", n: 90_000, tasks: dynamic),
    ]

    private static let dynamic = [
        Task(name: "decode.graph", direction: .read, atLeast: 5) { pickle in
            { _ = try PickleGraph(decoding: pickle) }
        },
        Task(name: "decode.value", direction: .read, atLeast: 2) { pickle in
            { try expect(try PickleValue(pickle: pickle).size > 0, "the value to hold something") }
        },
        Task(name: "encode.graph", direction: .write, atLeast: 3) { pickle in
            let graph = try PickleGraph(decoding: pickle)
            try expect(try graph.encoded() == pickle, "the graph's bytes to be Python's")
            return { try expect(try graph.encoded().count == pickle.count, "the graph's bytes to be Python's") }
        },
        Task(name: "encode.value", direction: .write, atLeast: 3) { pickle in
            let value = try PickleValue(pickle: pickle)
            return { try expect(try value.pickled().count == pickle.count, "the value's bytes to be Python's") }
        },
    ]

    private static func codable<T: Codable & Sendable>(_ type: T.Type) -> [Task] {
        [
            Task(name: "decode.codable", direction: .read, atLeast: 1) { pickle in
                let decoder = PickleDecoder()
                return { _ = try decoder.decode(type, from: pickle) }
            },
            Task(name: "encode.codable", direction: .write, atLeast: 1) { pickle in
                let value = try PickleDecoder().decode(type, from: pickle)
                let encoder = PickleEncoder()
                return { try expect(try encoder.encode(value).count == pickle.count, "as many bytes as Python writes") }
            },
        ]
    }

    private static func expect(_ condition: Bool, _ expected: String) throws {
        if !condition { throw CheckFailure("expected \(expected)") }
    }
}

/// A value of the players.
struct CodecPlayer: Codable, Sendable {
    var score: Int
    var level: Int
}

extension PickleValue {
    /// Takes out everything that there is, as `loads` makes everything: a count of it, strings by their length.
    fileprivate var size: Int {
        var size = 1
        switch kind {
        case .list, .tuple, .set, .frozenSet: for element in elements { size &+= element.size }
        case .dict: for (key, value) in pairs { size &+= key.size &+ value.size }
        case .string: size &+= string?.utf8.count ?? 0
        case .bytes: size &+= bytes?.count ?? 0
        default: break
        }
        return size
    }
}
