import Rememory
import Workload

/// A shared list of numbers.
final class ListSubject: Subject {
    private let list: RememoryList<Int>
    private let n: Int
    private var positions: Carousel<Int>
    private var step = 0

    init(_ name: String, n: Int, capacity: Int) throws {
        list = try RememoryList(name, capacity: capacity)
        self.n = n
        positions = Carousel(Workload.order(n))
    }

    func fill() throws { try list.replaceAll(with: (0..<n).map(Workload.number)) }

    func run(_ operation: String, count: Int) throws {
        switch operation {
        case "append": try append(count)
        case "get": try get(count)
        case "set": try set(count)
        default: throw PeerError("a list has no operation \(operation)")
        }
    }

    private func append(_ count: Int) throws {
        for value in 0..<count { try list.append(value) }
    }

    private func get(_ count: Int) throws {
        var total = 0
        for _ in 0..<count { total &+= try list[positions.next()] }
        guard total >= 0 else { throw PeerError("\(list.name) holds numbers that nobody wrote") }
    }

    private func set(_ count: Int) throws {
        for _ in 0..<count {
            step &+= 1
            try list.set(Workload.number(step), at: positions.next())
        }
    }

    func restore() throws { try fill() }

    func sum() throws -> Int { try list.items().reduce(0, &+) }

    func close() { list.close() }

    func remove() throws { try list.unlink(semaphore: true) }
}
