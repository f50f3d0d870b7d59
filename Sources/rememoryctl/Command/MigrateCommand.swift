import ArgumentParser
import Foundation
import Rememory

/// `rememoryctl migrate`
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Turns contents of versions 0.1 and 0.2, and pickles of other protocols, into protocol 4.",
        discussion: """
            Versions 0.1 and 0.2 of the Python package wrote dicts and lists as JSON, which later versions read as \
            empty and overwrite. The old content stays in a file NAME.before-migration, which rememoryctl import \
            --replace brings back, until --forget removes it.
            """
    )

    @Argument(help: "The blocks.") var names: [String] = []
    @Flag(help: "All blocks that need it.") var all = false
    @Flag(help: "Say what would happen, and change nothing.") var dryRun = false
    @Flag(help: "Remove the files with the old contents of these blocks.") var forget = false
    @Option(help: ArgumentHelp("Where the old contents are kept.", valueName: "folder")) var keepIn = "."
    @OptionGroup var options: BlockOptions

    func validate() throws {
        if names.isEmpty != all { throw ValidationError("name the blocks, or say --all") }
        if forget, dryRun { throw ValidationError("--forget and --dry-run exclude each other") }
    }

    func run() throws {
        let blocks = try all ? BlockInspection.all().filter(Self.isMigratable) : names.map(Self.existing)
        if forget { return try removeKept(of: all ? blocks.map(\.name) : names) }
        var migrations: [(BlockInspection, Migration)] = []
        for block in blocks {
            guard let migration = try Migration(block, options) else {
                Output.line("\(block.name): nothing to do (\(block.reason))")
                continue
            }
            Output.line(try migration.plan(block))
            migrations.append((block, migration))
        }
        guard !dryRun else { return }
        for (block, migration) in migrations {
            try migration.run(keepingIn: keepIn)
            Output.line("\(block.name): done; the old content is in \(migration.keptPath(in: keepIn))")
            if !block.processes.isEmpty {
                Output.complain(
                    "note: \(block.processes.count) processes have \"\(block.name)\" open. Those with version 0.1 or 0.2 "
                        + "can't read it any more: end them")
            }
        }
    }

    /// What --all is for: whatever is not fit for it is left alone.
    private static func isMigratable(_ block: BlockInspection) -> Bool {
        switch block.content {
        case .json: true
        case .pickle(let number): number != 4
        default: false
        }
    }

    private static func existing(_ name: String) throws -> BlockInspection {
        guard let block = try BlockInspection(name), block.size != nil else { throw Failure.noBlock(name) }
        return block
    }

    private func removeKept(of names: [String]) throws {
        for name in names {
            let path = Migration.keptPath(of: name, in: keepIn)
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch {
                throw Failure.file(path, error)
            }
            Output.line("removed \(path)")
        }
    }
}
