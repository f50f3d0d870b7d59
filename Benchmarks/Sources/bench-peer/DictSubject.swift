import Rememory
import Workload

/// A shared dict of numbers.
final class DictSubject: Subject {
    private let dict: RememoryDict<String, Int>
    private let n: Int
    private var keys: Carousel<String>
    private var deleted: [String] = []
    private var step = 0

    /// - Parameter keys: in the order in which they are asked for.
    init(_ name: String, keys: [String], capacity: Int) throws {
        dict = try RememoryDict(name, capacity: capacity)
        n = keys.count
        self.keys = Carousel(keys)
    }

    func fill() throws {
        try dict.replaceAll(with: (0..<n).map { (Workload.key($0), Workload.number($0)) })
    }

    func run(_ operation: String, count: Int) throws {
        switch operation {
        case "get": try get(count)
        case "set": try set(count)
        case "delete": try delete(count)
        case "iterate": for _ in 0..<count { _ = try sum() }
        default: throw PeerError("a dict has no operation \(operation)")
        }
    }

    private func get(_ count: Int) throws {
        for _ in 0..<count {
            guard try dict[keys.next()] != nil else { throw PeerError("\(dict.name) lacks a key that was set") }
        }
    }

    private func set(_ count: Int) throws {
        for _ in 0..<count {
            step &+= 1
            try dict.set(Workload.number(step), for: keys.next())
        }
    }

    private func delete(_ count: Int) throws {
        for _ in 0..<count {
            let key = keys.next()
            try dict.delete(key)
            deleted.append(key)
        }
    }

    func restore() throws {
        for key in deleted { try dict.set(1, for: key) }
        deleted.removeAll()
    }

    func sum() throws -> Int {
        var total = 0
        for (_, value) in try dict.snapshot() { total &+= value }
        return total
    }

    func close() { dict.close() }

    func remove() throws { try dict.unlink(semaphore: true) }
}
