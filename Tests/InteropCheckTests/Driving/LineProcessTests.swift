import Foundation
import Testing

@testable import interop_check

@Suite struct LineProcessTests {
    private func shell(_ script: String) throws -> LineProcess {
        try LineProcess(label: "shell", command: ["/bin/sh", "-c", script], environment: ["PATH": "/usr/bin:/bin"])
    }

    @Test func linesComeBackInOrder() throws {
        let process = try shell("cat")
        for number in 0..<100 { process.write(line: "line \(number)") }
        for number in 0..<100 {
            #expect(try process.readLine(timeout: 10) == Data("line \(number)".utf8))
        }
        #expect(try process.finish() == 0)
    }

    @Test func aLongLineIsOneLine() throws {
        let process = try shell("cat")
        let line = String(repeating: "x", count: 1_000_000)
        process.write(line: line)
        #expect(try process.readLine(timeout: 20).count == line.count)
    }

    @Test func silenceIsAFailureInTime() throws {
        let process = try shell("exec sleep 60")
        let error = #expect(throws: CheckFailure.self) { try process.readLine(timeout: 0.05) }
        #expect(error?.description == "shell gave no reply within 0.05 s")
        process.kill()
        try process.waitUntilGone()
    }

    @Test func anEndIsAFailureWithTheLastWords() throws {
        let process = try shell("echo 'what went wrong' >&2; exit 3")
        let error = #expect(throws: CheckFailure.self) { try process.readLine(timeout: 10) }
        #expect(error?.description == "shell ended without a reply\nwhat went wrong\n")
        #expect(try process.waitUntilGone() == 3)
    }

    @Test func writingToOneThatIsGoneDoesNotEndThisProcess() throws {
        let process = try shell("exit 0")
        try process.waitUntilGone()
        for _ in 0..<10 { process.write(line: String(repeating: "x", count: 100_000)) }
        #expect(throws: CheckFailure.self) { try process.readLine(timeout: 10) }
    }

    @Test func aProgramThatIsNotThereIsAFailure() {
        #expect(throws: CheckFailure.self) {
            try LineProcess(label: "nobody", command: ["/no/such/program"], environment: [:])
        }
    }

    @Test func aShellSetsTheUmask() throws {
        let process = try LineProcess(
            label: "mask", command: ["/bin/sh", "-c", "umask"], environment: ["PATH": "/bin"], umask: "027")
        #expect(try process.readLine(timeout: 10) == Data("0027".utf8))
    }
}

@Suite struct SharedMemoryTests {
    @Test func leftoversOfTheDeadAreRemovedAndOthersStay() throws {
        let dead = try LineProcess(label: "dead", command: ["/bin/true"], environment: [:])
        try dead.waitUntilGone()
        let mine = "\(Troupe.runPrefix)999_mine"
        let theirs = "ri\(dead.pid)_1_2_b"
        let unrelated = "series\(dead.pid)_1_b"
        let names = [mine, theirs, "sem.rememorydict_\(theirs)", ".rememory\u{A7}\(theirs)", unrelated]
        defer { for name in names { SharedMemory.remove(namesContaining: name) } }
        for name in names { try SharedMemory.plant(name, Data([1]), size: 8) }
        SharedMemory.removeLeftovers()
        #expect(SharedMemory.names(containing: "ri\(dead.pid)_1_2") == [])
        #expect(SharedMemory.exists(mine))
        #expect(SharedMemory.exists(unrelated))
    }

    @Test func plantedSegmentsAreAsAsked() throws {
        let name = "\(Troupe.runPrefix)998_planted"
        defer { SharedMemory.remove(namesContaining: name) }
        try SharedMemory.plant(name, Data("abc".utf8), size: 16)
        #expect(try SharedMemory.bytes(name) == Data("abc".utf8) + Data(count: 13))
        let attributes = try SharedMemory.attributes(SharedMemory.segmentPath(name))
        #expect(attributes.mode == 0o600 && attributes.size == 16)
    }
}
