import Foundation

/// What `posix_spawn` is told: which streams the child gets, and that it starts without our ignored signals.
@safe final class Spawn {
    private var actions = unsafe posix_spawn_file_actions_t()
    private var attributes = posix_spawnattr_t()

    init() {
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGINT, SIGTERM] { _ = unsafe sigaddset(&signals, signal) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    }

    deinit {
        unsafe posix_spawn_file_actions_destroy(&actions)
        unsafe posix_spawnattr_destroy(&attributes)
    }

    /// Lets a stream of the child lead somewhere. Nothing else is handed down: every pipe is closed as it starts.
    func connect(_ number: Int32, _ stream: ChildProcess.Stream, _ end: FileHandle?) {
        switch stream {
        case .inherited: break
        case .null: unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
        case .pipe: if let end { unsafe posix_spawn_file_actions_adddup2(&actions, end.fileDescriptor, number) }
        }
    }

    /// Starts the program; its process identifier.
    func start(_ command: [String], _ environment: [String: String]) throws(ChildProcess.Failure) -> Int32 {
        guard let program = command.first else {
            throw ChildProcess.Failure(description: "there is no program in an empty command")
        }
        var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
        var variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { unsafe (arguments + variables).forEach { unsafe free($0) } }
        var pid: Int32 = 0
        let failure = unsafe withUnsafePointer(to: actions) { actions in
            unsafe withUnsafePointer(to: attributes) { attributes in
                unsafe posix_spawnp(&pid, program, actions, attributes, &arguments, &variables)
            }
        }
        guard failure == 0 else {
            let reason = unsafe String(cString: strerror(failure))
            throw ChildProcess.Failure(description: "\(program) can't be started: \(reason)")
        }
        return pid
    }
}
