import ArgumentParser
import PeerProtocol
import PickleCodec
import Rememory

/// `rememoryctl audit`
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract:
            "Tells which Python classes are in a block, where, what Swift reads them as, and what would be called.",
        discussion:
            "Nothing of the pickle is run, and nothing is imported. Python runs all that is called here when it reads the block."
    )

    @Argument(help: "The block.") var name: String
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: BlockOptions

    func run() throws {
        guard let block = try BlockInspection(name), block.size != nil,
            let raw = try RawBlock(name, as: options.type ?? block.kind, options: options.rememory)
        else { throw Failure.noBlock(name) }
        guard options.type?.isPickled ?? block.kind?.isPickled ?? true else {
            throw Failure.unfit(
                "a block of type \(block.kind?.rawValue ?? "?") holds no pickle",
                remedy: "There is nothing to audit in it")
        }
        let audit = try Audit(raw.content().bytes)
        if json { return Output.json(audit.json) }
        report(audit)
    }

    private func report(_ audit: Audit) {
        if audit.findings.isEmpty { Output.line("\(name): no classes; built-in types only, which Swift reads as such") }
        for finding in audit.findings {
            Output.safeLine(Style.bold(SafeText.escaped(finding.name.description)))
            if finding.count > 0 {
                let more = finding.count > finding.places.count ? ", …" : ""
                Output.line("  in Swift: \(finding.swift)")
                Output.line("  \(finding.count) objects: \(finding.places.joined(separator: ", "))\(more)")
            }
            switch (finding.isCalled, finding.danger) {
            case (_, .hostile):
                let verb = finding.isCalled ? "CALLS" : "hands on"
                Output.safeLine("  " + Style.red("Python \(verb) it when it reads the block: it can run anything"))
            case (true, .code):
                Output.safeLine("  " + Style.yellow("Python imports it and runs its code when it reads the block"))
            case (false, .code): Output.safeLine("  " + Style.yellow("Python imports it when it reads the block"))
            case (_, .harmless): Output.line("  harmless: it only makes a value")
            }
        }
        if audit.hasIndirectCalls {
            Output.safeLine(
                Style.red("Python calls what another call returns: the list above doesn't tell what that can be"))
        }
        if audit.persistentIDs > 0 {
            Output.line("\(audit.persistentIDs) persistent ids, which Python's rememory can't read")
        }
        if !audit.extensionCodes.isEmpty {
            Output.line("numbers of copyreg's registry, which may stand for any class: \(audit.extensionCodes)")
        }
    }
}
