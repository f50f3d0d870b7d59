import Foundation
import PeerProtocol

/// One company of processes on three fresh blocks, for some rounds.
///
/// A round: everybody writes at once; meanwhile one of them may be killed or told to exit, or makes a block grow. Then
/// all pause and the content is looked at: it is what was answered, and of a process that was killed the write under way
/// is there as a whole or not at all. Processes that take the places of those that are gone attach during the pause.
///
/// What the protocol can't give is left out. A Python that attaches writes old values back: it does so while nobody
/// writes. A growth leaves Pythons behind on the old segment: they are retired, unless they are cured by
/// `rememory_guard`. That the lock of a killed Python is nobody's can't be proven while another Python is attached, nor
/// with several Swift processes where `/proc` does not show everything: a Python is killed when it and one Swift process
/// are the only ones.
struct SoakEpisode {
    private static let rounds = 12
    private static let size = 4
    private static let capacity = 131_072
    private static let mostGrowths = 3

    private enum Event {
        case none, killSwift, killPython, exitPython, exitSwift, grow
    }

    private let stage: Stage
    private let blocks: SoakBlocks
    private var members: [SoakMember] = []
    private var lastNumber = 0
    private var content = SoakContent()
    private var growths = 0
    private let report: (SoakTally) -> Void
    private(set) var tally: SoakTally

    init(on stage: Stage, tally: SoakTally, report: @escaping (SoakTally) -> Void) {
        self.stage = stage
        self.tally = tally
        self.report = report
        blocks = SoakBlocks(dict: stage.name("dict"), list: stage.name("list"), number: stage.name("int"))
    }

    /// - Throws: What diverged, and in which round.
    mutating func run() throws {
        tally.episodes += 1
        try hire(.swift)
        for round in 1...Self.rounds {
            let event = pickEvent()
            do {
                try hireToFull()
                guard try play(event) else { return }
                try lookAround()
            } catch {
                throw CheckFailure("round \(round) (\(event)): \(error)")
            }
            report(tally)
        }
        try leave()
    }

    private mutating func pickEvent() -> Event {
        switch Int.random(in: 0..<20, using: &stage.random) {
        case 0..<6: .killSwift
        case 6..<8: .killPython
        case 8..<12: .exitPython
        case 12..<14: .exitSwift
        case 14..<16: .grow
        default: .none
        }
    }

    // MARK: The company

    private var pythons: [SoakMember] { members.filter(\.isPython) }
    private var swifts: [SoakMember] { members.filter { !$0.isPython } }

    private mutating func hireToFull() throws {
        while swifts.count < 2 { try hire(.swift) }
        while members.count < Self.size { try hire(Bool.random(using: &stage.random) ? .python : .swift) }
    }

    private mutating func hire(_ language: Language) throws {
        lastNumber += 1
        let peer = try stage.peer(language)
        try peer.ok("dict.len", blocks.dict, options: ["capacity": .int(Self.capacity)])
        try peer.ok("list.len", blocks.list, options: ["capacity": .int(Self.capacity)])
        try peer.ok("int.get", blocks.number)
        members.append(SoakMember(number: lastNumber, peer: peer))
    }

    private mutating func dismiss(_ member: SoakMember) throws {
        try member.peer.process.finish()
        gone(member)
        if member.isPython { tally.pythonExits += 1 } else { tally.swiftExits += 1 }
    }

    private mutating func gone(_ member: SoakMember) {
        members.removeAll { $0 === member }
        let words = member.peer.process.complaints
        tally.takeOvers += words.split(separator: "\n").count { $0.contains("took over") }
    }

    private mutating func leave() throws {
        // A Swift process is the last to go: without one the exit of a Python would end the blocks.
        for member in pythons + swifts { try dismiss(member) }
    }

    // MARK: A round

    /// - Returns: Whether the episode goes on: not on content that a killed Python has torn.
    private mutating func play(_ event: Event) throws -> Bool {
        switch event {
        case .none: try write(members)
        case .grow: try grow()
        case .killSwift:
            if let victim = swifts.randomElement(using: &stage.random) { return try writeAndKill(victim) }
        case .killPython:
            if pythons.isEmpty { try hire(.python) }
            for other in pythons.dropFirst() + swifts.dropFirst() { try dismiss(other) }
            return try writeAndKill(pythons[0])
        case .exitPython:
            if let visitor = pythons.randomElement(using: &stage.random) { try writeAndDismiss(visitor) }
        case .exitSwift:
            if let visitor = swifts.randomElement(using: &stage.random) { try writeAndDismiss(visitor) }
        }
        return true
    }

    private mutating func begin(_ writers: [SoakMember]) {
        for writer in writers {
            let count = Int.random(in: 10...60, using: &stage.random)
            writer.begin((0..<count).map { _ in writer.nextWrite(&stage.random) }, blocks)
        }
    }

    private mutating func finish(_ writers: [SoakMember]) throws {
        for writer in writers { try written(try writer.finish(), by: writer) }
    }

    private mutating func written(_ writes: [SoakWrite], by writer: SoakMember) throws {
        tally.operations += writes.count
        for write in writes { try content.apply(write, by: writer.number) }
    }

    private mutating func write(_ writers: [SoakMember]) throws {
        begin(writers)
        try finish(writers)
    }

    private mutating func writeAndDismiss(_ visitor: SoakMember) throws {
        begin(members)
        visitor.peer.process.endInput()
        try finish(members)
        try dismiss(visitor)
    }

    private mutating func writeAndKill(_ victim: SoakMember) throws -> Bool {
        begin(members)
        stage.pause(upTo: 0.02)
        let (written, uncertain) = try victim.kill()
        if victim.isPython { tally.pythonKills += 1 } else { tally.swiftKills += 1 }
        gone(victim)
        let start = Date()
        defer { tally.longestWait = max(tally.longestWait, Date().timeIntervalSince(start)) }
        do {
            try finish(members)
        } catch let failure as CheckFailure where victim.isPython && failure.description.contains("corruptContent") {
            tally.torn += 1
            return false
        }
        try self.written(written, by: victim)
        guard let uncertain else { return true }
        var other = content
        try other.apply(uncertain, by: victim.number)
        do {
            let found = try SoakContent(of: blocks, by: swifts[0].peer)
            if found == other { content = other }
        } catch let failure as CheckFailure where victim.isPython && failure.description.contains("corruptContent") {
            tally.torn += 1
            return false
        }
        return true
    }

    /// One member outgrows a segment, while the Swift processes write.
    private mutating func grow() throws {
        guard growths < Self.mostGrowths, let grower = members.randomElement(using: &stage.random) else {
            return try write(members)
        }
        growths += 1
        let ofDict = Bool.random(using: &stage.random)
        let name = ofDict ? blocks.dict : blocks.list
        let isGuarded = stage.environment.isGuarded
        let writers = isGuarded ? members : swifts
        let before = try SharedMemory.identity(name)
        let size = try SharedMemory.attributes(SharedMemory.segmentPath(name)).size
        begin(writers)
        grower.begin([grower.growingWrite(ofDict: ofDict, size: size)], blocks)
        try finish(writers.filter { $0 !== grower } + [grower])
        try stage.expect(try SharedMemory.identity(name) != before, "the segment is the same after a growth")
        tally.growths += 1
        if !isGuarded {
            for python in pythons where python !== grower {
                try dismiss(python)
                tally.retired += 1
            }
        }
        if ofDict {
            grower.begin([grower.undoingGrowth()], blocks)
            try finish([grower])
        } else {
            try clearList(by: grower)
        }
    }

    private mutating func clearList(by member: SoakMember) throws {
        try member.peer.ok("list.clear", blocks.list)
        content.items = [:]
    }

    /// During a pause: what is there is what was written, whoever looks.
    private mutating func lookAround() throws {
        var viewers = [swifts.randomElement(using: &stage.random), pythons.randomElement(using: &stage.random)]
        if Int.random(in: 0..<4, using: &stage.random) == 0 { viewers = members }
        for viewer in viewers.compactMap({ $0 }) {
            let found = try SoakContent(of: blocks, by: viewer.peer)
            guard found == content else {
                throw CheckFailure("\(viewer.peer) finds something else.\n\(found.difference(from: content))")
            }
        }
        let count = content.items.values.reduce(0) { $0 + $1.count }
        if count > 400, let member = members.randomElement(using: &stage.random) { try clearList(by: member) }
    }
}
