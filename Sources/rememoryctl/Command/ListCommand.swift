import ArgumentParser
import Foundation
import PeerProtocol
import Rememory

/// `rememoryctl list`
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the blocks on this machine.",
        discussion: "Looks from outside: writes nothing, and takes no lock."
    )

    @Flag(help: "Print JSON: an array of objects.")
    var json = false

    @Flag(help: "Also list segments that have no lock. They may be other programs'.")
    var all = false

    func run() throws {
        let blocks = BlockInspection.all(includingOthers: all).filter { all || $0.size != nil }
        if json { return Output.json(.array(blocks.map { BlockReport($0).json })) }
        var table = Table([
            .init(title: "NAME"), .init(title: "TYPE"), .init(title: "SIZE", isNumber: true),
            .init(title: "USED", isNumber: true), .init(title: "ENTRIES", isNumber: true), .init(title: "WRITER"),
            .init(title: "LOCK"), .init(title: "PROCESSES"), .init(title: "WHY THAT TYPE"),
        ])
        for block in blocks { table.add(BlockReport(block).cells) }
        let lines = table.lines(width: Terminal.isOutput ? Terminal.size.columns : nil)
        Output.safeLine(Style.bold(lines[0]))
        for line in lines.dropFirst() { Output.safeLine(line) }
    }
}
