import Foundation
import PickleCodec
import Rememory

/// Looks for what is wrong with blocks. Looking changes nothing and takes no lock.
struct Examination {
    let options: BlockOptions
    /// Where what is damaged is saved before it is mended.
    let folder: String

    /// A lock that is seen taken so many times in a row is not just busy.
    private static let looks = 8
    private static let pause = 0.04

    /// What is wrong with the blocks of these names, or with all.
    func findings(_ names: [String]) throws -> [Finding] {
        let all = BlockInspection.all(includingOthers: true)
        for name in names where !all.contains(where: { $0.name == name }) { throw Failure.noBlock(name) }
        return all.filter { names.isEmpty || names.contains($0.name) }.flatMap(examine)
    }

    private func examine(_ block: BlockInspection) -> [Finding] {
        do throws(RememoryError) {
            _ = try BlockName(block.name)
        } catch {
            return [unusableName(block, error)].compactMap(\.self)
        }
        guard block.size != nil else { return [orphanedLock(block)].compactMap(\.self) }
        // Without a lock it need not be a block at all.
        if block.lock == .none { return [lostLock(block)].compactMap(\.self) }
        return [stuckLock(block), lostLock(block), emptySegment(block), content(block)].compactMap(\.self)
    }

    // MARK: Locks

    private func stuckLock(_ block: BlockInspection) -> Finding? {
        guard isTakenThroughout(block) else { return nil }
        let report = LockReport(block)
        guard report.word != "free", let details = report.details else { return nil }
        guard report.isAbandoned else {
            return Finding(
                block: block.name, what: "its lock is taken and stays so. \(details)",
                cure: .advice("Nothing is done to a lock whose holder may be alive"))
        }
        return Finding(
            block: block.name, what: "its lock is stuck. \(details)",
            cure: .step("take the lock over, put back what was left half-written, and free it") {
                try RememoryLock(block.name, options: options.rememory).withLock {}
                return "the lock is free"
            })
    }

    private func isTakenThroughout(_ block: BlockInspection) -> Bool {
        guard block.lock == .held else { return false }
        for _ in 1..<Examination.looks {
            Thread.sleep(forTimeInterval: Examination.pause)
            if (try? BlockInspection.lock(of: block.name)) != .held { return false }
        }
        return true
    }

    private func orphanedLock(_ block: BlockInspection) -> Finding? {
        let state = block.lock == .held ? "taken: whoever creates the block next would wait for ever" : "free"
        guard block.processes.isEmpty else {
            // Somebody may be about to create the block.
            return block.lock == .held && isTakenThroughout(block)
                ? Finding(
                    block: block.name, what: "there is a lock and no segment, and the lock is taken",
                    cure: .advice("Look at the processes that have it open: \(BlockReport(block).processes)")) : nil
        }
        return Finding(
            block: block.name, what: "there is a lock and no segment, and no process has it open (it is \(state))",
            cure: .step("remove the lock's file") {
                try BlockInspection.removeOrphanedLock(of: block.name) ? "removed" : "left alone: somebody uses it now"
            })
    }

    private func lostLock(_ block: BlockInspection) -> Finding? {
        let strangers = block.processes.filter { $0.hasSegment && !$0.hasLock }
        guard !strangers.isEmpty, block.kind != nil, isStillSo(block, strangers.map(\.pid)) else { return nil }
        let list = strangers.map { "\($0.pid) (\(BlockReport.short($0.command)))" }.joined(separator: ", ")
        return Finding(
            block: block.name,
            what: "these processes use the segment with another lock than the one that has the name: \(list). "
                + "Somebody removed the lock's file, and changes can get lost",
            cure: .advice("End those processes and start them again"))
    }

    /// Whether processes that lacked the lock lack it a moment later, too: opening takes two steps.
    private func isStillSo(_ block: BlockInspection, _ processes: [Int32]) -> Bool {
        Thread.sleep(forTimeInterval: 0.1)
        guard let now = try? BlockInspection(block.name), block.lock != .none || now.lock == .none else { return false }
        let isForeign = block.lock == .none && !(block.kind?.isPickled ?? false)
        return !isForeign && now.processes.contains { processes.contains($0.pid) && $0.hasSegment && !$0.hasLock }
    }

    // MARK: Names and segments

    private func unusableName(_ block: BlockInspection, _ complaint: RememoryError) -> Finding? {
        guard block.kind == .dict || block.kind == .list else { return nil }
        guard case .pickle = block.content else { return nil }
        guard block.entries == 0, block.processes.isEmpty else {
            return Finding(
                block: block.name, what: complaint.message,
                cure: .advice(
                    "It has \(block.entries ?? 0) entries: save /dev/shm/\(block.name), and use another name"))
        }
        return Finding(
            block: block.name, what: complaint.message,
            cure: .step("remove it, since it is empty") {
                let isRemoved = try BlockInspection.removeAbandonedSegment(of: block.name)
                if isRemoved { _ = try BlockInspection.removeOrphanedLock(of: block.name) }
                return isRemoved ? "removed" : "left alone: somebody uses it now"
            })
    }

    private func emptySegment(_ block: BlockInspection) -> Finding? {
        guard block.size == 0 else { return nil }
        Thread.sleep(forTimeInterval: 1)
        guard let now = try? BlockInspection(block.name), now.size == 0, now.processes.isEmpty else { return nil }
        return Finding(
            block: block.name, what: "its segment has no bytes: its creator was stopped before it gave it a size",
            cure: .step("remove the segment") {
                try BlockInspection.removeAbandonedSegment(of: block.name)
                    ? "removed" : "left alone: somebody uses it now"
            })
    }

    // MARK: Content

    private func content(_ block: BlockInspection) -> Finding? {
        switch block.content {
        case .json: return oldContent(block)
        case .damaged(let reason): return block.kind == .string ? cutText(block, reason) : damagedContent(block, reason)
        case .empty, .plain, .pickle: return nil
        }
    }

    private func oldContent(_ block: BlockInspection) -> Finding {
        Finding(
            block: block.name,
            what: "it is JSON of versions 0.1 and 0.2, which later versions read as empty and overwrite",
            cure: .step("migrate it to a pickle, and keep the JSON in a file") {
                guard let migration = try Migration(block, options) else { return "nothing to do any more" }
                try migration.run(keepingIn: folder)
                return "migrated; the old content is in \(migration.keptPath(in: folder))"
            })
    }

    private func cutText(_ block: BlockInspection, _ reason: String) -> Finding {
        Finding(
            block: block.name, what: "it is \(reason). Python raises UnicodeDecodeError",
            cure: .step("take the rest of the last character away") {
                guard let raw = try RawBlock(block.name, as: .string, options: options.rememory) else {
                    throw Failure.noBlock(block.name)
                }
                try raw.update { bytes, _ in
                    (0...3).lazy.map { Array(bytes.dropLast($0)) }.first {
                        String(validating: $0, as: UTF8.self) != nil
                    }
                }
                return "the text is whole characters"
            })
    }

    private func damagedContent(_ block: BlockInspection, _ reason: String) -> Finding {
        let what =
            "its content is damaged: \(reason). Python reads it as empty, and its next write makes the loss final"
        guard block.kind == .dict || block.kind == .list else {
            return Finding(
                block: block.name, what: what,
                cure: .advice("Save it: rememoryctl export \(block.name) -o FILE keeps the bytes as they are"))
        }
        let path = URL(fileURLWithPath: folder).appendingPathComponent("\(block.name).damaged").path
        return Finding(
            block: block.name, what: what,
            cure: .step("save its bytes in \(path), and store what can be read beyond doubt") {
                guard !FileManager.default.fileExists(atPath: path) else {
                    throw Failure.usage("\(path) is there already", remedy: "Move it away, or give another --keep-in")
                }
                return try RememoryLock(block.name, options: options.rememory).withLock {
                    let writer = try ArchiveWriter(path, count: 1)
                    try writer.add(BlockRecord(reading: block.name, options))
                    try writer.finish()
                    return try OpenBlock(block.name, options).storeWhatCanBeRead()
                }
            })
    }
}
