import Foundation

/// How far a long command is, on one line of a terminal; nothing elsewhere, and nothing for what is quick.
struct ProgressLine {
    private let what: String
    private let start = ContinuousClock.now
    private var isShown = false

    init(_ what: String) {
        self.what = what
    }

    mutating func show(_ done: Int, of count: Int) {
        guard Terminal.isError, isShown || start.duration(to: .now) > .milliseconds(300) else { return }
        isShown = true
        FileHandle.standardError.write(
            Data("\r\(what) \(done) of \(count) (\(100 * done / max(count, 1)) %)\u{1b}[K".utf8))
    }

    /// Clears the line.
    func end() {
        if isShown { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
    }
}
