import Testing

@testable import PickleCodec

/// Containers that get items again and again, with those of others between.
struct GrowingContainerTests {
    /// An empty list, set or `deque`, and what adds the items above the mark to it.
    fileprivate enum Container: Int, CaseIterable {
        case list, set, deque

        var creation: [UInt8] {
            switch self {
            case .list: [0x5d, 0x94]
            case .set: [0x8f, 0x94]
            case .deque: Array("ccollections\ndeque\n)R".utf8) + [0x94]
            }
        }

        var addition: UInt8 { self == .set ? 0x90 : 0x65 }
    }

    /// A tuple of containers, and how they are filled.
    private struct Filling {
        var containers: [Container]
        private(set) var added: [[UInt16]]
        private var fills: [UInt8] = []

        init(_ containers: [Container]) {
            self.containers = containers
            added = containers.map { _ in [] }
        }

        /// `memo[container].extend(items)`
        mutating func add(_ items: some Sequence<UInt16>, to container: Int) {
            fills += [0x68, UInt8(container), 0x28]
            for item in items {
                fills += [0x4d, UInt8(truncatingIfNeeded: item), UInt8(item >> 8)]
                added[container].append(item)
            }
            fills += [containers[container].addition, 0x30]
        }

        var pickle: [UInt8] { [0x80, 4, 0x28] + containers.flatMap(\.creation) + [0x74] + fills + [0x2e] }

        /// Expects that each container has what was added, in that order.
        func check(_ comment: Comment) throws {
            let graph = try PickleGraph(decoding: pickle)
            let nodes = graph.children(of: graph.root)
            try #require(nodes.count == containers.count)
            for (index, node) in nodes.enumerated() {
                let found =
                    containers[index] == .deque
                    ? graph.operations(of: node).flatMap { $0.nodes.map { graph.int(of: $0) } }
                    : graph.children(of: node).map { graph.int(of: $0) }
                #expect(found == added[index].map { Int($0) }, "container \(index); \(comment)")
            }
            // Items of three bytes take four; a third of it all may be gaps.
            #expect(graph.memoryByteCount <= 4 * pickle.count + 1000, comment)
        }
    }

    @Test func randomFillsInTurns() throws {
        let seed = RandomSeed.make("containers filled in turns")
        var random = SeededGenerator(seed: seed)
        for round in 0..<300 {
            var filling = Filling(
                (0..<Int.random(in: 1...6, using: &random)).map { _ in .allCases.randomElement(using: &random)! })
            let largest = [1, 10, 300, 3000].randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let items = (0..<Int.random(in: 1...largest, using: &random)).map { _ in
                    UInt16.random(in: 0...9999, using: &random)
                }
                filling.add(items, to: Int.random(in: filling.containers.indices, using: &random))
            }
            try filling.check("round \(round), PICKLE_SEED=\(seed)")
        }
    }

    /// The room that a container gets is what it would take if it went on as it began: it does not.
    @Test(arguments: Container.allCases)
    fileprivate func fillsThatDeceive(kind: Container) throws {
        for (first, last) in [(30_000, 1), (10, 60_000)] {
            var filling = Filling([kind, kind])
            for container in [0, 1, 0, 1] { filling.add(0..<UInt16(first), to: container) }
            for start in stride(from: 0, to: last, by: 1000) {
                filling.add(UInt16(start)..<UInt16(min(start + 1000, last)), to: 0)
            }
            filling.add(0..<1000, to: 1)
            try filling.check("\(first), then \(last)")
        }
    }

    /// Each of many containers begins as if it were to be large.
    @Test func manyThatBeginToGrow() throws {
        var filling = Filling((0..<200).map { Container(rawValue: $0 % 3)! })
        for _ in 0..<3 {
            for container in filling.containers.indices { filling.add(0..<100, to: container) }
        }
        try filling.check("200 containers")
    }
}
