import Foundation
import Rememory
import Testing

@testable import interop_check

struct Player: Codable {
    var score: Int
    var level: Int
}

/// The README's snippets are what runs here: the Swift one is this file's, the Python one is taken from it.
@Suite struct ReadmeTests {
    private let readme = Result {
        let root = try TestStage.troupe.get().installation.root
        return try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    }

    private func playInSwift(_ gameState: String, _ print: (String, Int) -> Void) throws -> Any {
        let players = try RememoryDict<String, Player>(gameState)
        try players.set(Player(score: 10, level: 2), for: "player1")
        try players.update("player1") { $0?.score += 1 }  // atomic against Swift and Python

        for (name, player) in try players.snapshot() {  // in Python's order
            print(name, player.score)
        }
        return players
    }

    @Test func snippetsWork() throws {
        let python = try snippet("python")
        try TestStage.play { stage in
            let name = stage.name()
            var printed: [String] = []
            let players = try playInSwift(name) { printed.append("\($0) \($1)") }
            #expect(printed == ["player1 11"])
            let program = python.replacing("game_state", with: name)
            let output = CommandOutput.of([stage.environment.python, "-c", program], timeout: 60)
            #expect(output.text.hasPrefix("{'score': 11, 'level': 2}\n"))
            let scores = try RememoryDict<String, Player>(name).snapshot().map { "\($0.key) \($0.value.score)" }
            #expect(scores == ["player1 11", "player2 5"])
            withExtendedLifetime(players) {}
        }
    }

    @Test func theSwiftSnippetIsWhatRuns() throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8).replacing(
            "(gameState)", with: "(\"game_state\")")
        let here = Set(source.split(separator: "\n").map { String($0).trimmed })
        for line in try snippet("swift").split(separator: "\n") {
            #expect(here.contains(String(line).trimmed), "\(line)")
        }
    }

    /// The first block of the README in a language.
    private func snippet(_ language: String) throws -> String {
        let text = try readme.get()
        let start = try #require(text.range(of: "```\(language)\n"))
        let end = try #require(text[start.upperBound...].range(of: "```"))
        return String(text[start.upperBound..<end.lowerBound])
    }
}
