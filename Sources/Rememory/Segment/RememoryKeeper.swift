import Logging

/// Keeps blocks alive while only Python programs come and go: hold on to what this returns.
///
/// Every Python process that exits takes the name of each block that it used with it, and the process after it begins
/// with an empty one. While a Swift process has a block open that does not happen. A keeper is such a process for blocks
/// that it has no use for itself: it guards those that there are, and others as soon as somebody creates them. It
/// creates none, and reads and writes nothing in them. While nothing happens to their names it does nothing, and takes
/// no lock.
///
/// ```swift
/// let keeper = try Rememory.keep(["game", "scores"])
/// defer { keeper.close() }
/// ```
///
/// - Parameters:
///   - names: The blocks' names. A name that is given twice counts once.
///   - options: How the blocks are opened. A block that belongs to another user, and what else can't be opened now, is
///     reported through the log and tried again.
/// - Throws: ``RememoryError`` with the code `invalidName`. That there is no such block is no error.
public func keep(_ names: [String], options: RememoryOptions = RememoryOptions()) throws -> RememoryKeeper {
    try RememoryKeeper(names, options)
}

/// Guards blocks until it is closed or released: see ``keep(_:options:)``.
///
/// A forked child doesn't keep what its parent keeps.
public final class RememoryKeeper: Sendable {
    /// The names that it was given, each once, in their order.
    public let names: [String]

    private let blocks: [KeptBlock]

    fileprivate init(_ names: [String], _ options: RememoryOptions) throws {
        var seen: Set<String> = []
        self.names = names.filter { seen.insert($0).inserted }
        blocks = try self.names.map { KeptBlock(try BlockName($0), options) }
        for block in blocks { block.begin() }
    }

    deinit { close() }

    /// The names of the blocks that there are now, and that it guards.
    public var guardedNames: [String] { blocks.filter(\.isGuarded).map(\.name.description) }

    /// Ends it. A block goes, if nobody else has it open, with the next Python process that exits.
    public func close() {
        for block in blocks { block.end() }
    }
}

/// One name that a keeper has, and the block under it if there is one.
private final class KeptBlock: Sendable {
    private struct State {
        var segment: Segment?
        var isEnded = false
        var reported: RememoryError.Code?
    }

    let name: BlockName
    private let options: RememoryOptions
    private let state = ThreadMutex(State())

    init(_ name: BlockName, _ options: RememoryOptions) {
        self.name = name
        self.options = options
    }

    var isGuarded: Bool { state.withLock { $0.segment?.core.isRetired == false } }

    /// What is there is guarded when this returns.
    func begin() {
        _ = open()
        Follower.current.expect(name, for: self) { [weak self] in self?.open() ?? .loss }
    }

    func end() {
        Follower.current.forget(self)
        let last = state.withLock { state in
            state.isEnded = true
            return state.segment.take()
        }
        last?.close()
    }

    /// Opens the block if there is one, and says what to wait for.
    private func open() -> Follower.Wish {
        state.withLock { state in
            if state.isEnded { return .loss }
            if let segment = state.segment {
                if !segment.core.isRetired { return .loss }
                segment.close()
                state.segment = nil
            }
            do throws(RememoryError) {
                state.segment = try Segment.openIfAny(name, options: options)
                state.reported = nil
                return state.segment == nil ? .name : .loss
            } catch {
                if state.reported != error.code {
                    Logger(label: "rememory").warning("a block can't be kept: \(error)")
                    state.reported = error.code
                }
                return .later
            }
        }
    }
}
