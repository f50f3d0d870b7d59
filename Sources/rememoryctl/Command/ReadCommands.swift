import ArgumentParser
import PeerProtocol
import PickleCodec
import Rememory

/// `rememoryctl get`
struct GetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Prints a value: of a block, or of a part of it.",
        discussion: "As Python's repr, unless told otherwise."
    )

    @Argument(help: "The block.") var name: String
    @Argument(help: "The way to the value: player1.score, log.0, [42].") var path: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: BlockOptions

    func run() throws {
        let path = try path.map { try ValuePath($0) } ?? .whole
        try Output.value(OpenBlock(name, options).get(path), as: output)
    }
}

/// `rememoryctl show`
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints all there is to know about a block, and its content, an entry a line."
    )

    @Argument(help: "The block.") var name: String
    @Option(help: ArgumentHelp("How many entries to print; 0 for all.", valueName: "count")) var limit = 100
    @OptionGroup var output: OutputOptions
    @OptionGroup var options: BlockOptions

    func validate() throws {
        if limit < 0 { throw ValidationError("--limit is \(limit), expected 0 or more") }
    }

    func run() throws {
        guard let block = try BlockInspection(name), block.size != nil else { throw Failure.noBlock(name) }
        if output.pickle {
            guard let raw = try RawBlock(name, as: options.type ?? block.kind, options: options.rememory) else {
                throw Failure.noBlock(name)
            }
            return try Output.bytes(raw.content().bytes)
        }
        let value = try OpenBlock(name, options).get(.whole)
        if output.json {
            guard case .object(var members) = BlockReport(block).json else { return }
            members["value"] = try JSON(tagging: value)
            return Output.json(.object(members))
        }
        describe(BlockReport(block))
        show(value)
    }

    private func describe(_ report: BlockReport) {
        let block = report.block
        let facts = [
            ("type", "\(report.type) (\(block.reason))"),
            ("size", "\(block.size ?? 0) bytes, \(block.usedBytes) used"),
            ("writer", "\(block.writer) wrote last"),
            ("lock", report.lock.details.map { "\(report.lock.word): \($0)" } ?? report.lock.word),
            ("processes", report.processes),
        ]
        for (title, fact) in facts {
            Output.safeLine(Style.dim((title + ":").padded(to: 11)) + SafeText.escaped(fact))
        }
    }

    private func show(_ value: PickleValue) {
        switch value.kind {
        case .dict:
            Output.safeLine(Style.dim("entries:".padded(to: 11)) + "\(value.pairs.count)")
            for (key, value) in value.pairs.prefix(limit == 0 ? .max : limit) {
                Output.safeLine(Style.cyan(SafeText.escaped(key.repr())) + ": " + SafeText.escaped(value.repr()))
            }
            more(value.pairs.count)
        case .list:
            Output.safeLine(Style.dim("items:".padded(to: 11)) + "\(value.elements.count)")
            for (index, item) in value.elements.prefix(limit == 0 ? .max : limit).enumerated() {
                Output.safeLine(Style.cyan("\(index)") + ": " + SafeText.escaped(item.repr()))
            }
            more(value.elements.count)
        default:
            Output.safeLine(Style.dim("value:".padded(to: 11)) + SafeText.escaped(value.repr()))
        }
    }

    private func more(_ count: Int) {
        if limit > 0, count > limit { Output.line("… and \(count - limit) more (--limit 0 prints all)") }
    }
}
