import ChildProcess
import Foundation
import PeerProtocol
import Synchronization

/// A process that is talked to in lines: written to without blocking, read by a thread of its own, with a timeout on
/// every line, so that nothing it does or fails to do can hang a check.
final class LineProcess: @unchecked Sendable {
    let label: String

    private let process: ChildProcess
    private let writing: DispatchQueue
    /// Guards everything below, and is signalled whenever any of it changes.
    private let changed = NSCondition()
    private var lines: [Data] = []
    private var errorText = Data()
    /// Streams that may still say something, or whose process has not ended.
    private var openStreams = 2

    /// Starts `command`. With `umask` (octal digits), a shell sets it and becomes the command.
    init(label: String, command: [String], environment: [String: String], umask: String? = nil) throws {
        self.label = label
        writing = DispatchQueue(label: "to \(label)")
        let command = umask.map { ["/bin/sh", "-c", "umask \($0); exec \"$@\"", "sh"] + command } ?? command
        do {
            process = try ChildProcess(command, environment: environment, errors: .pipe)
        } catch {
            throw CheckFailure("\(label) could not be started: \(error)")
        }
        LineProcess.running.withLock { $0[process.pid] = Weak(self) }
        let splitter = LineSplitter()
        read(process.standardOutput) { $0.lines += splitter.lines(adding: $1) }
        read(process.standardError) { $0.errorText.append($1) }
    }

    deinit {
        kill()
        let pid = process.pid
        LineProcess.running.withLock { $0[pid] = nil }
    }

    /// Ends every process that was started in this way.
    static func killAll() {
        for process in running.withLock({ Array($0.values) }) { process.object?.kill() }
    }

    private struct Weak: Sendable {
        weak var object: LineProcess?
        init(_ object: LineProcess) { self.object = object }
    }

    private static let running = Mutex<[Int32: Weak]>([:])

    var pid: Int32 { process.pid }

    /// What it wrote to standard error, for messages.
    var complaints: String {
        changed.withLock { String(decoding: errorText.suffix(2000), as: UTF8.self) }
    }

    /// The lines that nobody has read.
    var remainingOutput: String {
        changed.withLock { lines.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined() }
    }

    /// Writes a line, soon and in order. A process that is gone is noticed by whoever waits for its reply.
    func write(line: String) {
        write(Data((line + "\n").utf8))
    }

    func write(_ data: Data) {
        let handle = process.standardInput
        writing.async { try? handle.write(contentsOf: data) }
    }

    /// The next line.
    func readLine(timeout: TimeInterval) throws -> Data {
        let deadline = Date(timeIntervalSinceNow: timeout)
        return try changed.withLock {
            while lines.isEmpty {
                if openStreams == 0 {
                    throw CheckFailure("\(label) ended without a reply\n\(String(decoding: errorText, as: UTF8.self))")
                }
                guard changed.wait(until: deadline) else {
                    throw CheckFailure("\(label) gave no reply within \(timeout) s")
                }
            }
            return lines.removeFirst()
        }
    }

    /// Closes its input, and waits until it is gone.
    @discardableResult
    func finish(timeout: TimeInterval = 20) throws -> Int32 {
        endInput()
        return try waitUntilGone(timeout: timeout)
    }

    /// Closes its input when everything is written.
    func endInput() {
        let handle = process.standardInput
        writing.async { try? handle.close() }
    }

    /// Waits until it is gone, and whatever shares its standard error as well: the process that cleans up for a Python
    /// outlives it by a moment.
    @discardableResult
    func waitUntilGone(timeout: TimeInterval = 20) throws -> Int32 {
        let deadline = Date(timeIntervalSinceNow: timeout)
        return try changed.withLock {
            while true {
                if openStreams == 0 { return process.wait().status }
                guard changed.wait(until: deadline) else {
                    throw CheckFailure("\(label) did not end within \(timeout) s")
                }
            }
        }
    }

    func kill() { process.kill() }

    private func change(_ body: (LineProcess) -> Void) {
        changed.withLock {
            body(self)
            changed.broadcast()
        }
    }

    private func read(_ handle: FileHandle, store: @escaping @Sendable (LineProcess, Data) -> Void) {
        let thread = Thread { [weak self, process] in
            while case let data = handle.availableData, !data.isEmpty {
                self?.change { store($0, data) }
            }
            process.wait()
            self?.change { $0.openStreams -= 1 }
            try? handle.close()
        }
        thread.start()
    }
}
