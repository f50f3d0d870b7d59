import Foundation
import PickleCodec
import Rememory

/// What becomes of a block whose content is of an older or newer kind than protocol 4, which all versions from 0.3 read.
struct Migration {
    let name: String
    /// What there is.
    let from: String
    private let options: BlockOptions
    private let kind: BlockKind?

    /// - Returns: `nil` if there is nothing to do.
    /// - Throws: ``Failure`` if the content can't be read.
    init?(_ block: BlockInspection, _ options: BlockOptions) throws(Failure) {
        name = block.name
        self.options = options
        switch block.content {
        case .json: from = "JSON of versions 0.1 and 0.2"
        case .plain where options.type == .dict || options.type == .list: from = "JSON of versions 0.1 and 0.2"
        case .pickle(4), .empty, .plain: return nil
        case .pickle(let number): from = "a pickle of protocol \(number)"
        case .damaged(let reason):
            throw .unfit(
                "the content of \"\(block.name)\" is damaged: \(reason)",
                remedy: "rememoryctl doctor says what can be done")
        }
        kind = options.type ?? block.kind
    }

    /// The content in protocol 4.
    static func migrated(_ old: [UInt8]) throws(PickleError) -> [UInt8] {
        if old.first == UInt8(ascii: "{") || old.first == UInt8(ascii: "[") {
            return try PickleValue(json: old).pickled()
        }
        return try PickleGraph(decoding: old).encoded()
    }

    /// Where the old content is kept.
    func keptPath(in folder: String) -> String { Migration.keptPath(of: name, in: folder) }

    static func keptPath(of name: String, in folder: String) -> String {
        URL(fileURLWithPath: folder).appendingPathComponent("\(name).before-migration").path
    }

    /// What would happen, in a sentence, found out by doing it to a copy.
    func plan(_ block: BlockInspection) throws -> String {
        let new = try Migration.migrated(block.bytes)
        let size = block.size ?? 0
        let growth = new.count > size ? ", in a larger segment (\(max(new.count, 2 * size)) bytes)" : ""
        return
            "\(name): \(from), \(block.bytes.count) bytes, becomes a pickle of protocol 4, \(new.count) bytes\(growth)"
    }

    /// Does it, under the block's lock. The old content is in a file before anything changes.
    func run(keepingIn folder: String) throws {
        let path = keptPath(in: folder)
        guard !FileManager.default.fileExists(atPath: path) else {
            throw Failure.usage(
                "\(path) is there already, with the content of an earlier migration",
                remedy: "rememoryctl migrate --forget \(name) removes it, or --keep-in names another folder")
        }
        guard let raw = try RawBlock(name, as: kind, options: options.rememory) else { throw Failure.noBlock(name) }
        defer { raw.close() }
        try raw.update { old, size in
            let new = try Migration.migrated(old)
            let writer = try ArchiveWriter(path, count: 1)
            try writer.add(BlockRecord(name: name, kind: kind, size: size, bytes: old))
            try writer.finish()
            return new
        }
    }
}
