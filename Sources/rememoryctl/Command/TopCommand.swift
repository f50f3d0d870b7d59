import ArgumentParser
import Foundation
import Rememory

/// `rememoryctl top`
struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Shows all blocks on the whole screen: sizes, changes per second, locks, processes.",
        discussion: """
            Keys: n t s u c l p w sort by name, type, size, used bytes, changes, lock, processes, writer, and reverse when \
            pressed again; arrows choose, Enter opens a block, q ends. It writes nothing and takes no lock. Of Swift \
            processes' changes all are counted; of Python's those that are seen in ten looks a second.
            """
    )

    @Argument(help: "The blocks; all if none is named.") var names: [String] = []
    @Option(help: ArgumentHelp("How often the table is renewed.", valueName: "seconds")) var interval = 1.0
    @Flag(help: "Measure for one interval, print the table and end.") var once = false

    private static let samplesPerSecond = 10.0

    func validate() throws {
        if !(interval >= 0.1 && interval <= 3600) {
            throw ValidationError("--interval is \(interval), expected 0.1 to 3600")
        }
    }

    func run() throws {
        var model = TopModel(names: names)
        model.refresh()
        if once {
            for _ in 0..<max(1, Int(interval * Self.samplesPerSecond)) {
                Thread.sleep(forTimeInterval: 1 / Self.samplesPerSecond)
                model.sample()
            }
            model.refresh()
            for line in TopScreen.lines(model) { Output.safeLine(line) }
            return
        }
        let terminal = try RawTerminal()
        defer { terminal.restore() }
        loop(&model, terminal)
    }

    private func loop(_ model: inout TopModel, _ terminal: RawTerminal) {
        var opened: String?
        var offset = 0
        var nextRefresh = ContinuousClock.now + .seconds(interval)
        while true {
            let size = Terminal.size
            let screen = TopScreen(columns: size.columns, rows: size.rows)
            let report = model.rows.first { $0.report.block.name == opened }?.report
            terminal.draw(report.map { screen.block($0, scrolledBy: offset) } ?? screen.table(model))
            let event = terminal.next(timeout: Int32(1000 / Self.samplesPerSecond))
            switch event {
            case .end: return
            case .nothing: break
            case .key(let key):
                if report != nil {
                    Self.scroll(key, &offset, &opened)
                } else {
                    opened = nil
                    offset = 0
                    if Self.react(to: key, &model, &opened) { return }
                }
            }
            if ContinuousClock.now >= nextRefresh {
                model.refresh()
                nextRefresh = .now + .seconds(interval)
            } else {
                model.sample()
            }
        }
    }

    /// What a key does in the table; whether it ends the program.
    private static func react(to key: RawTerminal.Key, _ model: inout TopModel, _ opened: inout String?) -> Bool {
        switch key {
        case .up, .character("k"): model.move(by: -1)
        case .down, .character("j"): model.move(by: 1)
        case .pageUp: model.move(by: -20)
        case .pageDown: model.move(by: 20)
        case .home: model.move(by: -.max / 2)
        case .end: model.move(by: .max / 2)
        case .enter: opened = model.selected
        case .character("q"), .escape: return true
        case .character("r"): model.sort(by: model.order)
        case .character(let character):
            if let order = TopModel.Order(rawValue: character) { model.sort(by: order) }
        }
        return false
    }

    private static func scroll(_ key: RawTerminal.Key, _ offset: inout Int, _ opened: inout String?) {
        switch key {
        case .up, .character("k"): offset = max(0, offset - 1)
        case .down, .character("j"): offset += 1
        case .pageUp: offset = max(0, offset - 20)
        case .pageDown: offset += 20
        case .home: offset = 0
        case .character("q"), .escape: opened = nil
        default: break
        }
    }
}
