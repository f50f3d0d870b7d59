extension ProcessTable {
    /// Who has which of several files mapped, by one pass over all processes.
    ///
    /// - Complexity: linear in the mappings of all processes.
    static func attachments(to files: Set<FileFacts.Identity>) -> Attachments {
        var found = Attachments()
        guard !files.isEmpty else { return found }
        let devices = Dictionary(
            Set(files.map(\.device)).map { (Array(SystemCalls.hexadecimalDevice($0).utf8), $0) },
            uniquingKeysWith: { first, _ in first })
        let inodes = Set(files.map(\.inode))
        for process in all() {
            guard let maps = contents("/proc/\(process)/maps") else {
                if SystemCalls.isAlive(process) { found.unreadable += 1 }
                continue
            }
            var seen: Set<FileFacts.Identity> = []
            forEachMappedFile(in: maps) { device, inode in
                guard inodes.contains(inode), let device = devices[Array(maps[device])] else { return }
                let file = FileFacts.Identity(device: device, inode: inode)
                if files.contains(file), seen.insert(file).inserted {
                    found.processes[file, default: []].append(process)
                }
            }
        }
        return found
    }

    /// What a pass over all processes found.
    struct Attachments {
        var processes: [FileFacts.Identity: [Int32]] = [:]
        /// How many processes could not be looked into.
        var unreadable = 0
    }

    /// Calls `body` with the device, as a range of `maps`, and the inode of each line:
    ///
    ///     7f2c…-7f2c… rw-s 00000000 00:1a 42    /dev/shm/sem.x
    private static func forEachMappedFile(in maps: [UInt8], _ body: (Range<Int>, UInt64) -> Void) {
        unsafe maps.withUnsafeBufferPointer { text in
            var at = 0
            while at < text.count {
                var field = 0
                var device = 0..<0
                var inode: UInt64 = 0
                while at < text.count, unsafe text[at] != UInt8(ascii: "\n"), field < 5 {
                    let start = at
                    while at < text.count, unsafe text[at] != UInt8(ascii: " "), unsafe text[at] != UInt8(ascii: "\n") {
                        if field == 4, unsafe (0x30...0x39).contains(text[at]) {
                            inode = unsafe inode &* 10 &+ UInt64(text[at] - 0x30)
                        }
                        at += 1
                    }
                    if field == 3 { device = start..<at }
                    field += 1
                    if at < text.count, unsafe text[at] == UInt8(ascii: " ") { at += 1 }
                }
                while at < text.count, unsafe text[at] != UInt8(ascii: "\n") { at += 1 }
                at += 1
                if field == 5 { body(device, inode) }
            }
        }
    }
}
