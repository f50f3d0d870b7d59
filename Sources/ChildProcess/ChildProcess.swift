package import Foundation
import Synchronization

/// Another program that this one has started, for the tools and tests of this package.
///
///     let python = try ChildProcess(["python3", "-c", "print(input().upper())"])
///     try python.standardInput.write(contentsOf: Data("hello\n".utf8))
///     let shout = try python.standardOutput.readToEnd()  // HELLO
///     let ending = python.wait()  // .exited(0)
///
/// A thread of its own reaps it as soon as it ends. Foundation's `Process` reaps only when everything that the child
/// started has ended as well; until then it stays a zombie, and the exit tests of Swift Testing, which wait for *any*
/// child, find that one again and again and never their own.
package final class ChildProcess: Sendable {
    /// Where one of the child's three streams leads.
    package enum Stream: Sendable {
        /// A pipe to this process.
        case pipe
        /// What this process has.
        case inherited
        /// Nothing: `/dev/null`.
        case null
    }

    /// How it ended.
    package enum Ending: Sendable, Hashable {
        /// By itself, with a status.
        case exited(Int32)
        /// By a signal.
        case signalled(Int32)

        /// The status as a shell shows it: 128 and the signal's number for a signal.
        package var status: Int32 {
            switch self {
            case .exited(let status): status
            case .signalled(let signal): 128 + signal
            }
        }
    }

    /// Why it could not be started, or talked to.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// Its process identifier.
    package let pid: Int32

    private let input: ChildPipe?
    private let output: ChildPipe?
    private let errors: ChildPipe?
    private let ended = Mutex<Ending?>(nil)
    private let isOver = DispatchGroup()

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - command: The program, looked up in `PATH` if it has no slash, and its arguments.
    ///   - environment: Its environment; this process's if not given.
    ///   - input: Its standard input.
    ///   - output: Its standard output.
    ///   - errors: Its standard error.
    /// - Throws: ``Failure`` if there is no such program, or no room for another process.
    package init(
        _ command: [String], environment: [String: String]? = nil, input: Stream = .pipe, output: Stream = .pipe,
        errors: Stream = .inherited
    ) throws {
        _ = ChildProcess.ignoringBrokenPipes
        (pid, self.input, self.output, self.errors) = try ChildProcess.starting.withLock { _ in
            let inputPipe = input == .pipe ? ChildPipe() : nil
            let outputPipe = output == .pipe ? ChildPipe() : nil
            let errorPipe = errors == .pipe ? ChildPipe() : nil
            let spawn = Spawn()
            spawn.connect(0, input, inputPipe?.reading)
            spawn.connect(1, output, outputPipe?.writing)
            spawn.connect(2, errors, errorPipe?.writing)
            let pid = try spawn.start(command, environment ?? ProcessInfo.processInfo.environment)
            try inputPipe?.reading.close()
            try outputPipe?.writing.close()
            try errorPipe?.writing.close()
            return (pid, inputPipe, outputPipe, errorPipe)
        }
        isOver.enter()
        Thread { [self] in
            reap()
            isOver.leave()
        }.start()
    }

    /// How it ended, if it has.
    package var ending: Ending? { ended.withLock { $0 } }

    /// Waits until it has ended.
    @discardableResult
    package func wait() -> Ending {
        isOver.wait()
        return ending ?? .exited(0)
    }

    /// Sends it a signal, if it is still there.
    package func kill(_ signal: Int32 = SIGKILL) {
        // Until it is reaped, which takes the same lock, nobody else can have its number.
        ended.withLock { if $0 == nil { _ = Foundation.kill(pid, signal) } }
    }

    /// Its standard input: write and close. What is written to a child that is gone is an error, not a signal.
    package var standardInput: FileHandle { input?.writing ?? .nullDevice }

    /// Its standard output, to read.
    package var standardOutput: FileHandle { output?.reading ?? .nullDevice }

    /// Its standard error, to read.
    package var standardError: FileHandle { errors?.reading ?? .nullDevice }

    /// One after the other, so that no child gets another one's pipes.
    private static let starting = Mutex(())

    private static let ignoringBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    private func reap() {
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        ended.withLock { ended in
            var status: Int32 = 0
            while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
            ended = status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signalled(status & 0x7f)
        }
    }
}
