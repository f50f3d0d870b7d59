import Foundation
import PeerProtocol

/// Names, modes and sizes, as a bystander sees them in the file system.
enum NameChecks {
    static let all = [
        Check(
            "names.modesAndSizes", "Segments and semaphores have the same names, modes and sizes.", run: modesAndSizes),
        Check("names.umask", "Modes are 0600 whatever the umask.", run: umask),
        Check("names.unusual", "Unusual names that work in Python work in both directions.", run: unusual),
        Check("names.bad", "Every bad name is refused and leaves nothing behind.", run: bad),
        Check("names.oneSemaphore", "All types of block under a name use one lock.", run: oneSemaphore),
    ]

    /// A block as it is made: the operation, its options, and the size of the segment.
    private static let makings: [(operation: String, options: [String: JSON], size: Int)] =
        [
            ("dict.len", [:], 65536), ("dict.len", ["capacity": 4096], 4096),
            ("dict.len", ["capacity": 100_001], 100_001),
            ("list.len", [:], 65536), ("list.len", ["capacity": 8192], 8192),
            ("int.get", [:], 8), ("float.get", [:], 8), ("bool.get", [:], 1),
            ("string.get", [:], 256), ("block.get", [:], 4096), ("block.get", ["size": 1000], 1000),
        ]
        + zip(["INT8", "UINT8", "INT16", "UINT16", "INT32", "UINT32", "INT64", "UINT64"], [1, 1, 2, 2, 4, 4, 8, 8]).map
    {
        ("int.get", ["format": .string($0)], $1)
    }
        + [("float.get", ["format": "FLOAT32"], 4), ("float.get", ["format": "FLOAT64"], 8)]
        + (6...15).map { ("string.get", ["size": .int(1 << $0)], 1 << $0) }

    private static func modesAndSizes(_ stage: Stage) throws {
        for peer in [try stage.swift(), try stage.python()] {
            for (operation, options, size) in makings {
                let name = stage.name()
                try peer.ok(operation, name, options: options)
                try expectFiles(name, size: size, stage, "\(operation) \(options) by \(peer)")
            }
        }
    }

    private static func expectFiles(_ name: String, size: Int, _ stage: Stage, _ what: String) throws {
        let segment = try SharedMemory.attributes(SharedMemory.segmentPath(name))
        try stage.expect(segment.size, size, "size of the segment after \(what)")
        try stage.expect(segment.mode, 0o600, "mode of the segment after \(what)")
        let semaphore = try SharedMemory.attributes(SharedMemory.semaphorePath(name))
        try stage.expect(semaphore.size, 32, "size of the semaphore after \(what)")
        try stage.expect(semaphore.mode, 0o600, "mode of the semaphore after \(what)")
    }

    private static func umask(_ stage: Stage) throws {
        for language in Language.allCases {
            for mask in ["000", "022", "077"] {
                let peer = try stage.peer(language, umask: mask)
                for (operation, size) in [("dict.len", 65536), ("int.get", 8)] {
                    let name = stage.name()
                    try peer.ok(operation, name)
                    try expectFiles(name, size: size, stage, "\(operation) by \(peer) under umask \(mask)")
                }
            }
        }
    }

    private static func unusual(_ stage: Stage) throws {
        let (swift, python) = (try stage.swift(), try stage.python())
        let name = stage.name()
        let names = [
            name + " with spaces", name + "-%20+*?[]{}'\"\\", name + "\u{1}\u{7f}\n", name + ".", "." + name,
            "-" + name,
            "~" + name, name.padding(toLength: 238, withPad: "x", startingAt: 0),
        ]
        for name in names {
            try swift.ok("dict.set", name, key: "from", value: "Swift")
            try stage.expect(
                try python.value("dict.get", name, key: "from"), equals: "Swift", "\(name), read by Python")
            try python.ok("dict.set", name, key: "from", value: "Python")
            try stage.expect(try swift.value("dict.get", name, key: "from"), equals: "Python", "\(name), read by Swift")
        }
    }

    private static func bad(_ stage: Stage) throws {
        let (swift, python) = (try stage.swift(), try stage.python())
        let name = stage.name()
        let names = [
            "", ".", "..", "/", "/" + name, name + "/", name + "/x", "../" + name, name + "\0", "\0" + name, name + "é",
            name + "\u{1f600}", name.padding(toLength: 239, withPad: "x", startingAt: 0),
            name.padding(toLength: 5000, withPad: "x", startingAt: 0),
        ]
        let operations = [
            "dict.len", "list.len", "int.get", "float.get", "bool.get", "string.get", "block.get", "lock.acquire",
        ]
        for bad in names {
            for operation in operations {
                try swift.fails(with: "invalidName", at: operation, bad)
                try python.fails(with: "invalidName", at: operation, bad)
            }
            try swift.fails(with: "invalidName", at: "unlink", bad, options: ["type": "dict"])
            try swift.fails(with: "invalidName", at: "close", bad, options: ["type": "dict"])
        }
        try stage.expect(SharedMemory.names(containing: name), [], "what bad names left behind")
        try expectPackageRefuses(names.filter { !$0.contains("\0") }, stage)
    }

    /// The package itself fails on the same names, each in its own way. (NUL crashes it: that one is not tried.)
    private static func expectPackageRefuses(_ names: [String], _ stage: Stage) throws {
        let program = """
            import json, sys, rememory
            for name in json.loads(sys.argv[1]):
                try:
                    rememory.RememoryInt(name)
                except Exception:
                    continue
                print("took", ascii(name))
            """
        let list = JSON.array(names.map { .string($0) }).description
        let output = CommandOutput.of([stage.environment.python, "-c", program, list], timeout: 60)
        try stage.expect(output.succeeded, "the package was not asked: \(output.text)")
        let taken = output.text.split(separator: "\n").filter { $0.hasPrefix("took") }
        try stage.expect(taken, [], "bad names that the package takes")
    }

    private static func oneSemaphore(_ stage: Stage) throws {
        let (swift, python) = (try stage.swift(), try stage.python())
        let name = stage.name()
        try swift.ok("lock.acquire", name)
        for operation in ["dict.len", "lock.acquire"] {
            try python.fails(with: "lockTimeout", at: operation, name, options: ["timeout": 0.05])
        }
        try swift.ok("lock.release", name)
        try python.ok("lock.acquire", name)
        for operation in ["dict.len", "lock.acquire"] {
            try swift.fails(with: "lockTimeout", at: operation, name, options: ["timeout": 0.05])
        }
        try python.ok("lock.release", name)
        try swift.ok("dict.len", name)
    }
}
