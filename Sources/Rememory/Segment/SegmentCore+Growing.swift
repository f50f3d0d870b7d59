/// Growth by Swift.
///
/// Python removes the name and creates it anew: for a moment there is none, and a process that is killed in between has
/// lost the content. Here the larger segment is filled while it has no name, gets a hidden one, and changes places with
/// the old one in one step. What comes out is looked at: it may be something that took the name since we looked last.
extension SegmentCore {
    func grow(to size: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
        do {
            let larger = try MappedSegment(namelessOfSize: size)
            try unsafe fill(larger.bytes)
            KillPoint.pass(.growthFilled)
            try swapIn(larger)
            adopt(larger)
            _ = try ensureGuard()
        } catch let failure as SystemFailure {
            throw RememoryError.system(failure, name)
        }
    }

    private func swapIn(_ larger: MappedSegment) throws {
        let size = unsafe larger.bytes.count
        for _ in 0..<SegmentCore.attempts {
            if try exchangeWithName(larger) { return }
            // Something else has the name: that has to be judged first. What was filled in stays right only if our
            // segment remains the one.
            let before = mapped.identity
            try becomeCurrent()
            guard mapped.identity == before else { break }
        }
        throw RememoryError.conflict(name, ours: size, theirs: unsafe mapped.bytes.count)
    }

    /// Puts the segment under the name; `false`, with nothing changed, if neither our segment nor nothing was there.
    private func exchangeWithName(_ larger: MappedSegment) throws(SystemFailure) -> Bool {
        let incoming = SharedMemoryPlace.incoming(name)
        try SystemCalls.removeIfAny(incoming)
        try SystemCalls.link(larger.file, incoming)
        KillPoint.pass(.growthLinked)
        do {
            try SystemCalls.exchange(incoming, path)
        } catch {
            guard error.isMissing else { throw error }
            return try takeFreeName(incoming, path)
        }
        KillPoint.pass(.growthExchanged)
        let isOurs = try SystemCalls.facts(incoming).identity == mapped.identity
        if !isOurs { try SystemCalls.exchange(incoming, path) }
        try SystemCalls.removeIfAny(incoming)
        KillPoint.pass(.growthUnlinked)
        return isOurs
    }

    private func takeFreeName(_ incoming: String, _ path: String) throws(SystemFailure) -> Bool {
        do {
            try SystemCalls.renameExclusively(incoming, path)
            return true
        } catch {
            guard error.isTaken else { throw error }
            try SystemCalls.removeIfAny(incoming)
            return false
        }
    }
}
