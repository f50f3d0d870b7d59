import ArgumentParser
import PickleCodec
import Rememory

/// `rememoryctl swift`
struct SwiftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "swift",
        abstract: "Prints Codable structs for the shape that a block has now.",
        discussion: """
            The structs compile, and decode what is there; values that have nothing in common become PickleValue, keys \
            that are not in all dicts become optional. Look at them as a start.
            """
    )

    @Argument(help: "The block.") var name: String
    @OptionGroup var options: BlockOptions

    func run() throws {
        let block = try OpenBlock(name, options)
        switch block.kind {
        case .dict, .list, .block:
            guard let raw = try RawBlock(name, as: block.kind, options: options.rememory) else {
                throw Failure.noBlock(name)
            }
            let bytes = try raw.content().bytes
            let value = bytes.isEmpty ? PickleValue() : try PickleValue(pickle: bytes)
            Output.lines(SwiftCode.file(for: value, name: name, kind: block.kind))
        case .int, .float, .bool, .string: Output.lines(scalar(block.kind))
        }
    }

    private func scalar(_ kind: BlockKind) -> String {
        let format = options.format?.uppercased() ?? (try? BlockInspection(name))??.format
        let type = "Rememory\(kind.rawValue.prefix(1).uppercased())\(kind.rawValue.dropFirst())"
        let argument = kind == .int || kind == .float ? format.map { ", format: .\($0.lowercased())" } ?? "" : ""
        return
            "import Rememory\n\nlet \(SwiftName.property(SwiftName.type(name).lowercased())) = try \(type)(\(SwiftName.literal(name))\(argument))"
    }
}
