import PickleCodec
import Rememory

/// The lines of `top`'s screen.
struct TopScreen {
    let columns: Int
    let rows: Int

    /// The table, with the cursor's line in view.
    func table(_ model: TopModel) -> [String] {
        let lines = TopScreen.lines(model)
        let room = max(1, rows - 4)
        let place = model.selectedPlace ?? 0
        let start = max(0, min(place - room / 2, lines.count - 1 - room))
        var screen = [
            Style.bold("rememoryctl top") + "  \(model.rows.count) blocks, sorted by \(model.order.title)"
                + (model.isReversed ? ", largest first" : ""),
            Style.bold(cut(lines[0])),
        ]
        for (number, line) in lines.dropFirst().enumerated().dropFirst(start).prefix(room) {
            screen.append(number == place ? "\u{1b}[7m\(cut(line))\u{1b}[0m" : cut(line))
        }
        while screen.count < rows - 2 { screen.append("") }
        screen.append("")
        screen.append(Style.dim(cut("keys: n t s u c l p w sort, again reverses · ↑ ↓ choose · Enter opens · q ends")))
        return screen
    }

    /// The table as text, title first.
    static func lines(_ model: TopModel) -> [String] {
        var table = Table([
            .init(title: "NAME"), .init(title: "TYPE"), .init(title: "SIZE", isNumber: true),
            .init(title: "USED", isNumber: true), .init(title: "CHANGES/S", isNumber: true), .init(title: "WRITER"),
            .init(title: "LOCK"), .init(title: "PROCESSES"),
        ])
        for row in model.rows {
            let report = row.report
            table.add([
                report.block.name, report.type, "\(report.block.size ?? 0)", "\(report.block.usedBytes)",
                rate(row.changesPerSecond), report.block.writer.rawValue, report.lock.word, report.processes,
            ])
        }
        return table.lines()
    }

    /// One block: what is known of it, and its content.
    func block(_ report: BlockReport, scrolledBy offset: Int) -> [String] {
        let block = report.block
        var lines = [
            Style.bold(SafeText.escaped(block.name))
                + "  \(report.type), \(block.size ?? 0) bytes, \(block.usedBytes) used, "
                + "\(block.writer) wrote last, lock \(report.lock.word)",
            Style.dim(cut("processes: " + SafeText.escaped(report.processes))), "",
        ]
        let content = TopScreen.content(of: block).dropFirst(offset).prefix(max(1, rows - 5))
        lines += content.map { cut($0) }
        while lines.count < rows - 1 { lines.append("") }
        lines.append(Style.dim(cut("↑ ↓ scroll · q or Escape back")))
        return lines
    }

    /// The content as it was seen, an entry a line.
    static func content(of block: BlockInspection) -> [String] {
        switch block.content {
        case .empty: return ["(empty)"]
        case .damaged(let reason): return ["damaged: " + SafeText.escaped(reason)]
        case .plain, .json:
            return block.kind == .string || block.content == .json
                ? [SafeText.escaped(String(decoding: block.bytes, as: UTF8.self))] : [SafeText.escaped(block.reason)]
        case .pickle:
            guard let value = try? PickleValue(pickle: block.bytes) else { return ["(changing)"] }
            switch value.kind {
            case .dict:
                return value.pairs.prefix(1000).map {
                    SafeText.escaped("\($0.key.repr(limit: 200)): \($0.value.repr(limit: 500))")
                }
            case .list:
                return value.elements.prefix(1000).enumerated().map {
                    SafeText.escaped("\($0): \($1.repr(limit: 500))")
                }
            default: return [SafeText.escaped(value.repr(limit: 10_000))]
            }
        }
    }

    private static func rate(_ number: Double) -> String {
        if number == 0 { return "-" }
        let tenths = Int((number * 10).rounded())
        return number < 10 ? "\(tenths / 10).\(tenths % 10)" : "\(Int(number.rounded()))"
    }

    private func cut(_ line: String) -> String { line.count > columns ? line.prefix(max(0, columns - 1)) + "…" : line }
}
