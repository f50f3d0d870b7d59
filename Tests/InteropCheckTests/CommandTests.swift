import ArgumentParser
import Testing

@testable import interop_check

@Suite struct CommandTests {
    @Test func withoutArgumentsEveryCheckRuns() throws {
        let command = try #require(try InteropCheck.parseAsRoot([]) as? RunCommand)
        #expect(command.pythons.isEmpty && command.filters.isEmpty && !command.lists)
        #expect(command.jsonFile == nil && command.junitFile == nil)
        #expect(command.jobs >= 1)
        #expect(command.guarded == .newest && command.intensity == 1)
    }

    @Test func optionsAreRead() throws {
        let arguments = [
            "--python", "/a/python3", "--python", "python3.12", "--filter", "dict", "--filter", "LIST", "--seed", "7",
            "--json", "a.json", "--junit", "a.xml", "--jobs", "3", "--list", "--guarded", "all", "--intensity", "20",
        ]
        let command = try #require(try InteropCheck.parseAsRoot(arguments) as? RunCommand)
        #expect(command.pythons == ["/a/python3", "python3.12"])
        #expect(command.filters == ["dict", "LIST"])
        #expect(command.seed == 7)
        #expect(command.jsonFile == "a.json")
        #expect(command.junitFile == "a.xml")
        #expect(command.jobs == 3)
        #expect(command.guarded == .all && command.intensity == 20)
        #expect(command.lists)
    }

    @Test(arguments: [
        ["--filter", "no such check"], ["--jobs", "0"], ["--intensity", "0"], ["--guarded", "some"], ["--seed", "-1"],
        ["--unknown"], ["stray"],
    ])
    func nonsenseIsRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try InteropCheck.parseAsRoot(arguments) }
    }

    @Test func seedsDiffer() throws {
        let first = try #require(try InteropCheck.parseAsRoot([]) as? RunCommand)
        let second = try #require(try InteropCheck.parseAsRoot([]) as? RunCommand)
        #expect(first.seed != second.seed)
    }

    @Test func checksAreFoundByPartsOfTheirNames() {
        #expect(CheckRegistry.matching([]).count == CheckRegistry.all.count)
        #expect(CheckRegistry.matching(["MODEL."]).map(\.name) == ["model.dict", "model.list"])
        #expect(CheckRegistry.matching(["nothing"]).isEmpty)
    }

    @Test func namesAreUniqueAndPromisesAreSentences() {
        #expect(Set(CheckRegistry.all.map(\.name)).count == CheckRegistry.all.count)
        for check in CheckRegistry.all {
            #expect(check.name.contains("."), "\(check.name)")
            #expect(check.promise.hasSuffix("."), "\(check.name)")
        }
        let listing = RunCommand.listing(of: CheckRegistry.all)
        #expect(listing.split(separator: "\n").count == CheckRegistry.all.count)
    }

    @Test func theGeneratorRepeatsItself() {
        var (one, same, other) = (SeededGenerator(seed: 5), SeededGenerator(seed: 5), SeededGenerator(seed: 6))
        let numbers = (0..<10).map { _ in one.next() }
        #expect(numbers == (0..<10).map { _ in same.next() })
        #expect(numbers != (0..<10).map { _ in other.next() })
    }
}
