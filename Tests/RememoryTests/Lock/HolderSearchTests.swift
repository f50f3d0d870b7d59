import CRememoryPlatform
import ChildProcess
import Foundation
import Synchronization
import Testing

@testable import Rememory

/// Who is robbed of a lock, by which proof, and who is not.
@Suite struct HolderSearchTests {
    private static let patient = Duration.seconds(30)
    private static let impatient = Duration.milliseconds(200)

    /// A test beside this one that starts a process has the lock open in that for a moment.
    private static func isSoon(_ state: LockEvidence.State, _ evidence: @autoclosure () -> LockEvidence) -> Bool {
        UniqueBlock.eventually { evidence().state == state }
    }

    // MARK: Dead

    @Test func aKilledSwiftHolderIsKnownByItsWordWhoeverElseIsAttached() throws {
        let block = try UniqueBlock("dead")
        let holder = try LockPeer(.swift)
        let idle = try LockPeer(.python)
        try holder.ask("lock.acquire", block)
        try idle.ask("open", block)
        let lock = try RememoryLock(block.string)
        #expect(lock.evidence().state == .held)
        #expect(lock.evidence().holder?.process == holder.number)
        holder.die()
        #expect(lock.evidence().state == .abandoned(.holderEnded(process: holder.number)))
        try lock.withLock(timeout: Self.patient) { #expect(lock.evidence().state == .held) }
        #expect(lock.evidence().state == .free)
        try idle.ask("lock.acquire", block)
        #expect(lock.evidence().state == .unknown)
        try idle.ask("lock.release", block)
    }

    @Test func aKilledPythonHolderIsKnownByBeingNowhere() throws {
        let block = try UniqueBlock("dead")
        let holder = try LockPeer(.python)
        try holder.ask("lock.acquire", block)
        let lock = try RememoryLock(block.string)
        holder.die()
        #expect(Self.isSoon(.abandoned(.openNowhereElse), lock.evidence()))
        try lock.withLock(timeout: Self.patient) {}
        #expect(lock.evidence().state == .free)
    }

    @Test func aKilledPythonHolderIsKnownAmongSwiftProcessesByALookAtAll() throws {
        let block = try UniqueBlock("dead")
        let holder = try LockPeer(.python)
        let idle = try LockPeer(.swift)
        try idle.ask("lock.acquire", block)
        try idle.ask("lock.release", block)
        try holder.ask("lock.acquire", block)
        let lock = try RememoryLock(block.string)
        #expect(lock.evidence().state == .unknown)
        holder.die()
        guard rm_is_in_initial_namespace(), lock.evidence().unreadable == 0 else {
            // Where not all processes can be seen, there is no proof: then it has to be an error.
            print("not all processes can be seen here: expecting the lock to stay taken")
            #expect(throws: RememoryError.self) { try lock.withLock(timeout: Self.impatient) {} }
            return
        }
        #expect(Self.isSoon(.abandoned(.allProcessesSeen), lock.evidence()))
        try lock.withLock(timeout: Self.patient) {}
        try idle.ask("lock.acquire", block)
        try idle.ask("lock.release", block)
    }

    @Test func oneOfManyWhoFindOutEntersAtATime() throws {
        let block = try UniqueBlock("dead")
        let holder = try LockPeer(.swift)
        let finders = try (0..<3).map { _ in try LockPeer(.swift) }
        try holder.ask("lock.acquire", block)
        for finder in finders {
            try finder.tell("dict.add", block, ["key": ["json": "n"], "by": 1, "timeout": 30])
        }
        holder.die()
        let inside = Atomic<Int>(0)
        let most = Atomic<Int>(0)
        let lock = try RememoryLock(block.string, options: RememoryOptions(timeout: Self.patient))
        DispatchQueue.concurrentPerform(iterations: 3) { _ in
            try? lock.withLock {
                most.max(inside.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
                SystemCalls.sleep(nanoseconds: 1_000_000)
                inside.subtract(1, ordering: .relaxed)
            }
        }
        for finder in finders { _ = try finder.listen() }
        #expect(most.load(ordering: .relaxed) == 1)
        #expect(try RememoryDict<String, Int>(block.string)["n"] == 3)
        let semaphore = try SegmentRegistry.shared.lock(block.name, acceptsOtherOwners: false).semaphore
        #expect(unsafe rm_sem_value(semaphore.pointer) == 1)
    }

    @Test func aProcessThatGotADeadHoldersNumberIsNotTakenForIt() throws {
        let block = try UniqueBlock("dead")
        let lock = try SegmentRegistry.shared.lock(block.name, acceptsOtherOwners: false)
        let other = try LockPeer(.python)
        let facts = try #require(ProcessTable.facts(of: other.number))
        let place = 100
        let state = unsafe lock.state
        let holder = unsafe lock.semaphore.places + place
        unsafe rm_store_relaxed_u64(state.pointee.word, UInt64(place + 1) << 52)
        let namespaces = UInt64(rm_namespaces()) << 32
        unsafe holder.pointee.start = facts.startTime
        unsafe holder.pointee.word = namespaces | UInt64(other.number)
        #expect(lock.evidence().state == .held)
        unsafe holder.pointee.start = facts.startTime - 1
        #expect(lock.evidence().state == .abandoned(.holderEnded(process: other.number)))
        // Somebody of the same number in other namespaces says nothing about this one, and the process is alive.
        unsafe holder.pointee.word = (namespaces ^ 1 << 40) | UInt64(other.number)
        try other.ask("open", block)
        #expect(lock.evidence().state == .unknown)
        unsafe rm_store_relaxed_u64(state.pointee.word, 1)
    }

    @Test func whoIsKilledInABriefOperationIsKnownByItsMark() async throws {
        let block = try UniqueBlock("dead")
        let hits = try RememoryInt(block.string)
        await #expect(processExitsWith: .signal(SIGKILL)) { [name = block.string as String] in
            let segment = try HolderSearchTests.enterBriefly(try HolderSearchTests.openWatched(name))
            withExtendedLifetime(segment) { _ = kill(getpid(), SIGKILL) }
        }
        let lock = try RememoryLock(block.string)
        guard case .abandoned(.holderEnded) = lock.evidence().state else {
            Issue.record("\(lock.evidence())")
            return
        }
        try lock.withLock(timeout: Self.patient) { _ = try hits.add(1) }
        #expect(try hits.get() == 1)
    }

    // MARK: Not known to be dead

    @Test func anIdlePythonMakesAKilledPythonUnprovable() throws {
        let block = try UniqueBlock("dead")
        let holder = try LockPeer(.python)
        let idle = try LockPeer(.python)
        try holder.ask("lock.acquire", block)
        try idle.ask("open", block)
        holder.die()
        let error = try failure(block)
        #expect(error.code == .lockTimeout)
        #expect(error.message.contains("\(idle.number) ("))
        #expect(error.message.contains("lock_peer.py"))
        #expect(error.message.contains("s old, sleeps"))
        #expect(!error.message.contains("\(holder.number) ("))
    }

    @Test func aPythonThatMayWaitForItselfIsNotRobbed() throws {
        let block = try UniqueBlock("dead")
        let holder = try LockPeer(.python)
        try holder.ask("lock.acquire", block)
        try holder.tell("lock.acquire", block)
        let lock = try RememoryLock(block.string)
        while lock.evidence().processes.first(where: { $0.process == holder.number })?.activity != .waiting {
            SystemCalls.sleep(nanoseconds: 1_000_000)
        }
        let error = try failure(block)
        #expect(error.message.contains("\(holder.number) ("))
        #expect(error.message.contains("waits for the lock"))
    }

    @Test(arguments: [LockPeer.Language.swift, .python])
    func aStoppedHolderIsNotRobbed(_ language: LockPeer.Language) throws {
        let block = try UniqueBlock("dead")
        let holder = try LockPeer(language)
        try holder.ask("lock.acquire", block)
        holder.stop()
        let error = try failure(block)
        #expect(error.code == .lockTimeout)
        #expect(error.message.contains("\(holder.number) ("))
        #expect(error.message.contains("is stopped"))
    }

    @Test func aThreadOfThisProcessIsNotRobbed() throws {
        let block = try UniqueBlock("dead")
        let lock = try RememoryLock(block.string)
        let error = Mutex<RememoryError?>(nil)
        try lock.withLock {
            let other = Thread { error.withLock { $0 = try? self.failure(block) } }
            other.start()
            while !other.isFinished { SystemCalls.sleep(nanoseconds: 1_000_000) }
        }
        #expect(error.withLock { $0?.message.contains("This process has the lock") } == true)
    }

    /// It has noted in no field of the process that it has the lock: the mark alone says so.
    @Test func aThreadInABriefOperationIsNotRobbed() throws {
        let block = try UniqueBlock("dead")
        let hits = try Self.openWatched(block.string)
        let lock = hits.store.scalar.segment.core.lock
        let segment = try Self.enterBriefly(hits)
        let outcome = Mutex<(state: LockEvidence.State, error: RememoryError?)?>(nil)
        let other = Thread {
            let state = lock.takeOver(scans: true).state
            let error = try? self.failure(block)
            outcome.withLock { $0 = (state, error) }
        }
        other.start()
        while !other.isFinished { SystemCalls.sleep(nanoseconds: 1_000_000) }
        segment.leaveBriefly()
        #expect(outcome.withLock { $0?.state } == .held)
        #expect(outcome.withLock { $0?.error?.message.contains("This process has the lock") } == true)
        #expect(!lock.semaphore.isTaken)
    }

    /// A child that comes into being meanwhile has nothing of it.
    @Test func aBriefOperationIsTheParentsAlone() throws {
        let block = try UniqueBlock("dead")
        let hits = try Self.openWatched(block.string)
        let lock = hits.store.scalar.segment.core.lock
        let segment = try Self.enterBriefly(hits)
        let child = Fork.child { while !lock.tryAcquire() { SystemCalls.sleep(nanoseconds: 1_000_000) } }
        SystemCalls.sleep(nanoseconds: 20_000_000)
        let during = lock.holderMark.process
        segment.leaveBriefly()
        let number = try #require(child)
        defer { kill(number, SIGKILL) }
        #expect(during == getpid())
        #expect(UniqueBlock.eventually { lock.holderMark.process == number })
        kill(number, SIGKILL)
        var status: Int32 = 0
        unsafe waitpid(number, &status, 0)
        #expect(lock.evidence().state == .abandoned(.holderEnded(process: number)))
        try RememoryLock(block.string).withLock(timeout: Self.patient) { _ = try hits.add(1) }
    }

    @Test func aChildThatAPythonForkedIsNotRobbed() throws {
        let block = try UniqueBlock("dead")
        let parent = try LockPeer(.python)
        try parent.ask("lock.acquire", block)
        let child = Int32(try #require(try parent.ask("fork") as? Int))
        defer { kill(child, SIGKILL) }
        parent.die()
        let error = try failure(block)
        #expect(error.message.contains("\(child) ("))
        kill(child, SIGKILL)
        let lock = try RememoryLock(block.string)
        try lock.withLock(timeout: Self.patient) {}
    }

    @Test func aChildThatThisProcessForkedIsNotRobbed() throws {
        let block = try UniqueBlock("dead")
        let lock = try SegmentRegistry.shared.lock(block.name, acceptsOtherOwners: false)
        let child = try #require(Fork.child { _ = unsafe rm_sem_try(lock.semaphore.pointer) })
        defer { kill(child, SIGKILL) }
        while !lock.semaphore.isTaken { SystemCalls.sleep(nanoseconds: 1_000_000) }
        #expect(lock.evidence().state == .unknown)
        #expect(lock.evidence().processes.contains { $0.process == child })
        kill(child, SIGKILL)
        var status: Int32 = 0
        unsafe waitpid(child, &status, 0)
        #expect(Self.isSoon(.abandoned(.openNowhereElse), lock.evidence()))
        try lock.acquire(timeout: Self.patient)
        lock.release()
    }

    // MARK: Other namespaces and users

    private static let unshare = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]

    @Test(.enabled(if: CommandProbe.succeeds(unshare + ["true"]), "this user may not make PID namespaces"))
    func aHolderInAnotherPIDNamespaceIsNotRobbedBeforeItIsDead() throws {
        let block = try UniqueBlock("dead")
        let holder = try LockPeer(.swift, through: Self.unshare)
        let number = try #require((try holder.ask("ping") as? [String: Any])?["pid"] as? Int)
        #expect(number == 1)
        try holder.ask("lock.acquire", block)
        let lock = try RememoryLock(block.string)
        #expect(lock.evidence().state == .unknown)
        let error = try failure(block)
        #expect(error.message.contains("interop-check"))
        holder.die()
        try lock.withLock(timeout: Self.patient) {}

        // And the other way round: who looks from there does not see us, and must not take our number for dead.
        let finder = try LockPeer(.swift, through: Self.unshare)
        try lock.withLock {
            _ = #expect(throws: LockPeer.Failure.self) { try finder.ask("lock.acquire", block, ["timeout": 0.2]) }
        }
        try finder.ask("lock.acquire", block, ["timeout": 30])
    }

    private static let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    @Test(
        .enabled(if: getuid() == 0, "only root may start processes of another user"),
        .enabled("another user may not run what is built here") {
            CommandProbe.succeeds(nobody + ["test", "-x", try Products.path("interop-check")])
        })
    func processesThatCanNotBeLookedIntoMakeALookAtAllNoProof() throws {
        let block = try UniqueBlock("dead")
        let holder = try LockPeer(.python)
        let idle = try LockPeer(.swift, through: Self.nobody)
        let finder = try LockPeer(.swift, through: Self.nobody)
        try idle.ask("lock.acquire", block)
        try idle.ask("lock.release", block)
        try holder.ask("lock.acquire", block)
        holder.die()
        let error = #expect(throws: LockPeer.Failure.self) {
            try finder.ask("lock.acquire", block, ["timeout": 0.2])
        }
        #expect(error?.description.contains("could not be looked into") == true)
        idle.die()
        try finder.ask("lock.acquire", block, ["timeout": 30])
    }

    // MARK: Parts

    /// A number whose operations are brief from the first.
    private static func openWatched(_ name: String) throws -> RememoryInt<Int> {
        try RememoryInt(name, options: RememoryOptions(coherence: .sentinel))
    }

    /// In the middle of an operation that noted nothing but the mark, which `leaveBriefly()` ends.
    private static func enterBriefly(_ number: RememoryInt<Int>) throws -> Segment {
        let segment = number.store.scalar.segment
        // The first ones are not brief: they look at the name.
        for _ in 0..<10 { _ = try number.get() }
        for _ in 0..<1_000 {
            try segment.enterBriefly(timeout: patient)
            if unsafe !rm_lock_is_mine(segment.core.lock.state) { return segment }
            segment.leaveBriefly()
        }
        throw LockPeer.Failure(description: "no operation is brief here: there is no sentinel")
    }

    /// What comes of waiting for a lock that can't be had. It stays taken.
    private func failure(_ block: UniqueBlock) throws -> RememoryError {
        let lock = try RememoryLock(block.string)
        let error = #expect(throws: RememoryError.self) { try lock.withLock(timeout: Self.impatient) {} }
        let semaphore = try SegmentRegistry.shared.lock(block.name, acceptsOtherOwners: false).semaphore
        #expect(semaphore.isTaken)
        return try #require(error)
    }
}

/// Children that come into being by fork alone, which Swift does not offer.
enum Fork {
    /// A child that runs a body, which may do nothing that takes a lock of this process, and then sleeps until killed.
    static func child(_ body: () -> Void) -> Int32? {
        typealias Call = @convention(c) () -> Int32
        guard let symbol = unsafe dlsym(UnsafeMutableRawPointer(bitPattern: 0), "fork") else { return nil }
        let fork = unsafe unsafeBitCast(symbol, to: Call.self)
        let child = fork()
        if child == 0 {
            body()
            while true { SystemCalls.sleep(nanoseconds: 1_000_000_000) }
        }
        return child > 0 ? child : nil
    }
}

/// Whether this machine lets us do something.
enum CommandProbe {
    static func succeeds(_ command: [String]) -> Bool {
        (try? ChildProcess(command, input: .null, output: .null, errors: .null))?.wait() == .exited(0)
    }
}
