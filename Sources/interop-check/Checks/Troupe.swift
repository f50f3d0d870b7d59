import Foundation

/// What all checks of one run share: the installation and a prefix for names.
final class Troupe: @unchecked Sendable {
    let installation: Installation
    /// How often the checks that kill and end processes do so, as a multiple of what is enough for every day.
    let intensity: Int
    private let lock = NSLock()
    private var stages = 0

    init(installation: Installation, intensity: Int = 1) {
        self.installation = installation
        self.intensity = intensity
    }

    /// What every name of this process begins with.
    static var runPrefix: String { "ri\(ProcessInfo.processInfo.processIdentifier)_" }

    func newPrefix() -> String {
        lock.withLock {
            stages += 1
            return "\(Troupe.runPrefix)\(stages)_"
        }
    }
}
