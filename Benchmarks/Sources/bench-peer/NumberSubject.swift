import Rememory

/// A shared integer.
final class NumberSubject: Subject {
    private let int: RememoryInt<Int>

    init(_ name: String) throws { int = try RememoryInt(name) }

    func fill() throws { try int.set(0) }

    func run(_ operation: String, count: Int) throws {
        switch operation {
        case "get": try get(count)
        case "set": for value in 0..<count { try int.set(value) }
        case "add": for _ in 0..<count { try int.add(1) }
        default: throw PeerError("a number has no operation \(operation)")
        }
    }

    private func get(_ count: Int) throws {
        var total = 0
        for _ in 0..<count { total &+= try int.get() }
        guard total >= 0 else { throw PeerError("\(int.name) held numbers that nobody wrote") }
    }

    func sum() throws -> Int { try int.get() }

    func close() { int.close() }

    func remove() throws { try int.unlink(semaphore: true) }
}
