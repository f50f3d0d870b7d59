import Foundation
import Synchronization

/// The terminal as a full-screen program uses it: keys come one by one, and what was on the screen comes back at the end.
///
/// Also when the program is ended by a signal, and while it is stopped by Ctrl-Z.
final class RawTerminal {
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

    /// The signals that end the program, and the one that stops it.
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP]
    /// The last signal that has come. A handler may do no more than store a number.
    private static let arrived = Atomic<Int32>(0)

    private var original = termios()
    /// What has been typed and was not read yet.
    private var typed: [UInt8] = []

    init() throws(Failure) {
        guard Terminal.isInput, Terminal.isOutput, unsafe tcgetattr(STDIN_FILENO, &original) == 0 else {
            throw .usage(
                "this needs a terminal, for keys and for the screen",
                remedy: "rememoryctl top --once prints the table once")
        }
        for number in RawTerminal.signals {
            signal(number) { RawTerminal.arrived.store($0, ordering: .relaxed) }
        }
        take()
    }

    /// Gives the terminal back as it was.
    func restore() {
        give()
        for number in RawTerminal.signals { signal(number, SIG_DFL) }
    }

    /// Draws all of the screen at once.
    func draw(_ lines: [String]) {
        let screen = "\u{1b}[H" + lines.map { $0 + "\u{1b}[K" }.joined(separator: "\r\n") + "\u{1b}[J"
        FileHandle.standardOutput.write(Data(screen.utf8))
    }

    /// Waits for a key.
    func next(timeout milliseconds: Int32) -> Event {
        if typed.isEmpty {
            var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&request, 1, milliseconds)
            switch RawTerminal.arrived.exchange(0, ordering: .relaxed) {
            case 0: break
            case SIGTSTP: stop()
            default: return .end
            }
            guard ready > 0 else { return .nothing }
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = unsafe read(STDIN_FILENO, &bytes, bytes.count)
            guard count > 0 else { return count == 0 ? .end : .nothing }
            typed = Array(bytes[..<count])
        }
        return RawTerminal.key(&typed).map(Event.key) ?? .nothing
    }

    /// Takes the first key off what was typed; `nil` if it is none that means something here.
    static func key(_ typed: inout [UInt8]) -> Key? {
        let first = typed.removeFirst()
        switch first {
        case 0x0d, 0x0a: return .enter
        case 0x1b:
            // Keys with names send ESC, [ or O, and more up to a letter or ~. ESC alone is the key itself.
            guard let next = typed.first, next == UInt8(ascii: "[") || next == UInt8(ascii: "O") else { return .escape }
            let end = typed.dropFirst().firstIndex { (0x40...0x7e).contains($0) } ?? typed.count - 1
            let sequence = String(decoding: typed[...end], as: UTF8.self)
            typed.removeSubrange(...end)
            let keys: [String: Key] = [
                "[A": .up, "OA": .up, "[B": .down, "OB": .down, "[5~": .pageUp, "[6~": .pageDown, "[H": .home,
                "[F": .end, "[1~": .home, "[4~": .end, "OH": .home, "OF": .end,
            ]
            return keys[sequence]
        default: return first < 0x80 ? .character(Character(Unicode.Scalar(first))) : nil
        }
    }

    private func take() {
        var raw = original
        raw.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN)
        raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw)
        FileHandle.standardOutput.write(Data(RawTerminal.enter.utf8))
    }

    private func give() {
        FileHandle.standardOutput.write(Data(RawTerminal.leave.utf8))
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &original)
    }

    /// Ctrl-Z: the shell gets the terminal until it brings this program back.
    private func stop() {
        give()
        _ = kill(getpid(), SIGSTOP)
        take()
    }
}
