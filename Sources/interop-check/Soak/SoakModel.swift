import PeerProtocol
import PickleCodec

/// The three blocks of an episode.
struct SoakBlocks {
    let dict: String
    let list: String
    let number: String
}

/// One write of a member, to what is its own: keys that begin with its number, items that do, and its share of two sums.
enum SoakWrite {
    case set([String: JSON])
    case delete(String)
    case addToEntry(Int)
    case append([JSON])
    case add(Int)

    /// The key whose value all members add to.
    static let sharedKey = "sum"

    func request(to blocks: SoakBlocks) -> Request {
        switch self {
        case .set(let entries):
            if entries.count == 1, let (key, value) = entries.first {
                Request("dict.set", blocks.dict, key: .json(.string(key)), value: .json(value))
            } else {
                Request("dict.update", blocks.dict, value: .json(.object(entries)))
            }
        case .delete(let key): Request("dict.delete", blocks.dict, key: .json(.string(key)))
        case .addToEntry(let by):
            Request("dict.add", blocks.dict, key: .json(.string(Self.sharedKey)), options: ["by": .int(by)])
        case .append(let items):
            if items.count == 1 {
                Request("list.append", blocks.list, value: .json(items[0]))
            } else {
                Request("list.extend", blocks.list, value: .json(.array(items)))
            }
        case .add(let by): Request("int.add", blocks.number, value: .json(.int(by)))
        }
    }
}

/// What the blocks hold, by what each member was answered; or what was found in them.
struct SoakContent: Equatable {
    /// The values as Python's `repr` has them.
    var entries: [String: String] = [:]
    /// By member, in order.
    var items: [Int: [String]] = [:]
    var entrySum = 0
    var number = 0

    /// After one more write of a member.
    mutating func apply(_ write: SoakWrite, by member: Int) throws {
        switch write {
        case .set(let changes):
            for (key, value) in changes { entries[key] = try PickleValue(json: value.description).description }
        case .delete(let key): entries[key] = nil
        case .addToEntry(let by): entrySum += by
        case .append(let added):
            let added = try added.map { try PickleValue(json: $0.description).description }
            if !added.isEmpty { items[member, default: []] += added }
        case .add(let by): number += by
        }
    }

    /// What a peer finds now.
    init(of blocks: SoakBlocks, by peer: Peer) throws {
        for pair in try peer.value("dict.items", blocks.dict).decoded().elements {
            guard let key = pair[0]?.string, let value = pair[1] else { throw CheckFailure("\(peer) found \(pair)") }
            if key == SoakWrite.sharedKey {
                entrySum = value.int ?? -1
            } else {
                entries[key] = value.description
            }
        }
        for item in try peer.value("list.items", blocks.list).decoded().elements {
            guard let member = item[0]?.int else { throw CheckFailure("\(peer) found the item \(item)") }
            items[member, default: []].append(item.description)
        }
        number = try peer.value("int.get", blocks.number).decoded().int ?? -1
    }

    init() {}

    /// How it differs from what it should be, in short.
    func difference(from expected: SoakContent) -> String {
        var lines: [String] = []
        for key in Set(entries.keys).union(expected.entries.keys).sorted() where entries[key] != expected.entries[key] {
            let (found, owed) = (entries[key] ?? "nothing", expected.entries[key] ?? "nothing")
            lines.append("\(key): expected \(owed.prefix(80)), found \(found.prefix(80))")
        }
        for member in Set(items.keys).union(expected.items.keys).sorted() {
            let (found, owed) = (items[member] ?? [], expected.items[member] ?? [])
            guard found != owed else { continue }
            let place = zip(found, owed).prefix { $0 == $1 }.count
            let (one, other) = (found.dropFirst(place).first, owed.dropFirst(place).first)
            lines.append(
                "items of member \(member): expected \(owed.count), found \(found.count); at \(place) expected "
                    + "\((other ?? "nothing").prefix(80)), found \((one ?? "nothing").prefix(80))")
        }
        if entrySum != expected.entrySum {
            lines.append("the Dict's sum: expected \(expected.entrySum), found \(entrySum)")
        }
        if number != expected.number { lines.append("the Int: expected \(expected.number), found \(number)") }
        return lines.prefix(8).joined(separator: "\n")
    }
}
