import Foundation

/// Where one check plays: its peers, its judge, its block names, and the end of all of them.
final class Stage {
    let troupe: Troupe
    let environment: PythonEnvironment
    var random: SeededGenerator
    private let prefix: String
    private var lastName = 0
    private var processes: [LineProcess] = []
    private var hiredJudge: Judge?

    init(troupe: Troupe, environment: PythonEnvironment, seed: UInt64) {
        self.troupe = troupe
        self.environment = environment
        random = SeededGenerator(seed: seed)
        prefix = troupe.newPrefix()
    }

    /// Ends every process and removes every block of this check, also after a failure.
    func clear() {
        for process in processes { process.kill() }
        for process in processes { _ = try? process.waitUntilGone(timeout: 10) }
        SharedMemory.remove(namesContaining: prefix)
    }

    // MARK: Names

    /// A block name that nobody else uses.
    func name(_ hint: String = "b") -> String {
        lastName += 1
        return "\(prefix)\(lastName)_\(hint)"
    }

    // MARK: Cast

    func swift() throws -> Peer { try peer(.swift) }
    func python() throws -> Peer { try peer(.python) }

    /// A new process of a language.
    func peer(_ language: Language, umask: String? = nil) throws -> Peer {
        let command =
            switch language {
            case .swift: [troupe.installation.executable.path, "peer"]
            case .python: pythonCommand(environment.isGuarded ? "guarded_peer.py" : "peer.py")
            }
        return Peer(language: language, process: try start("\(language.rawValue) peer", command, umask: umask))
    }

    /// The pairs of a writer and a reader in which a value must cross.
    func pairs() throws -> [(writer: Peer, reader: Peer)] {
        let (swift, python) = (try swift(), try python())
        return [(swift, python), (python, swift), (swift, try self.swift())]
    }

    var judge: Judge {
        get throws {
            if let hiredJudge { return hiredJudge }
            let judge = Judge(peer: Peer(language: .python, process: try start("judge", pythonCommand("judge.py"))))
            hiredJudge = judge
            return judge
        }
    }

    func pythonCommand(_ file: String) -> [String] {
        [environment.python, "-B", troupe.installation.python.appendingPathComponent(file).path]
    }

    func start(_ role: String, _ command: [String], umask: String? = nil) throws -> LineProcess {
        let label = "\(role) \(processes.count + 1)"
        let process = try LineProcess(
            label: label, command: command, environment: ProcessInfo.processInfo.environment, umask: umask)
        processes.append(process)
        return process
    }

    // MARK: Expectations

    /// - Parameter what: what was looked at, for the message.
    func expect(_ found: Value, equals expected: Value, _ what: @autoclosure () -> String) throws {
        if let difference = try judge.difference(expected, found) {
            throw CheckFailure("\(what()): expected \(expected), found \(found)\n\(difference)")
        }
    }

    func expect(_ found: Value, is expression: String, _ what: @autoclosure () -> String) throws {
        if let difference = try judge.difference(try judge.value(of: expression), found) {
            throw CheckFailure("\(what()): expected \(expression), found \(found)\n\(difference)")
        }
    }

    func expect<T: Equatable>(_ found: T, _ expected: T, _ what: @autoclosure () -> String) throws {
        guard found == expected else {
            throw CheckFailure("\(what()): expected \(expected), found \(found)")
        }
    }

    func expect(_ condition: Bool, _ what: @autoclosure () -> String) throws {
        guard condition else { throw CheckFailure(what()) }
    }
}
