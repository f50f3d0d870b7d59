import Rememory

/// A block's lock, taken and given back.
final class LockSubject: Subject {
    private let lock: RememoryLock

    init(_ name: String) throws { lock = try RememoryLock(name) }

    func run(_ operation: String, count: Int) throws {
        guard operation == "lock" else { throw PeerError("a lock has no operation \(operation)") }
        for _ in 0..<count { try lock.withLock {} }
    }

    func sum() throws -> Int { 0 }

    func remove() throws { try lock.unlink() }
}
