package import PickleCodec
package import Rememory

package typealias SharedDict = RememoryDict<PickleValue, PickleValue>
package typealias SharedList = RememoryList<PickleValue>
/// Every format's values fit into one Swift type.
package typealias SharedInt = RememoryInt<Int128>

/// The blocks that a peer has open, by type and name.
struct OpenBlocks {
    /// The types of blocks, by their names in the protocol.
    enum Kind: String, CaseIterable {
        case dict, list, int, float, bool, string, block, lock
    }

    private struct Place: Hashable {
        let kind: Kind
        let name: String
    }

    private var open: [Place: any SharedBlock] = [:]
    /// How often this peer has taken each lock, by name.
    private var held: [String: Int] = [:]

    // MARK: Opening

    mutating func dict(_ request: PeerRequest) throws -> SharedDict {
        try block(.dict, request) { name in
            try SharedDict(name, capacity: try request.size("capacity") ?? 65536, layout: try request.layout())
        }
    }

    mutating func list(_ request: PeerRequest) throws -> SharedList {
        try block(.list, request) { name in
            try SharedList(name, capacity: try request.size("capacity") ?? 65536, layout: try request.layout())
        }
    }

    mutating func int(_ request: PeerRequest) throws -> SharedInt {
        try block(.int, request) { try SharedInt($0, as: Int128.self, format: try request.intFormat()) }
    }

    mutating func float(_ request: PeerRequest) throws -> RememoryFloat {
        try block(.float, request) { try RememoryFloat($0, format: try request.floatFormat()) }
    }

    mutating func bool(_ request: PeerRequest) throws -> RememoryBool {
        try block(.bool, request) { try RememoryBool($0) }
    }

    mutating func string(_ request: PeerRequest) throws -> RememoryString {
        try block(.string, request) { try RememoryString($0, size: try request.stringSize()) }
    }

    mutating func block(_ request: PeerRequest) throws -> RememoryBlock<PickleValue> {
        try block(.block, request) { try RememoryBlock($0, size: try request.size("size").map { BlockSize($0) }) }
    }

    mutating func lock(_ request: PeerRequest) throws -> RememoryLock {
        try block(.lock, request) { try RememoryLock($0) }
    }

    private mutating func block<Block: SharedBlock>(
        _ kind: Kind, _ request: PeerRequest, opening make: (String) throws -> Block
    ) throws -> Block {
        let place = Place(kind: kind, name: try request.name())
        if let block = open[place] as? Block { return block }
        let block = try make(place.name)
        open[place] = block
        return block
    }

    // MARK: Ending

    private static func kind(_ request: PeerRequest) throws -> Kind {
        let text = try request.text("type")
        guard let kind = Kind(rawValue: text) else {
            let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw PeerFailure.badRequest("'type' is '\(text)', expected one of \(known)")
        }
        return kind
    }

    mutating func unlink(_ request: PeerRequest) throws {
        let block: any SharedBlock =
            switch try Self.kind(request) {
            case .dict: try dict(request)
            case .list: try list(request)
            case .int: try int(request)
            case .float: try float(request)
            case .bool: try bool(request)
            case .string: try string(request)
            case .block: try self.block(request)
            case .lock: try lock(request)
            }
        try block.unlink(semaphore: false)
    }

    mutating func close(_ request: PeerRequest) throws {
        let place = Place(kind: try Self.kind(request), name: try request.name())
        _ = try BlockName(place.name)
        open.removeValue(forKey: place)?.close()
    }

    // MARK: Locks

    mutating func acquire(_ request: PeerRequest) throws {
        let lock = try lock(request)
        try lock.acquire(timeout: try request.timeout())
        held[try request.name(), default: 0] += 1
    }

    mutating func release(_ request: PeerRequest) throws {
        let name = try request.name()
        _ = try BlockName(name)
        guard let depth = held[name] else {
            throw PeerFailure.badRequest("the lock of '\(name)' is not held here")
        }
        held[name] = depth > 1 ? depth - 1 : nil
        try lock(request).release()
    }
}

/// What all blocks can do at their end.
protocol SharedBlock {
    func close()
    /// Takes the block's name away; of a lock, its semaphore.
    func unlink(semaphore: Bool) throws
}

extension RememoryDict: SharedBlock {}
extension RememoryList: SharedBlock {}
extension RememoryInt: SharedBlock {}
extension RememoryFloat: SharedBlock {}
extension RememoryBool: SharedBlock {}
extension RememoryString: SharedBlock {}
extension RememoryBlock: SharedBlock {}
extension RememoryLock: SharedBlock {
    /// A lock ends with its last copy.
    func close() {}
    func unlink(semaphore: Bool) throws { try unlink() }
}
