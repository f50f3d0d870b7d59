import Foundation
import PeerProtocol
import PickleCodec

/// Prints changes: for people, or as lines of JSON.
struct ChangePrinter: Sendable {
    let asJSON: Bool

    func print(_ change: BlockChange) throws {
        if asJSON { return Output.json(try json(change)) }
        let time = Date.now.formatted(
            .verbatim(
                "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits).\(secondFraction: .fractional(3))",
                timeZone: .current, calendar: .current))
        let key = change.key.map { Style.cyan(SafeText.escaped($0.repr())) + ": " } ?? ""
        Output.safeLine("\(Style.dim(time)) \(sign(change)) \(key)\(values(change))")
    }

    private func sign(_ change: BlockChange) -> String {
        switch change.action {
        case .inserted: Style.green("+")
        case .changed: Style.yellow("~")
        case .removed: Style.red("-")
        }
    }

    private func values(_ change: BlockChange) -> String {
        [change.old, change.new].compactMap { $0 }.map { SafeText.escaped($0.repr()) }.joined(
            separator: Style.dim(" → "))
    }

    private func json(_ change: BlockChange) throws -> JSON {
        var members: [String: JSON] = [
            "time": .string(Date.now.formatted(.iso8601.time(includingFractionalSeconds: true))),
            "change": .string(change.action.rawValue),
        ]
        if let key = change.key { members["key"] = try JSON(tagging: key) }
        if let old = change.old { members["old"] = try JSON(tagging: old) }
        if let new = change.new { members["new"] = try JSON(tagging: new) }
        return .object(members)
    }
}
