import Foundation
import PeerProtocol
import PickleCodec

// An archive is a text file, a line of JSON for each thing:
//
//     {"blocks": 2, "rememory-archive": 1}
//     {"bytes": …, "name": "game", "type": "dict", …}
//     {"bytes": …, "name": "hits", "type": "int", …}
//     {"end": 2}
//
// The last line tells a whole file from one that was cut.

/// Writes an archive; the file has its name only once it is whole.
final class ArchiveWriter {
    private let path: String
    private let draft: String?
    private let file: FileHandle
    private let count: Int

    /// - Parameter path: The file, - for standard output.
    init(_ path: String, count: Int) throws(Failure) {
        self.path = path
        self.count = count
        if path == "-" {
            draft = nil
            file = .standardOutput
        } else {
            let draft = "\(path).\(ProcessInfo.processInfo.processIdentifier).draft"
            guard FileManager.default.createFile(atPath: draft, contents: nil, attributes: [.posixPermissions: 0o600]),
                let file = FileHandle(forWritingAtPath: draft)
            else { throw .usage("\(path) can't be written", remedy: "Look at the folder and its permissions") }
            self.draft = draft
            self.file = file
        }
        try write(["rememory-archive": 1, "blocks": .int(count)])
    }

    func add(_ record: BlockRecord) throws(Failure) { try write(record.json) }

    /// Ends the archive and gives the file its name.
    func finish() throws(Failure) {
        try write(["end": .int(count)])
        guard let draft else { return }
        do {
            try file.synchronize()
            try file.close()
            guard unsafe rename(draft, path) == 0 else {
                throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
            }
        } catch {
            abandon()
            throw .file(path, error)
        }
    }

    /// Removes what was written so far.
    func abandon() {
        if let draft { try? FileManager.default.removeItem(atPath: draft) }
    }

    private func write(_ line: JSON) throws(Failure) {
        do {
            try file.write(contentsOf: Data((SafeText.escapedJSON(line.description) + "\n").utf8))
        } catch {
            throw .file(path, error)
        }
    }
}

/// Reads an archive as a whole, and checks all of it.
enum ArchiveReader {
    /// - Parameter path: The file, - for standard input.
    /// - Throws: ``Failure``, with nothing changed, if any line is not what was exported, or the end is missing.
    static func records(_ path: String, progress: (Int, Int) -> Void) throws(Failure) -> [BlockRecord] {
        let lines = try InputFile.bytes(path).split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first, let header = try? PickleValue(json: Array(first)),
            let version = header["rememory-archive"]?.int
        else {
            throw .unfit("\(path) is no archive of rememoryctl", remedy: "rememoryctl export makes one")
        }
        guard version == 1, let count = header["blocks"]?.int else {
            throw .unfit(
                "\(path) is an archive of version \(version), and this program reads version 1",
                remedy: "Use a newer rememoryctl")
        }
        var records: [BlockRecord] = []
        for (number, line) in lines.dropFirst().enumerated() {
            guard let value = try? PickleValue(json: Array(line)) else {
                throw .unfit(
                    "line \(number + 2) of \(path) is no JSON", remedy: "Export the blocks again; nothing was changed")
            }
            if let end = value["end"]?.int, value.count == 1 {
                guard end == records.count, end == count, number + 2 == lines.count else { break }
                return records
            }
            records.append(try BlockRecord(line: value, number: number + 2))
            progress(records.count, count)
        }
        throw .unfit(
            "\(path) is cut off: it has \(records.count) of \(count) blocks",
            remedy: "Export them again; nothing was changed")
    }
}
