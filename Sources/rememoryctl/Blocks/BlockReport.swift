import Foundation
import PeerProtocol
import Rememory

/// What is told about a block, as cells of a table and as JSON.
struct BlockReport {
    let block: BlockInspection
    let lock: LockReport

    init(_ block: BlockInspection) {
        self.block = block
        lock = LockReport(block)
    }

    /// The type, and the format of a number.
    var type: String {
        let kind = block.kind?.rawValue ?? "?"
        return block.format.map { "\(kind) \($0)" } ?? kind
    }

    var cells: [String] {
        [
            block.name, type, block.size.map(String.init) ?? "-", "\(block.usedBytes)",
            block.entries.map(String.init) ?? "-", block.writer.rawValue, lock.word, processes, why,
        ]
    }

    /// The reason of the guess, and before it what is wrong with the content.
    var why: String {
        if case .damaged(let what) = block.content { return "DAMAGED: \(what)" }
        return block.reason
    }

    var processes: String {
        let named = block.processes.map { process in
            "\(process.pid) \(BlockReport.short(process.command))" + (process.hasSegment ? "" : " (lock only)")
        }
        return named.isEmpty ? "-" : named.joined(separator: ", ")
    }

    /// A command line without the folder of its program, and not too long.
    static func short(_ command: String) -> String {
        let words = command.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        let program = words.first?.split(separator: "/").last.map(String.init) ?? command
        let line = ([program] + words.dropFirst().map(String.init)).joined(separator: " ")
        return line.count > 32 ? line.prefix(31) + "…" : line
    }

    var json: JSON {
        var content: JSON = ["state": "pickle"]
        switch block.content {
        case .empty: content = ["state": "empty"]
        case .plain: content = ["state": "plain"]
        case .json: content = ["state": "json"]
        case .damaged(let what): content = ["state": "damaged", "reason": .string(what)]
        case .pickle(let number): content = ["state": "pickle", "protocol": .int(number)]
        }
        return [
            "name": .string(block.name),
            "type": block.kind.map { .string($0.rawValue) } ?? nil,
            "format": block.format.map { .string($0) } ?? nil,
            "reason": .string(block.reason),
            "size": block.size.map { .int($0) } ?? nil,
            "used": .int(block.usedBytes),
            "entries": block.entries.map { .int($0) } ?? nil,
            "content": content,
            "writer": .string(block.writer.rawValue),
            "lock": .string(lock.word),
            "lockDetails": lock.details.map { .string($0) } ?? nil,
            "processes": .array(
                block.processes.map { process in
                    [
                        "pid": .int(Int(process.pid)), "command": .string(process.command),
                        "attached": .bool(process.hasSegment),
                    ]
                }),
            "unreadableProcesses": .int(block.unreadableProcesses),
        ]
    }
}
