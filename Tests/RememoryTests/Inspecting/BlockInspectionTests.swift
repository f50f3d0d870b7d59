import PickleCodec
import Testing

@testable import Rememory

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct BlockInspectionTests {
    private func inspect(_ block: UniqueBlock) throws -> BlockInspection {
        try #require(try BlockInspection(block.string))
    }

    @Test func swiftWritesAreCounted() throws {
        let block = try UniqueBlock()
        let dict = try RememoryDict<String, Int>(block.string)
        try dict.set(1, for: "a")
        try dict.set(2, for: "b")
        let first = try inspect(block)
        #expect(first.kind == .dict)
        #expect(first.entries == 2)
        #expect(first.writer == .swift)
        #expect(first.size == 65536)
        #expect(first.lock == .free)
        #expect(first.content == .pickle(protocol: 4))
        #expect(try PickleValue(pickle: first.bytes) == ["a": 1, "b": 2])
        try dict.set(3, for: "a")
        let second = try inspect(block)
        #expect(try #require(second.generation) == #require(first.generation) + 1)
        #expect(second.fingerprint != first.fingerprint)
    }

    @Test func thisProcessIsSeen() throws {
        let block = try UniqueBlock()
        let list = try RememoryList<Int>(block.string)
        let found = try inspect(block)
        let mine = try #require(found.processes.first { $0.pid == getpid() })
        #expect(mine.hasSegment)
        #expect(!mine.command.isEmpty)
        list.close()
        let lock = try RememoryLock(block.string)
        #expect(try inspect(block).processes.first { $0.pid == getpid() }?.hasSegment == false)
        _ = lock
    }

    @Test func pythonsContentIsPythons() throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 65536, content: try (["x": 1.5] as PickleValue).pickled())
        let found = try inspect(block)
        #expect(found.kind == .dict)
        #expect(found.writer == .python)
        #expect(found.generation == nil)
        #expect(found.lock == .none)
        #expect(found.content == .pickle(protocol: 4))
        // Marking what Python wrote is not writing it.
        let dict = try RememoryDict<String, Double>(block.string)
        for _ in 0..<3 { #expect(try dict["x"] == 1.5) }
        #expect(try inspect(block).writer == .python)
        try dict.set(2, for: "x")
        #expect(try inspect(block).writer == .swift)
    }

    @Test(
        arguments: [
            ([0x01], BlockKind.bool, String?.none), ([0x07], .int, "INT8"), ([0x07, 0x01], .int, "INT16"),
            ([1, 0, 0, 0], .int, "INT32"), ([0, 0, 0xc0, 0x3f], .float, "FLOAT32"),
            ([0, 0, 0, 0, 0, 0, 0, 0], .int, "INT64"),
            ([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], .int, "INT64"),
            ([0, 0, 0, 0, 0, 0, 0xf8, 0xbf], .float, "FLOAT64"),
        ] as [([UInt8], BlockKind, String?)])
    func numbersAreGuessedBySizeAndValue(_ content: [UInt8], _ kind: BlockKind, _ format: String?) throws {
        let guess = ContentGuess(content, size: content.count)
        #expect(guess.kind == kind)
        #expect(guess.format == format)
        #expect(guess.content == .plain)
        #expect(!guess.reason.isEmpty)
    }

    private func guess(_ content: [UInt8], size: Int) -> ContentGuess {
        ContentGuess(content + Array(repeating: 0, count: size - content.count), size: size)
    }

    @Test func textsPicklesAndOldContents() throws {
        #expect(guess(Array("héllo".utf8), size: 256).kind == .string)
        #expect(guess(Array(#"{"a": 1}"#.utf8), size: 256).kind == .string)
        let old = guess(Array(#"{"a": 1}"#.utf8), size: 65536)
        #expect(old.kind == .dict)
        #expect(old.content == .json)
        #expect(old.entries == 1)
        #expect(guess(Array("[1, 2]".utf8), size: 65536).kind == .list)
        #expect(guess(try PickleValue.tuple([1, 2]).pickled(), size: 4096).kind == .block)
        let ancient = guess(Array("(dp0\nVa\np1\nI1\ns.".utf8), size: 65536)
        #expect(ancient.content == .pickle(protocol: 0))
        #expect(ancient.kind == .dict)
        #expect(guess([0x80, 5, 0x5d, 0x2e], size: 65536).content == .pickle(protocol: 5))
        #expect(guess([], size: 65536).kind == nil)
        #expect(guess([], size: 256).kind == .string)
        #expect(guess([], size: 4096).kind == .block)
    }

    @Test func whatCannotBeReadIsDamaged() throws {
        let whole = try (["key": ["a", "b"]] as PickleValue).pickled()
        let torn = guess(Array(whole.dropLast(4)), size: 65536)
        guard case .damaged = torn.content else {
            Issue.record("a torn pickle is \(torn.content)")
            return
        }
        #expect(torn.kind == .dict)
        #expect(torn.writer == .unknown)
        let cut = guess(Array("na\u{ef}ve".utf8.prefix(3)), size: 64)
        #expect(cut.kind == .string)
        #expect(cut.content != .plain)
        #expect(guess([0xff, 0xfe, 1, 0xff, 0xff, 0xfe], size: 64).kind == nil)
    }

    @Test func aHeldLockStopsNobodyFromLooking() throws {
        let block = try UniqueBlock()
        let dict = try RememoryDict<String, Int>(block.string)
        try dict.set(1, for: "a")
        let lock = try RememoryLock(block.string)
        try lock.withLock {
            let found = try inspect(block)
            #expect(found.lock == .held)
            #expect(found.entries == 1)
        }
        #expect(try inspect(block).lock == .free)
    }

    @Test func theSurveyHasLocksWithoutSegments() throws {
        let (block, orphan, bare) = (try UniqueBlock(), try UniqueBlock("orphan"), try UniqueBlock("bare"))
        let number = try RememoryInt(block.string)
        try number.set(7)
        try RememoryLock(orphan.string).withLock {}
        try bare.createAsPython(size: 65536, content: [0x80, 4, 0x7d, 0x94, 0x2e])
        let survey = BlockInspection.all()
        #expect(survey.first { $0.name == block.string }?.kind == .int)
        let lonely = try #require(survey.first { $0.name == orphan.string })
        #expect(lonely.size == nil)
        #expect(!survey.contains { $0.name == bare.string })
        #expect(BlockInspection.all(includingOthers: true).contains { $0.name == bare.string })
    }

    @Test func thereIsNothingUnderOtherNames() throws {
        #expect(try BlockInspection("rmtest-nobody-made-this") == nil)
        #expect(try BlockInspection("../etc/passwd") == nil)
        #expect(try BlockInspection("..") == nil)
        #expect(try BlockInspection("") == nil)
    }

    @Test func rawBlocksAreReadAndReplacedAsBytes() throws {
        let block = try UniqueBlock()
        #expect(try RawBlock(block.string, as: .dict) == nil)
        let old = try (["a": 1] as PickleValue).pickled()
        let prepared = try PreparedBlock(block.string, size: 4096, content: old)
        #expect(try prepared.publish())
        #expect(try !prepared.publish())
        let raw = try #require(try RawBlock(block.string, as: .dict))
        #expect(try raw.content().bytes == old)
        let dict = try RememoryDict<String, Int>(block.string)
        try dict.set(2, for: "a")
        #expect(try PickleValue(pickle: raw.content().bytes) == ["a": 2])
        try raw.update { _, _ in old }
        #expect(try dict["a"] == 1)
        let large: PickleValue = ["a": 3, "b": PickleValue(String(repeating: "x", count: 5000))]
        try raw.update { _, _ in try large.pickled() }
        #expect(try dict["a"] == 3)
        #expect(try raw.content().size >= 8192)
    }
}
