import Foundation
import PeerProtocol
import Testing

@testable import interop_check

@Suite struct ManualTests {
    /// The names of all commands and the long names of their options, by the program's own word.
    private func commands(_ command: JSON, _ names: [String] = []) -> [(name: String, options: [String])] {
        let name = names + [command["commandName"]?.string ?? ""]
        let options = (command["arguments"]?.array ?? []).filter { $0["shouldDisplay"] == true }
            .compactMap { $0["preferredName"]?["name"]?.string }
        let subcommands = (command["subcommands"]?.array ?? []).filter { $0["commandName"] != "help" }
        return [(name.joined(separator: " "), options)] + subcommands.flatMap { commands($0, name) }
    }

    @Test func theManualHasEveryCommandAndOption() throws {
        try CtlStage.play { stage in
            let help = try stage.ok("--experimental-dump-help").json
            let all = commands(try #require(help["command"]))
            #expect(all.count >= 24)
            let path = stage.stage.troupe.installation.root.appendingPathComponent("Sources/rememoryctl/rememoryctl.1")
                .path
            let manual = try String(contentsOfFile: path, encoding: .utf8)
                .replacingOccurrences(of: "\\-", with: "-")
            for command in all {
                let last = command.name.split(separator: " ").last.map(String.init) ?? ""
                #expect(manual.contains(last), "the manual doesn't name \(command.name)")
                for option in command.options {
                    #expect(manual.contains(option), "it doesn't name \(command.name) --\(option)")
                }
            }
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completionsKnowTheCommands(_ shell: String) throws {
        try CtlStage.play { stage in
            let script = try stage.ok("--generate-completion-script", shell).output
            for command in ["list", "watch", "migrate", "doctor", "transcode"] { #expect(script.contains(command)) }
        }
    }
}
