import Foundation
import PeerProtocol
import PickleCodec

/// Standard output and standard error. All text goes through here, and nothing leaves unescaped.
enum Output {
    /// A line of text.
    static func line(_ text: String) { write(SafeText.escaped(text) + "\n") }

    /// Several lines of text.
    static func lines(_ text: String) { write(SafeText.escapedLines(text) + "\n") }

    /// JSON on a line of its own.
    static func json(_ json: JSON) { write(SafeText.escapedJSON(json.description) + "\n") }

    /// A line that was made safe before, colours added.
    static func safeLine(_ text: String) { write(text + "\n") }

    /// A line on standard error.
    static func complain(_ text: String) {
        FileHandle.standardError.write(Data((SafeText.escapedLines(text) + "\n").utf8))
    }

    /// A value in the form that was asked for.
    static func value(_ value: PickleValue, as form: OutputOptions) throws {
        if form.pickle {
            try bytes(value.pickled())
        } else if form.json {
            write(SafeText.escapedJSON(String(decoding: try value.taggedJSON(), as: UTF8.self)) + "\n")
        } else {
            line(value.repr())
        }
    }

    /// Bytes as they are, but not to a terminal.
    static func bytes(_ bytes: [UInt8]) throws {
        guard !Terminal.isOutput else {
            throw Failure.usage(
                "bytes would go to the terminal, which takes some of them for commands",
                remedy: "Send them to a file or another program: … --pickle > FILE")
        }
        FileHandle.standardOutput.write(Data(bytes))
    }

    private static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}
