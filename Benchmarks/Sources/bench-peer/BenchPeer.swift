import Foundation

/// The Swift side of `python/bench.py`: does what lines on standard input say, and times it.
///
///     open dict NAME N BYTES     attach to a dict, or create it with so much room; it is the subject from now on
///     fill                       put N entries into it, in one write
///     time get 1000              nanoseconds for 1,000 gets
///     during set START END PAUSE sets from one moment of the monotonic clock to another, with a pause after each:
///                                how many, and the median, 99th percentile and longest of their times
///     restore                    undo what `time delete` or `time append` did
///     attach 10                  nanoseconds for 10 times opening the subject and the first get
///     sum                        the sum of all numbers in the subject
///     close                      let go of the subject; `destroy` also removes it
///
/// One reply a line: `ok` and the figures, or `error` and a text.
@main
enum BenchPeer {
    static func main() {
        var session = Session()
        while let line = readLine() {
            let reply: String
            do {
                reply = (["ok"] + (try session.answer(Words(line))).map(String.init)).joined(separator: " ")
            } catch {
                reply = "error \(error)".replacing("\n", with: " ")
            }
            FileHandle.standardOutput.write(Data((reply + "\n").utf8))
        }
    }
}

/// What can't be done, as the reply says it.
struct PeerError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The words of a request, taken one by one.
struct Words {
    private var rest: ArraySlice<Substring>

    init(_ line: String) { rest = line.split(separator: " ")[...] }

    mutating func word() throws -> String {
        guard let word = rest.popFirst() else { throw PeerError("the request ends too soon") }
        return String(word)
    }

    mutating func number() throws -> Int {
        let word = try word()
        guard let number = Int(word) else { throw PeerError("\(word) is no number") }
        return number
    }
}
