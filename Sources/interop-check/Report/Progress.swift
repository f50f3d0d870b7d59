import Foundation

/// What the user sees meanwhile: one line that changes, on a terminal; elsewhere a line for each check that is done.
final class Progress: @unchecked Sendable {
    private let isTerminal: Bool
    private let write: @Sendable (String) -> Void
    private let lock = NSLock()
    private var total = 0
    private var done = 0
    private var failed = 0
    private var running: [String] = []

    init(
        isTerminal: Bool = isatty(STDOUT_FILENO) == 1,
        write: @escaping @Sendable (String) -> Void = { FileHandle.standardOutput.write(Data($0.utf8)) }
    ) {
        self.isTerminal = isTerminal
        self.write = write
    }

    func expect(_ count: Int) {
        lock.withLock { total += count }
    }

    func note(_ text: String) {
        lock.withLock {
            clearLine()
            write(text + "\n")
            showLine()
        }
    }

    func started(_ what: String) {
        lock.withLock {
            running.append(what)
            showLine()
        }
    }

    func finished(_ what: String, _ result: CheckResult) {
        lock.withLock {
            running.removeAll { $0 == what }
            done += 1
            if result.failure != nil { failed += 1 }
            if !isTerminal || result.failure != nil {
                clearLine()
                let word = result.failure == nil ? "ok" : "FAILED"
                write("[\(done)/\(total)] \(word)  \(what)  \(ResultTable.duration(result.seconds))\n")
            }
            showLine()
        }
    }

    func end() {
        lock.withLock { clearLine() }
    }

    private func clearLine() {
        if isTerminal { write("\r\u{1b}[K") }
    }

    private func showLine() {
        guard isTerminal else { return }
        let failures = failed == 0 ? "" : ", \(failed) FAILED"
        let line = "[\(done)/\(total)\(failures)] \(running.joined(separator: " · "))"
        write("\r\u{1b}[K" + line.prefix(110))
    }
}
