import Foundation
import PickleCodec
import Testing

@testable import Rememory

/// Content that is not what a block is opened as: it is said what was found, nothing is overwritten until asked, and what
/// can be read can be had.
@Suite struct SalvageTests {
    private func block(_ content: [UInt8], size: Int = 4096) throws -> UniqueBlock {
        let block = try UniqueBlock("unfit")
        try block.createAsPython(size: size, content: content)
        return block
    }

    private func pickled(_ value: PickleValue) throws -> [UInt8] { try value.pickled() }

    // MARK: Salvage

    @Test func wholeContentComesOutWhole() throws {
        let block = try block(pickled(["a": 1, "b": 2]))
        let dict = try RememoryDict<String, Int>(block.string)
        let salvage = try dict.salvage()
        #expect(salvage.isComplete)
        #expect(salvage.entries.map(\.key) == ["a", "b"] && salvage.entries.map(\.value) == [1, 2])
        let new = try UniqueBlock("unfit")
        #expect(try RememoryList<Int>(new.string).salvage().isComplete)
    }

    /// Cut at every byte: what comes out was in, and what is beyond doubt is the beginning.
    @Test func everyCutGivesABeginning() throws {
        let items: [PickleValue] = [1, "two", [3, [4, "two"]], ["five": 5], 2.5, nil, .tuple([6, .tuple([7, 8])])]
        let whole = try pickled(.list(items))
        let block = try block(whole)
        for cut in 3..<whole.count {
            let content = Array(whole[..<cut]) + [UInt8](repeating: 0, count: 4096 - cut)
            let mapped = try MappedSegment(try FileDescriptor.open(block.segmentPath))
            unsafe mapped.bytes.copyBytes(from: content)
            let list = try RememoryList<PickleValue>(block.string)
            defer { list.close() }
            guard let salvage = try? list.salvage() else {
                #expect(cut < 12, "cut at \(cut)")
                continue
            }
            #expect(salvage.loss != nil)
            #expect(salvage.entries == Array(items[..<salvage.entries.count]), "cut at \(cut)")
            // The last of them may be parts of an item: at most the three numbers of the last one.
            let sure = salvage.doubtful.dropLast(3)
            #expect(Array(sure) == Array(items[..<sure.count]), "cut at \(cut)")
        }
    }

    @Test func closedBatchesAreBeyondDoubt() throws {
        let items = (0..<2_500).map { PickleValue($0) }
        let whole = try pickled(.list(items))
        let block = try block(Array(whole.dropLast(200)), size: 65_536)
        let list = try RememoryList<Int>(block.string)
        let salvage = try list.salvage()
        #expect(salvage.entries == Array(0..<2_000))
        #expect(salvage.doubtful.count > 300)
        #expect(salvage.doubtful == Array(2_000..<2_000 + salvage.doubtful.count))
    }

    @Test func entriesOfOtherTypesAreTold() throws {
        let block = try block(pickled(["a": 1, "b": "two", "c": 3]))
        let dict = try RememoryDict<String, Int>(block.string)
        let salvage = try dict.salvage()
        #expect(salvage.entries.map(\.key) == ["a", "c"])
        #expect(salvage.mistyped == ["'b': 'two'"])
        #expect(!salvage.isComplete)
    }

    @Test func whatIsNoBeginningIsAnError() throws {
        let block = try block(Array("no pickle at all".utf8))
        let dict = try RememoryDict<String, Int>(block.string)
        #expect { try dict.salvage() } throws: { ($0 as? RememoryError)?.code == .corruptContent }
    }

    // MARK: Other types

    @Test(arguments: [RememoryLayout.journal, .canonical])
    func aListIsNoDict(_ layout: RememoryLayout) throws {
        let content = try pickled([1, 2])
        let block = try block(content)
        let dict = try RememoryDict<String, Int>(block.string, layout: layout)
        for operation: () throws -> Void in [
            { _ = try dict["a"] }, { try dict.set(1, for: "a") }, { try dict.clear() }, { _ = try dict.salvage() },
        ] {
            let error = #expect(throws: RememoryError.self) { try operation() }
            #expect(error?.code == .typeMismatch)
            #expect(error?.message.contains("found a pickled list") == true)
        }
        #expect(try block.contentByPath() == content)
        try dict.replaceAll(with: [("a", 1)])
        #expect(try dict["a"] == 1)
        #expect(try PythonReader().read(block.segmentPath) == "{'a': 1}")
    }

    @Test(arguments: [RememoryLayout.journal, .canonical])
    func aDictIsNoList(_ layout: RememoryLayout) throws {
        let block = try block(pickled(["a": 1]))
        let list = try RememoryList<Int>(block.string, layout: layout)
        let error = #expect(throws: RememoryError.self) { try list.append(1) }
        #expect(error?.message.contains("found a pickled dict") == true)
        #expect(throws: RememoryError.self) { try list.clear() }
        try list.replaceAll(with: [1, 2])
        #expect(try PythonReader().read(block.segmentPath) == "[1, 2]")
    }

    @Test func aScalarOfAnotherWidthIsToldApart() throws {
        let block = try UniqueBlock("unfit")
        let wide = try RememoryInt(block.string)
        try wide.set(5)
        wide.close()
        let error = #expect(throws: RememoryError.self) { try RememoryInt(block.string, as: Int16.self).set(1) }
        #expect(error?.code == .typeMismatch)
        #expect(error?.message.contains("found one of 8 bytes") == true)
        #expect(try RememoryInt(block.string).get() == 5)
    }

    // MARK: JSON of 0.1 and 0.2

    @Test func jsonIsSaidToBeAndMigratedWhenAsked() throws {
        let text = Array(#"{"p1": {"score": 10, "name": "\u00e9"}, "p2": [1, 2.5, null, true]}"#.utf8)
        let block = try block(text)
        let dict = try RememoryDict<String, PickleValue>(block.string)
        let error = #expect(throws: RememoryError.self) { try dict.set(1, for: "a") }
        #expect(error?.code == .legacyContent)
        #expect(error?.message.contains("JSON") == true)
        #expect { try dict.salvage() } throws: { ($0 as? RememoryError)?.code == .legacyContent }
        #expect(try block.contentByPath() == text)
        #expect(try dict.migrate())
        #expect(try !dict.migrate())
        #expect(
            try PythonReader().read(block.segmentPath)
                == "{'p1': {'score': 10, 'name': 'é'}, 'p2': [1, 2.5, None, True]}")
        #expect(try dict["p1"]?["score"] == 10)
    }

    @Test func jsonOfAListAndWhatCanNotBeMigrated() throws {
        let array = try block(Array("[1, [2]]".utf8))
        let list = try RememoryList<PickleValue>(array.string)
        #expect(try list.migrate())
        #expect(try list.count == 2)
        let other = try block(Array("[1, [2]]".utf8))
        let dict = try RememoryDict<String, PickleValue>(other.string)
        #expect { try dict.migrate() } throws: { ($0 as? RememoryError)?.code == .typeMismatch }
        let half = try block(Array(#"{"a": 1, "b": "#.utf8))
        let broken = try RememoryDict<String, PickleValue>(half.string)
        #expect { try broken.migrate() } throws: { ($0 as? RememoryError)?.code == .corruptContent }
        #expect(try half.contentByPath() == Array(#"{"a": 1, "b": "#.utf8))
    }
}
