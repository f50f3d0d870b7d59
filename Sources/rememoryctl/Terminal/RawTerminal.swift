import Foundation
import Synchronization

/// The terminal as a full-screen program uses it: keys come one by one, and what was on the screen comes back at the end.
///
/// Also when the program is ended by a signal, and while it is stopped by Ctrl-Z.
final class RawTerminal: Sendable {
    /// What the reader of keys is told.
    enum Event: Equatable {
        case key(Key)
        /// Nothing came in time, or the window has another size.
        case nothing
        /// A signal says to end.
        case end
    }

    enum Key: Equatable {
        case up, down, pageUp, pageDown, home, end, enter, escape
        case character(Character)
    }

    private static let enter = "\u{1b}[?1049h\u{1b}[?25l"
    private static let leave = "\u{1b}[?25h\u{1b}[?1049l"

    private let original: Mutex<termios>
    private let isEnding = Atomic<Bool>(false)
    private let signals: Mutex<SignalWatch?>

    init() throws(Failure) {
        var settings = termios()
        guard Terminal.isInput, Terminal.isOutput, unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else {
            throw .usage(
                "this needs a terminal, for keys and for the screen",
                remedy: "rememoryctl top --once prints the table once")
        }
        original = Mutex(settings)
        signals = Mutex(nil)
        take()
        signals.withLock {
            $0 = SignalWatch([SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]) { [weak self] number in
                if number == SIGTSTP { self?.stop() } else { self?.isEnding.store(true, ordering: .relaxed) }
            }
        }
    }

    /// Gives the terminal back as it was.
    func restore() {
        signals.withLock {
            $0?.end()
            $0 = nil
        }
        give()
    }

    /// Draws all of the screen at once.
    func draw(_ lines: [String]) {
        let screen = "\u{1b}[H" + lines.map { $0 + "\u{1b}[K" }.joined(separator: "\r\n") + "\u{1b}[J"
        FileHandle.standardOutput.write(Data(screen.utf8))
    }

    /// Waits for a key.
    func next(timeout milliseconds: Int32) -> Event {
        var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        let ready = unsafe poll(&request, 1, milliseconds)
        if isEnding.load(ordering: .relaxed) { return .end }
        guard ready > 0 else { return .nothing }
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe read(STDIN_FILENO, &bytes, bytes.count)
        guard count > 0 else { return count == 0 ? .end : .nothing }
        return RawTerminal.key(Array(bytes[..<count])).map(Event.key) ?? .nothing
    }

    /// The key that sends these bytes.
    static func key(_ bytes: [UInt8]) -> Key? {
        switch bytes {
        case [0x1b]: return .escape
        case [0x0d], [0x0a]: return .enter
        case _ where bytes.first == 0x1b:
            let keys: [String: Key] = [
                "[A": .up, "OA": .up, "[B": .down, "OB": .down, "[5~": .pageUp, "[6~": .pageDown, "[H": .home,
                "[F": .end,
                "[1~": .home, "[4~": .end, "OH": .home, "OF": .end,
            ]
            return keys[String(decoding: bytes.dropFirst(), as: UTF8.self)]
        default: return String(decoding: bytes, as: UTF8.self).first.map { .character($0) }
        }
    }

    private func take() {
        var raw = original.withLock { $0 }
        raw.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN)
        raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw)
        FileHandle.standardOutput.write(Data(RawTerminal.enter.utf8))
    }

    private func give() {
        FileHandle.standardOutput.write(Data(RawTerminal.leave.utf8))
        var settings = original.withLock { $0 }
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
    }

    /// Ctrl-Z: the shell gets the terminal until it brings this program back.
    private func stop() {
        give()
        kill(getpid(), SIGSTOP)
        take()
    }
}
