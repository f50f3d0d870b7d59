/// What can be known about who has a block's lock: asked for with ``RememoryLock/evidence()``, and part of the error when
/// waiting for it took too long.
public struct LockEvidence: Sendable, Hashable, CustomStringConvertible {
    /// Whether somebody has the lock.
    public enum State: Sendable, Hashable {
        /// Nobody has it.
        case free
        /// A process that lives has it: ``LockEvidence/holder``.
        case held
        /// The process that had it is dead, and that is proven. The next Swift process that waits for it takes over.
        case abandoned(Proof)
        /// Somebody has it, or had it when it was killed: one of ``LockEvidence/processes``, or one that could not be
        /// looked into. Python processes leave no word.
        case unknown
    }

    /// How it is known that the holder is dead.
    public enum Proof: Sendable, Hashable, CustomStringConvertible {
        /// The holder was a Swift process, which left its number and the time it was started; there is no such process
        /// any more.
        case holderEnded(process: Int32)
        /// No other process has the lock open, as the kernel says, and this process doesn't have it.
        case openNowhereElse
        /// All processes of the machine were looked at, twice, and none that has the lock open can have it.
        case allProcessesSeen

        /// The proof in words.
        public var description: String {
            switch self {
            case .holderEnded(let process): "it was process \(process), a Swift process, which has ended"
            case .openNowhereElse: "no other process has it open"
            case .allProcessesSeen: "none of the processes that have it open can have it"
            }
        }
    }

    /// A process that has the lock open.
    public struct Process: Sendable, Hashable, CustomStringConvertible {
        /// What it was doing when it was looked at.
        public enum Activity: String, Sendable, Hashable {
            /// All its threads wait for this lock. A Python process may wait for itself: it can't take its lock twice.
            case waiting = "waits for the lock"
            /// It sleeps, and not for this lock.
            case sleeping = "sleeps"
            /// It runs.
            case running = "runs"
            /// It is stopped, by a signal or a debugger, and may go on any time.
            case stopped = "is stopped"
            /// It can't be told.
            case unknown = "does what can't be seen"
        }

        /// The process's number.
        public var process: Int32
        /// Its command line, up to 200 characters of it.
        public var command: String
        /// How long ago it was started; `nil` where that can't be told.
        public var age: Duration?
        /// What it does.
        public var activity: Activity
        /// Whether it uses Rememory for Swift: then it is the holder only if it said so.
        public var isSwift: Bool

        /// As in `4711 (python3 worker.py), 62 s old, sleeps`.
        public var description: String {
            let age = age.map { ", \($0.components.seconds) s old" } ?? ""
            return "\(process) (\(command))\(age), \(activity.rawValue)"
        }
    }

    /// Whether somebody has it.
    public var state: State
    /// The Swift process that said that it has it: alive where the state is ``State/held``. `nil` if nobody said so, and
    /// for one that lives in another PID namespace.
    public var holder: Process?
    /// All processes that have the lock open, this one included, as far as they can be seen from here.
    public var processes: [Process]
    /// How many processes could not be looked into: they may have it open as well.
    public var unreadable: Int

    /// All of it in sentences.
    public var description: String {
        switch state {
        case .free: return "Nobody has the lock"
        case .held:
            guard let holder else { return "A process of another PID namespace has the lock" }
            let own = holder.process == SystemCalls.processIdentifier
            return own
                ? "This process has the lock, in another thread"
                : "Process \(holder) has the lock. Look what it does, or try again with a longer timeout"
        case .abandoned(let proof): return "The holder of the lock is dead: \(proof)"
        case .unknown: return unknownDescription
        }
    }

    private var unknownDescription: String {
        let others = processes.filter { $0.process != SystemCalls.processIdentifier }
        let list = others.map(\.description).joined(separator: "; ")
        let hidden = unreadable == 0 ? "" : " \(unreadable) processes could not be looked into."
        if others.isEmpty {
            return """
                Who has the lock can't be seen from here.\(hidden) If it was killed, remove the file \
                sem.rememorydict_NAME from /dev/shm while no process uses the block
                """
        }
        return """
            These processes have the lock open, and one of them has it, or one that was killed had it and these make that \
            impossible to prove: \(list).\(hidden) Look what they do; end those that only sleep or wait if the holder was \
            killed, or try again with a longer timeout
            """
    }
}
