import Foundation
import Rememory

/// Brings blocks back from records: all of them or none.
///
/// First everything is made ready: new segments get their pages and their content while they have no name, and what will
/// be replaced is saved to a file. Only then names are given and contents replaced. Should that fail half-way, what was
/// done is undone; should the process be killed half-way, the file is still there.
struct Importer {
    private struct Replacement {
        let record: BlockRecord
        let old: BlockRecord
    }

    let options: BlockOptions
    private var new: [PreparedBlock] = []
    private var replacements: [Replacement] = []
    private let backupPath: String

    /// - Parameters:
    ///   - mayReplace: Whether blocks that exist are replaced.
    ///   - backupPath: Where to save them meanwhile.
    init(_ records: [BlockRecord], mayReplace: Bool, backupPath: String, _ options: BlockOptions) throws {
        self.options = options
        self.backupPath = backupPath
        var names: Set<String> = []
        for record in records {
            guard names.insert(record.name).inserted else {
                throw Failure.unfit(
                    "the archive has the block \"\(record.name)\" twice", remedy: "Import another archive")
            }
            guard let found = try BlockInspection(record.name), let size = found.size else {
                new.append(try PreparedBlock(record.name, size: record.size, content: record.bytes))
                continue
            }
            guard mayReplace else {
                throw Failure.unfit(
                    "the block \"\(record.name)\" exists", remedy: "Say --replace to replace it; nothing was changed")
            }
            guard size == record.size || (record.kind?.isPickled == true && size >= record.bytes.count) else {
                throw Failure.unfit(
                    "the block \"\(record.name)\" exists with \(size) bytes, and the archive has it with \(record.size)",
                    remedy: "Delete it first: rememoryctl delete \(record.name); nothing was changed")
            }
            replacements.append(Replacement(record: record, old: try BlockRecord(reading: record.name, options)))
        }
    }

    /// How many blocks are new, and how many replaced.
    var counts: (new: Int, replaced: Int) { (new.count, replacements.count) }

    /// Does it.
    func run() throws {
        try saveOld()
        var published: [String] = []
        var replaced: [BlockRecord] = []
        do {
            for block in new {
                guard try block.publish(options: options.rememory) else {
                    throw Failure.unfit(
                        "the block \"\(block.name)\" has come into being meanwhile", remedy: "Import again")
                }
                published.append(block.name.description)
            }
            for replacement in replacements {
                replaced.append(replacement.old)
                try write(replacement.record)
            }
        } catch {
            for name in published { try? RawBlock(name, as: nil, options: options.rememory)?.unlink() }
            for old in replaced { try? write(old) }
            throw error
        }
        if !replacements.isEmpty { try? FileManager.default.removeItem(atPath: backupPath) }
    }

    private func saveOld() throws {
        guard !replacements.isEmpty else { return }
        let writer = try ArchiveWriter(backupPath, count: replacements.count)
        for replacement in replacements { try writer.add(replacement.old) }
        try writer.finish()
    }

    private func write(_ record: BlockRecord) throws {
        guard let raw = try RawBlock(record.name, as: record.kind, options: options.rememory) else {
            throw Failure.noBlock(record.name)
        }
        defer { raw.close() }
        try raw.update { _, _ in record.bytes }
    }
}
