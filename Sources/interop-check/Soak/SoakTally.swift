import Foundation

/// What has happened so far.
struct SoakTally {
    var episodes = 0
    var operations = 0
    var swiftKills = 0
    var pythonKills = 0
    var swiftExits = 0
    var pythonExits = 0
    var takeOvers = 0
    var growths = 0
    /// Contents that a killed Python left half-written, and that Swift reported instead of reading them.
    var torn = 0
    /// The longest that the others took for their writes when one of them had been killed, in seconds.
    var longestWait = 0.0
    /// Pythons that an earlier growth had left on the old segment.
    var retired = 0
}

extension SoakTally: CustomStringConvertible {
    var description: String {
        "\(episodes) episodes, \(operations) operations, kills \(swiftKills) Swift \(pythonKills) Python, "
            + "exits \(swiftExits) Swift \(pythonExits) Python (\(retired) retired), \(takeOvers) take-overs, "
            + "\(growths) growths, \(torn) torn contents reported, longest wait after a kill "
            + String(format: "%.1f s", longestWait)
    }
}
