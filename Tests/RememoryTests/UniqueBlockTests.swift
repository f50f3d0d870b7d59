import Foundation
import Testing

@testable import Rememory

@Suite struct UniqueBlockTests {
    /// A test run begins with removing what killed ones have left, and nothing else.
    @Test func removesWhatTheDeadHaveLeft() async {
        await #expect(processExitsWith: .success) {
            do {
                let dead = fork()
                if dead == 0 { _exit(0) }
                #expect(waitpid(dead, nil, 0) == dead)
                let alive = "\(SharedMemoryPlace.directory)/rmtest-leftover-\(getppid())-1"
                let name = "rmtest-leftover-\(dead)-1"
                let left = ["", "sem.rememorydict_", ".rememory\u{A7}"].map {
                    "\(SharedMemoryPlace.directory)/\($0)\(name)"
                }
                for path in left + [alive] { _ = try FileDescriptor.open(path, flags: O_CREAT, mode: 0o600) }
                defer { _ = try? SystemCalls.removeIfAny(alive) }
                _ = try UniqueBlock("leftover")
                for path in left { #expect(try SystemCalls.factsIfAny(path) == nil, "\(path)") }
                #expect(try SystemCalls.factsIfAny(alive) != nil)
            } catch {
                Issue.record(error)
            }
        }
    }
}
