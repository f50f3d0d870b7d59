import ArgumentParser
import Foundation
import Rememory

/// `rememoryctl export`
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes blocks to a file, exactly: all of them, or those that are named.",
        discussion: """
            The file is text, a line of JSON a block: its bytes and type, and beside them its value for readers. Each \
            block is read under its lock, one after the other. rememoryctl import brings them back.
            """
    )

    @Argument(help: "The blocks; all if none is named.") var names: [String] = []
    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write; standard output if not given.", valueName: "file"))
    var output = "-"
    @OptionGroup var options: BlockOptions

    func run() throws {
        let names = names.isEmpty ? Self.allNames() : names
        let writer = try ArchiveWriter(output, count: names.count)
        var progress = ProgressLine("exported")
        do {
            for (done, name) in names.enumerated() {
                try writer.add(BlockRecord(reading: name, options))
                progress.show(done + 1, of: names.count)
            }
        } catch {
            progress.end()
            writer.abandon()
            throw error
        }
        progress.end()
        try writer.finish()
        if output != "-" { Output.line("exported \(names.count) blocks to \(output)") }
    }

    private static func allNames() -> [String] {
        BlockInspection.all().filter { $0.size != nil }.map(\.name).filter { (try? BlockName($0)) != nil }
    }
}

/// `rememoryctl import`
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Brings blocks back from a file: all or nothing.",
        discussion: """
            The whole file is checked before anything changes. Blocks that exist are an error, unless --replace is \
            given; while they are replaced, what they held is kept in FILE.before-import, which stays there should this \
            program be killed.
            """
    )

    @Argument(help: "The file that rememoryctl export wrote, - for standard input.") var file: String
    @Argument(help: "The blocks; all of the file if none is named.") var names: [String] = []
    @Flag(help: "Replace the content of blocks that exist.") var replace = false
    @Flag(help: "Check the file, and say what would be done.") var dryRun = false
    @OptionGroup var options: BlockOptions

    func run() throws {
        var progress = ProgressLine("checked")
        defer { progress.end() }
        var records = try ArchiveReader.records(file) { progress.show($0, of: $1) }
        if !names.isEmpty {
            for name in names where !records.contains(where: { $0.name == name }) {
                throw Failure(
                    .missing, "the file has no block \"\(name)\"",
                    remedy: "grep -o '\"name\": \"[^\"]*\"' \(file) lists them")
            }
            records.removeAll { !names.contains($0.name) }
        }
        let backup = file == "-" ? "stdin.before-import" : "\(file).before-import"
        let importer = try Importer(records, mayReplace: replace, backupPath: backup, options)
        let counts = importer.counts
        if !dryRun { try importer.run() }
        Output.line(
            "\(dryRun ? "would import" : "imported") \(counts.new) new blocks, and \(dryRun ? "replace" : "replaced") \(counts.replaced)"
        )
    }
}
