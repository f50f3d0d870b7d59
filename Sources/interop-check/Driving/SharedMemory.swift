import Foundation

/// The files behind blocks, as a bystander sees them.
enum SharedMemory {
    static let folder = "/dev/shm"

    static func segmentPath(_ name: String) -> String { "\(folder)/\(name)" }
    static func semaphorePath(_ name: String) -> String { "\(folder)/sem.rememorydict_\(name)" }

    static func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: segmentPath(name))
    }

    /// Everything in the segment.
    static func bytes(_ name: String) throws -> Data {
        guard let bytes = FileManager.default.contents(atPath: segmentPath(name)) else {
            throw CheckFailure("\(segmentPath(name)) is not there")
        }
        return bytes
    }

    /// Makes a segment as another program would have left it: `content`, then NUL to `size`.
    static func plant(_ name: String, _ content: Data, size: Int = 65536) throws {
        let bytes = content + Data(count: size - content.count)
        guard
            FileManager.default.createFile(
                atPath: segmentPath(name), contents: bytes, attributes: [.posixPermissions: 0o600])
        else {
            throw CheckFailure("\(segmentPath(name)) can't be made")
        }
    }

    /// Permissions and size of a file.
    static func attributes(_ path: String) throws -> (mode: Int, size: Int) {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue
        let size = (attributes[.size] as? NSNumber)?.intValue
        return (mode ?? -1, size ?? -1)
    }

    /// Which file it is, whatever its name.
    static func identity(_ name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: segmentPath(name))
        return (attributes[.systemFileNumber] as? NSNumber)?.intValue ?? -1
    }

    /// Takes the segment's name away, as another program's end does.
    static func removeSegment(_ name: String) throws {
        try FileManager.default.removeItem(atPath: segmentPath(name))
    }

    static func removeSemaphore(_ name: String) throws {
        try FileManager.default.removeItem(atPath: semaphorePath(name))
    }

    static func names(containing text: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.contains(text) }.sorted()
    }

    static func remove(namesContaining text: String) {
        for name in names(containing: text) {
            try? FileManager.default.removeItem(atPath: segmentPath(name))
        }
    }

    /// Removes what runs that were killed have left behind: names of this tool with the number of a process that is
    /// no more.
    static func removeLeftovers() {
        for name in names(containing: "ri") {
            guard let match = name.firstMatch(of: /(?:^|[^A-Za-z0-9])ri(\d+)_\d+_/), let pid = Int32(match.1) else {
                continue
            }
            if kill(pid, 0) != 0, errno == ESRCH {
                try? FileManager.default.removeItem(atPath: segmentPath(name))
            }
        }
    }
}
