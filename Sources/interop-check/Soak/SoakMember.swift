import PeerProtocol

/// A process that takes part, and what it has under way.
final class SoakMember {
    let number: Int
    let peer: Peer
    private(set) var pending: [SoakWrite] = []
    private var lastValue = 0
    /// Its keys, as far as they will be there when all that it was told to write is written.
    private var keys: Set<String> = []

    init(number: Int, peer: Peer) {
        self.number = number
        self.peer = peer
    }

    var isPython: Bool { peer.language == .python }

    /// Tells it to write, and does not wait.
    func begin(_ writes: [SoakWrite], _ blocks: SoakBlocks) {
        pending += writes
        for write in writes { peer.send(write.request(to: blocks)) }
    }

    /// Waits until everything is written.
    func finish(timeout: Double = 15) throws -> [SoakWrite] {
        let writes = pending
        pending = []
        try peer.finish(writes.count, timeout: timeout)
        return writes
    }

    /// Ends it in the middle of its writes.
    ///
    /// - Returns: What was answered, and the write that was under way, which may have happened or not.
    func kill() throws -> (written: [SoakWrite], uncertain: SoakWrite?) {
        let answered = try peer.killed()
        let writes = pending
        pending = []
        return (Array(writes[..<answered]), writes.dropFirst(answered).first)
    }

    /// A write that the seed decides.
    func nextWrite(_ random: inout SeededGenerator) -> SoakWrite {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<8: return .set(entries(1, &random))
        case 8, 9: return .set(entries(3, &random))
        case 10, 11:
            guard let key = keys.sorted().randomElement(using: &random) else { return .set(entries(1, &random)) }
            keys.remove(key)
            return .delete(key)
        case 12, 13: return .addToEntry(Int.random(in: 1...9, using: &random))
        case 14, 15: return .append([item(&random)])
        case 16: return .append((0..<3).map { _ in item(&random) })
        default: return .add(Int.random(in: -9...9, using: &random))
        }
    }

    /// Writes that need more room than there is, and one that gives most of it back.
    func growingWrite(ofDict: Bool, size: Int) -> SoakWrite {
        let text = JSON.string(String(repeating: "g", count: size))
        return ofDict ? .set(["\(number) grown": text]) : .append([[.int(number), "grown", text]])
    }

    func undoingGrowth() -> SoakWrite { .delete("\(number) grown") }

    private func entries(_ count: Int, _ random: inout SeededGenerator) -> [String: JSON] {
        var entries: [String: JSON] = [:]
        for _ in 0..<count {
            let key = "\(number) \(Int.random(in: 0..<5, using: &random))"
            keys.insert(key)
            entries[key] = value(&random)
        }
        return entries
    }

    private func item(_ random: inout SeededGenerator) -> JSON {
        [.int(number), value(&random)]
    }

    /// A value that no other write has.
    private func value(_ random: inout SeededGenerator) -> JSON {
        lastValue += 1
        let length = Int.random(in: 0..<4, using: &random) == 0 ? 400 : 20
        return [.int(lastValue), .string(String(repeating: "v", count: Int.random(in: 0...length, using: &random)))]
    }
}
