import Foundation
import PickleCodec
import Testing

@testable import Rememory

/// Python processes that are killed while they write, staged byte by byte: what is put back, what is taken, and what is an
/// error.
@Suite struct JournalRecoveryTests {
    private static let pairs = (0..<40).map { ("key\($0)", $0 * 1_000) }

    /// A dict of Swift's, and the pickle that Python is about to write over it: of the same keys.
    private func stage() throws -> (UniqueBlock, RememoryDict<String, Int>, python: [UInt8]) {
        let block = try UniqueBlock("torn")
        let dict = try RememoryDict<String, Int>(block.string)
        try dict.replaceAll(with: Self.pairs)
        try dict.set(7, for: "last")
        let python = try pickled(Self.pairs.map { ($0.0, $0.1 + 1) } + [("last", 8)])
        return (block, dict, python)
    }

    /// A dict as Python pickles it.
    private func pickled(_ pairs: [(String, Int)]) throws -> [UInt8] {
        try PickleValue.dict(pairs.map { (PickleValue($0.0), PickleValue($0.1)) }).pickled()
    }

    /// What a Python process stores before it is killed with the lock held.
    private func killPython(_ block: UniqueBlock, storing stores: [(at: Int, bytes: ArraySlice<UInt8>)]) throws {
        let python = try LockPeer(.python)
        try python.ask("lock.acquire", block)
        for store in stores {
            let more: [String: Any] = [
                "path": block.segmentPath, "at": store.at, "bytes": Data(store.bytes).base64EncodedString(),
            ]
            try python.ask("store", block, more)
        }
        python.die()
    }

    private func expectBefore(_ block: UniqueBlock, _ dict: RememoryDict<String, Int>) throws {
        #expect(try dict["last"] == 7)
        #expect(try dict.snapshot().map(\.value) == Self.pairs.map(\.1) + [7])
        #expect(try PythonReader().read(block.segmentPath).hasSuffix("'key39': 39000, 'last': 7}"))
        try dict.set(9, for: "last")
        #expect(try PythonReader().read(block.segmentPath).hasSuffix("'key39': 39000, 'last': 9}"))
    }

    @Test func beforeTheFirstByteNothingHasChanged() throws {
        let (block, dict, _) = try stage()
        let before = try block.contentByPath()
        try killPython(block, storing: [])
        #expect(try dict["last"] == 7)
        #expect(try block.contentByPath() == before)
        try expectBefore(block, dict)
    }

    @Test(arguments: [0, 16, 200])
    func halfACopyIsPutBack(_ start: Int) throws {
        let (block, dict, python) = try stage()
        try killPython(block, storing: [(start, python[start..<python.count - 100])])
        try expectBefore(block, dict)
    }

    @Test func whoHasNoCopySaysSoAndWhoHasOnePutsItBack() throws {
        let (block, dict, python) = try stage()
        try killPython(block, storing: [(0, python[..<200])])
        let torn = try block.contentByPath()
        try RememoryLock(block.string).withLock(timeout: .seconds(30)) {}  // takes over, and does not look
        let stranger = try LockPeer(.swift)
        let timeout: [String: Any] = ["timeout": 30, "key": ["json": "last"]]
        let error = #expect(throws: LockPeer.Failure.self) { try stranger.ask("dict.get", block, timeout) }
        #expect(error?.description.contains("corruptContent") == true)
        #expect(throws: LockPeer.Failure.self) {
            try stranger.ask("dict.set", block, ["key": ["json": "last"], "value": ["json": 1]])
        }
        #expect(try block.contentByPath().dropLast(60) == torn.dropLast(60))
        #expect(try dict["last"] == 7)
        _ = try stranger.ask("dict.get", block, timeout)
        try expectBefore(block, dict)
    }

    /// What somebody has read is not taken back: here a process without a copy, after Python had stored all of its pickle.
    @Test func whatWasSeenStays() throws {
        let (block, dict, python) = try stage()
        try killPython(block, storing: [(0, python[...])])
        try RememoryLock(block.string).withLock(timeout: .seconds(30)) {}  // takes over, and does not look
        let stranger = try LockPeer(.swift)
        _ = try stranger.ask("dict.get", block, ["timeout": 30, "key": ["json": "last"]])
        #expect(try dict["last"] == 8)
        #expect(try dict["key1"] == 1_001)
    }

    @Test func aWholeWriteIsTaken() throws {
        let (block, dict, python) = try stage()
        let size = try block.facts().size
        let nuls = [UInt8](repeating: 0, count: size - python.count)
        try killPython(block, storing: [(0, python[...]), (python.count, nuls[...])])
        #expect(try dict["last"] == 8)
        #expect(try dict["key39"] == 39_001)
    }

    @Test func aTornWriteOverPythonsOwnIsAnErrorAndStays() throws {
        let block = try UniqueBlock("torn")
        let old = try pickled((0..<100).map { ("key\($0)", $0) })
        let new = try pickled((0..<120).map { ("other\($0)", $0) })
        try block.createAsPython(size: 65_536, content: old)
        try killPython(block, storing: [(0, new[..<500])])
        let dict = try RememoryDict<String, Int>(block.string, options: RememoryOptions(timeout: .seconds(30)))
        let torn = try block.contentByPath()
        for operation: () throws -> Void in [
            { _ = try dict["key1"] }, { _ = try dict.count }, { try dict.set(1, for: "a") }, { try dict.clear() },
            { _ = try dict.migrate() },
        ] {
            let error = #expect(throws: RememoryError.self) { try operation() }
            #expect(error?.code == .corruptContent)
        }
        #expect(try block.contentByPath() == torn)
        let salvage = try dict.salvage()
        #expect(salvage.loss != nil && !salvage.isComplete)
        #expect(salvage.entries.isEmpty)
        #expect(salvage.doubtful.count > 30)
        #expect(salvage.doubtful.allSatisfy { $0.key == "other\($0.value)" })
        #expect(try block.contentByPath() == torn)
        try dict.replaceAll(with: salvage.doubtful)
        #expect(try dict.count == salvage.doubtful.count)
        #expect(try PythonReader().read(block.segmentPath).hasPrefix("{'other0': 0, 'other1': 1,"))
    }
}
