/// The least that tells whether a block has changed: for those who look many times a second.
package struct BlockPulse: Hashable, Sendable {
    /// Which of Swift's programs the content is, and how often it was changed since; `nil` where Swift's stamp is not there.
    package let stamp: Stamped?
    /// A number that changes when the content does.
    package let fingerprint: UInt64

    /// What a stamp says.
    package struct Stamped: Hashable, Sendable {
        package let epoch: UInt64
        package let generation: UInt64
    }

    /// Of larger segments the beginning and the end are looked at; a change then counts once.
    private static let limit = 1 << 20

    /// Looks at a block's segment, without its lock; `nil` if there is none.
    ///
    /// - Complexity: linear in the segment's size up to a megabyte.
    package init?(of name: String) {
        guard let file = try? FileReader(SharedMemoryPlace.paths(ofListed: name).segment),
            var bytes = try? file.read(BlockPulse.limit)
        else { return nil }
        if file.facts.size > BlockPulse.limit, let end = try? file.read(4096, at: file.facts.size - 4096) {
            bytes += end
        }
        fingerprint = bytes.fingerprint
        if bytes.count >= 64, let reading = SegmentCopy(of: bytes).withContent({ Stamp(of: $0)?.read() }) {
            stamp = Stamped(epoch: reading.epoch, generation: reading.generation)
        } else {
            stamp = nil
        }
    }

    /// How many changes happened from one look to the next, at least: exactly those of Swift processes that added to what
    /// they had, and one otherwise.
    package func changes(since earlier: BlockPulse) -> Int {
        if self == earlier { return 0 }
        if let stamp, let before = earlier.stamp, stamp.epoch == before.epoch, stamp.generation > before.generation {
            return Int(clamping: stamp.generation - before.generation)
        }
        return 1
    }
}
