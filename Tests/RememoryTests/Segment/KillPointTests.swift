import ChildProcess
import Foundation
import Testing

@testable import Rememory

#if REMEMORY_KILL_POINTS
    /// A process is killed at every step that there is: what Python and Swift read afterwards is the state before or the
    /// state after, whole, and the block can be used.
    @Suite struct KillPointTests {
        /// What the process does that dies at a step, and what it leaves: Python's `repr` of it, `nil` for no block.
        struct Case: Sendable {
            var action: String
            /// The value that the dict has for `a` before.
            var first = "1"
            /// Where another process has died before in a "rewrite", with the lock.
            var staged: KillPoint?
            var before: String?
            var after: String?
        }

        /// More than there is room for behind a semaphore.
        private static let large = String(repeating: "x", count: 5_000)

        private static func whatPasses(_ point: KillPoint) -> Case {
            switch point {
            case .patchBegun, .patchStored, .patchStamped:
                Case(action: "patch", before: "{'a': '1'}", after: "{'a': '2'}")
            case .appendBegun, .appendWritten, .appendCommitted, .appendStamped, .markExchanged, .markStamped:
                Case(action: "append", before: "{'a': '1'}", after: "{'a': '1', 'b': '2'}")
            case .besideBegun, .besideWritten, .besideCommitted, .besideStamped:
                Case(action: "delete", before: "{'a': '1', 'b': '2'}", after: "{'a': '1'}")
            case .undoPaged, .wholeBegun, .wholeWritten, .wholeCleared, .undoCleared:
                Case(action: "rewrite", before: "{'a': '1'}", after: "{'a': '1', 'b': '2'}")
            case .undoLinked, .undoRemoved:
                Case(
                    action: "rewrite", first: large, before: "{'a': '\(large)'}", after: "{'a': '\(large)', 'b': '2'}")
            case .lockSeized, .stampDistrusted, .contentReplayed, .recovered:
                Case(action: "append", staged: .wholeWritten, before: "{'a': '1'}", after: "{'a': '1', 'b': '2'}")
            case .wholeStamped, .growthFilled, .growthLinked, .growthExchanged, .growthUnlinked, .guardBeside,
                .guardMoved:
                Case(
                    action: "grow", before: "{'a': '1'}",
                    after: "{'a': '1', 'b': '\(String(repeating: "b", count: 100_000))'}")
            case .creationFilled, .creationNamed, .creationGuarded:
                Case(action: "open", before: nil, after: "{}")
            case .guardLinked:
                Case(action: "open", before: "{'a': '1'}", after: "{'a': '1'}")
            case .restored:
                Case(action: "restore", before: nil, after: "{'a': '1'}")
            case .newcomerCopied:
                Case(action: "newcomer", before: "{}", after: "{'a': '1'}")
            case .takeNameLinked, .takeNameMoved:
                Case(action: "abandoned", before: "{}", after: "{'a': '1'}")
            }
        }

        @Test(arguments: KillPoint.allCases)
        func leavesTheStateBeforeOrAfter(_ point: KillPoint) throws {
            try check(KillPointTests.whatPasses(point), at: point)
        }

        /// In the first operation of a process: what it attached to may have no guards yet.
        @Test(arguments: [KillPoint.growthFilled, .growthLinked, .growthExchanged, .growthUnlinked])
        func leavesTheStateBeforeOrAfterAtOnce(_ point: KillPoint) throws {
            var expected = KillPointTests.whatPasses(point)
            expected.action = "grow-at-once"
            try check(expected, at: point)
        }

        private func check(_ expected: Case, at point: KillPoint) throws {
            let block = try UniqueBlock("kill")
            defer { block.removeAll() }
            let python = try PythonReader()
            try prepare(block, for: expected, python)
            if let staged = expected.staged { try killWriter(of: block, "rewrite", at: staged) }
            try killWriter(of: block, expected.action, at: point)
            try takeOver(block)

            let found = try SystemCalls.factsIfAny(block.segmentPath) == nil ? nil : python.read(block.segmentPath)
            #expect(found == expected.before || found == expected.after, "Python reads \(found ?? "nothing")")
            let dict = try RememoryDict<String, String>(block.string)
            let pairs = try dict.snapshot().map { "'\($0.key)': '\($0.value)'" }.joined(separator: ", ")
            #expect("{\(pairs)}" == found ?? "{}", "Swift reads something else")
            try dict.set("3", for: "c")
            #expect(try python.read(block.segmentPath).hasSuffix("'c': '3'}"))
        }

        /// By Python, so that the first Swift process has to mark it; what is patched or deleted has to be Swift's.
        private func prepare(_ block: UniqueBlock, for expected: Case, _ python: PythonReader) throws {
            guard expected.action != "open" || expected.before != nil else { return }
            if expected.action == "patch" || expected.action == "delete" {
                let dict = try RememoryDict<String, String>(block.string)
                try dict.set(expected.first, for: "a")
                if expected.action == "delete" { try dict.set("2", for: "b") }
                dict.close()
            } else {
                try block.createAsPython(size: 65536, content: [0x80, 4, 0x7D, 0x94, 0x2E])
                try python.write(block.segmentPath, "{'a': '\(expected.first)'}")
            }
        }

        private func killWriter(of block: UniqueBlock, _ action: String, at point: KillPoint) throws {
            let writer = try ChildProcess(
                [try Products.path("block-writer"), block.string, action],
                environment: ProcessInfo.processInfo.environment.merging(["REMEMORY_KILL_AT": point.rawValue]) { $1 })
            try #require(writer.wait() == .signalled(SIGKILL), "\(action) never passed \(point)")
        }

        /// What the first operation does that waits for the lock a second: the dead process says that it had it.
        private func takeOver(_ block: UniqueBlock) throws {
            let lock = try SegmentRegistry.shared.lock(block.name, acceptsOtherOwners: false)
            guard !lock.tryAcquire() else { return lock.release() }
            guard case .abandoned = lock.takeOver(scans: false).state else {
                Issue.record("the holder is not known to be dead")
                return
            }
            lock.release()
        }
    }
#endif
