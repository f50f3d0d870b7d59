import PeerProtocol
import PickleCodec
import Rememory

/// A change of any block.
struct BlockChange: Sendable {
    enum Action: String, Sendable {
        case inserted, changed, removed
    }

    let action: Action
    /// The key of a dict or the index of a list.
    let key: PickleValue?
    let old: PickleValue?
    let new: PickleValue?

    /// Whether it is of the entry that a part of a path leads to.
    func isOf(_ part: ValuePath.Part) throws -> Bool {
        guard let key else { return true }
        if key.kind == .integer, case .name(let name) = part, let index = Int(name), key.int == index { return true }
        return key == part.key
    }
}

extension OpenBlock {
    /// How long to wait between two looks at a block that has one value.
    private static let pause = Duration.milliseconds(20)

    /// The changes from now on.
    ///
    /// - Parameter includesPresent: Whether what is there now comes first, as insertions.
    func changes(includingPresent includesPresent: Bool) -> AsyncThrowingStream<BlockChange, any Error> {
        switch containers {
        case .dict(let dict):
            let changes = dict.changes(includingPresent: includesPresent)
            return OpenBlock.stream { report in
                for try await change in changes { report(BlockChange(change)) }
            }
        case .list(let list):
            let changes = list.changes(includingPresent: includesPresent)
            return OpenBlock.stream { report in
                for try await change in changes { report(BlockChange(change)) }
            }
        case nil:
            return OpenBlock.stream { report in try await followValue(includesPresent, report) }
        }
    }

    private func followValue(_ includesPresent: Bool, _ report: (BlockChange) -> Void) async throws {
        var last = try get(.whole)
        if includesPresent { report(BlockChange(action: .inserted, key: nil, old: nil, new: last)) }
        while !Task.isCancelled {
            let now = try get(.whole)
            if now != last || now.kind != last.kind {
                report(BlockChange(action: .changed, key: nil, old: last, new: now))
                last = now
            }
            try? await Task.sleep(for: OpenBlock.pause)
        }
    }

    private static func stream(
        _ follow: @escaping @Sendable ((BlockChange) -> Void) async throws -> Void
    ) -> AsyncThrowingStream<BlockChange, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await follow { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}

extension BlockChange {
    fileprivate init(_ change: SharedDict.Change) {
        switch change {
        case .inserted(let key, let value): self.init(action: .inserted, key: key, old: nil, new: value)
        case .changed(let key, let old, let new): self.init(action: .changed, key: key, old: old, new: new)
        case .removed(let key, let value): self.init(action: .removed, key: key, old: value, new: nil)
        }
    }

    fileprivate init(_ change: SharedList.Change) {
        switch change {
        case .inserted(let index, let item): self.init(action: .inserted, key: PickleValue(index), old: nil, new: item)
        case .changed(let index, let old, let new):
            self.init(action: .changed, key: PickleValue(index), old: old, new: new)
        case .removed(let index, let item): self.init(action: .removed, key: PickleValue(index), old: item, new: nil)
        }
    }
}
