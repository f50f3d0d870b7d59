import Foundation
import Testing

@testable import interop_check

/// A program that a test makes up, to be started.
enum FakeProgram {
    /// Another process writes it: a child that some other test is just starting would have the file open for writing if this
    /// one did, and what is open for writing can't be started.
    static func write(_ script: String, to path: String) throws {
        let writing = CommandOutput.of(
            ["/bin/sh", "-c", #"printf %s "$1" >"$0" && chmod 755 "$0""#, path, script], timeout: 60)
        try #require(writing.succeeded, "\(writing.text)")
    }
}
