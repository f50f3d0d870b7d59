import ArgumentParser
import PickleCodec
import Rememory

/// The arguments of a command that changes a value: `NAME [PATH] VALUE`.
struct ChangeArguments: ParsableArguments {
    @Argument(help: "The block.") var name: String
    @Argument(
        help: ArgumentHelp("PATH, for a part of the block, and the VALUE, as JSON.", valueName: "path-and-value"))
    var words: [String] = []
    @OptionGroup var input: InputOptions
    @OptionGroup var options: BlockOptions

    func validate() throws {
        if words.isEmpty || words.count > 2 {
            throw ValidationError("expected NAME [PATH] VALUE, found \(words.count) arguments behind the name")
        }
    }

    var path: ValuePath {
        get throws { words.count == 2 ? try ValuePath(words[0]) : .whole }
    }

    var value: PickleValue {
        get throws { try input.value(words[words.count - 1]) }
    }

    func open() throws -> OpenBlock { try OpenBlock(name, options) }
}

/// `rememoryctl set`
struct SetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Sets a value: of a block, or of a part of it.",
        usage: "rememoryctl set <name> [<path>] <value> [<options>]",
        discussion: "In one step that no other process can get in between."
    )

    @OptionGroup var change: ChangeArguments
    @Flag(help: "Create the block if there is none; needs --type.") var create = false
    @Option(help: ArgumentHelp("The size of a block that is created.", valueName: "bytes")) var size: Int?

    func validate() throws {
        if create, change.options.type == nil { throw ValidationError("--create needs --type") }
        if let size, size < 1 { throw ValidationError("--size is \(size), expected at least 1") }
    }

    func run() throws {
        let (path, value) = (try change.path, try change.value)
        let block: OpenBlock
        if create, let kind = change.options.type, try BlockInspection(change.name)?.size == nil {
            block = try OpenBlock(creating: change.name, kind: kind, size: size, change.options)
        } else {
            block = try change.open()
        }
        if path.parts.isEmpty { return try block.set(value) }
        try block.update(path) { $0 = value }
    }
}

/// `rememoryctl delete`
struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes a part of a block; without PATH the block itself, for all processes."
    )

    @Argument(help: "The block.") var name: String
    @Argument(help: "The way to the part.") var path: String?
    @Flag(help: "Delete the block without asking.") var yes = false
    @Flag(help: "Delete the block's lock as well. Only when no process uses it.") var lock = false
    @OptionGroup var options: BlockOptions

    func run() throws {
        if let path, case let path = try ValuePath(path), !path.parts.isEmpty {
            return try OpenBlock(name, options).delete(path)
        }
        guard let block = try BlockInspection(name), block.size != nil,
            let raw = try RawBlock(name, as: block.kind, options: options.rememory)
        else { throw Failure.noBlock(name) }
        if !yes {
            guard Terminal.isInput else {
                throw Failure.usage("this would remove the block \"\(name)\"", remedy: "Say --yes if that is meant")
            }
            let users = block.processes.isEmpty ? "" : ", which \(block.processes.count) processes have open"
            guard Terminal.confirms("Remove the block \"\(name)\"\(users)?") else {
                throw Failure.usage("nothing was removed", remedy: "Answer y to remove it")
            }
        }
        try raw.unlink(semaphore: lock)
    }
}

/// `rememoryctl append`
struct AppendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "Adds an item at the end of a list, or text at the end of a string.",
        usage: "rememoryctl append <name> [<path>] <value> [<options>]"
    )

    @OptionGroup var change: ChangeArguments

    func run() throws {
        let (path, value) = (try change.path, try change.value)
        try change.open().append(value, to: path)
    }
}

/// `rememoryctl add`
struct AddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a number to a number, or a member to a set, and prints what comes out.",
        usage: "rememoryctl add <name> [<path>] <value> [<options>]",
        discussion: "A key that is missing counts as 0. No other process can get in between."
    )

    @OptionGroup var change: ChangeArguments
    @OptionGroup var output: OutputOptions

    func run() throws {
        let (path, value) = (try change.path, try change.value)
        try Output.value(change.open().add(value, to: path), as: output)
    }
}

/// `rememoryctl remove`
struct RemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Removes the first item of a list that equals a value, or a member of a set.",
        usage: "rememoryctl remove <name> [<path>] <value> [<options>]",
        discussion: "To delete a key or an index, use delete."
    )

    @OptionGroup var change: ChangeArguments

    func run() throws {
        let (path, value) = (try change.path, try change.value)
        try change.open().remove(value, from: path)
    }
}
