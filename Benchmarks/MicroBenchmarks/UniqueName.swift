import Foundation

/// Names that no other run has.
enum UniqueName {
    static func next(_ kind: String) -> String {
        "rmbench-\(ProcessInfo.processInfo.processIdentifier)-\(kind)"
    }
}
