import PeerProtocol
import PickleCodec
import Rememory

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
