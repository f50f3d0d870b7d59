import ChildProcess
import Foundation
import Testing

@Suite struct ChildProcessTests {
    @Test func linesGoInAndComeOut() throws {
        let child = try ChildProcess(["cat"])
        try child.standardInput.write(contentsOf: Data("a\nb\n".utf8))
        try child.standardInput.close()
        #expect(try child.standardOutput.readToEnd() == Data("a\nb\n".utf8))
        #expect(child.wait() == .exited(0))
    }

    @Test func statusAndSignalAreTold() throws {
        #expect(try ChildProcess(["sh", "-c", "exit 3"]).wait() == .exited(3))
        let sleeper = try ChildProcess(["sleep", "60"], input: .null)
        sleeper.kill(SIGTERM)
        #expect(sleeper.wait() == .signalled(SIGTERM))
        #expect(sleeper.ending?.status == 128 + SIGTERM)
        sleeper.kill()
    }

    @Test func streamsLeadWhereTheyShould() throws {
        let child = try ChildProcess(
            ["sh", "-c", "cat; echo \"$WORD\" >&2"], environment: ["PATH": "/usr/bin:/bin", "WORD": "said"],
            input: .null, output: .null, errors: .pipe)
        #expect(try child.standardError.readToEnd() == Data("said\n".utf8))
        #expect(child.wait() == .exited(0))
    }

    @Test func aProgramThatIsNotThereIsAnError() {
        #expect(throws: ChildProcess.Failure.self) { try ChildProcess(["/no/such/program"]) }
        #expect(throws: ChildProcess.Failure.self) { try ChildProcess([]) }
    }

    /// It is no zombie for as long as what it started lives.
    @Test func itIsReapedBeforeItsChildren() throws {
        let child = try ChildProcess(["sh", "-c", "sleep 30 & echo $!"])
        let line = try #require(try child.standardOutput.read(upToCount: 20))
        let grandchild = try #require(Int32(String(decoding: line.dropLast(), as: UTF8.self)))
        defer { kill(grandchild, SIGKILL) }
        #expect(child.wait() == .exited(0))
        #expect(kill(grandchild, 0) == 0)
        #expect(kill(child.pid, 0) != 0)
    }

    /// It would never see the end of its input if a later child had that pipe as well.
    @Test func noChildHasAnothersPipes() throws {
        let children = try (0..<4).map { _ in try ChildProcess(["cat"]) }
        for child in children {
            try child.standardInput.close()
            #expect(child.wait() == .exited(0))
        }
    }

    @Test func writingToOneThatIsGoneIsAnError() throws {
        let child = try ChildProcess(["true"])
        child.wait()
        #expect(throws: (any Error).self) {
            for _ in 0..<10 { try child.standardInput.write(contentsOf: Data(count: 100_000)) }
        }
    }
}
