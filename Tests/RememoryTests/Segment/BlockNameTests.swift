import Testing

@testable import Rememory

@Suite struct BlockNameTests {
    @Test(arguments: [
        "a", "game_state", "with space", "...", "-", String(repeating: "n", count: 238), "a\nb", "\u{7F}",
    ])
    func acceptsWhatWorksOnBothSides(_ name: String) throws {
        #expect(try BlockName(name).description == name)
    }

    @Test(arguments: ["", ".", "..", "a/b", "/a", "a\0b", "é", "§", String(repeating: "n", count: 239)])
    func refusesTheRest(_ name: String) {
        let error = #expect(throws: RememoryError.self) { try BlockName(name) }
        #expect(error?.code == .invalidName)
        #expect(error?.block == name)
    }
}
