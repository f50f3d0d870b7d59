import ArgumentParser
import Foundation
import PeerProtocol
import Rememory

/// `rememoryctl doctor`
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Finds stuck locks, damaged contents, locks without a block, names that Python can't open.",
        discussion: """
            Says what is wrong, how that is known, and what it would do; --fix does it, and asks before each step. \
            Nothing is done to what a living process may be busy with. Status 4 if something is wrong and stays so.
            """
    )

    @Argument(help: "The blocks; all if none is named.") var names: [String] = []
    @Flag(help: "Mend what can be mended, asking before each step.") var fix = false
    @Flag(help: "With --fix: don't ask.") var yes = false
    @Option(help: ArgumentHelp("Where old and damaged contents are kept.", valueName: "folder")) var keepIn = "."
    @Flag(help: "Print JSON: an array of findings.") var json = false
    @OptionGroup var options: BlockOptions

    func validate() throws {
        if yes, !fix { throw ValidationError("--yes is for --fix") }
        if json, fix { throw ValidationError("--json and --fix exclude each other") }
    }

    func run() throws {
        if fix, !yes, !Terminal.isInput {
            throw Failure.usage(
                "--fix asks before each step, and there is nobody to answer", remedy: "Say --yes if all of it is meant")
        }
        let findings = try Examination(options: options, folder: keepIn).findings(names)
        if json {
            Output.json(.array(findings.map(\.json)))
        } else if findings.isEmpty {
            Output.line("nothing is wrong")
        }
        var open = 0
        for finding in findings where !json { if try !treat(finding) { open += 1 } }
        if json ? !findings.isEmpty : open > 0 { throw ExitCode(Failure.Status.unfit.rawValue) }
    }

    /// Tells of a finding, and mends it if that is wanted; whether it is mended.
    private func treat(_ finding: Finding) throws -> Bool {
        Output.safeLine("\(Style.bold(SafeText.escaped(finding.block))): \(SafeText.escaped(finding.what))")
        switch finding.cure {
        case .advice(let advice):
            Output.line("  \(advice)")
            return false
        case .step(let plan, let step):
            guard fix else {
                Output.line("  --fix would \(plan)")
                return false
            }
            guard yes || Terminal.confirms("  \(finding.block): \(plan)?") else {
                Output.line("  left as it is")
                return false
            }
            do {
                Output.line("  \(try step())")
                return true
            } catch {
                Output.complain("  it can't be mended: \(error)")
                return false
            }
        }
    }
}
