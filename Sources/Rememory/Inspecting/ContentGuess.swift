// What a segment is, from its size and its bytes alone.
//
//     size 1, 2, 4, 8                     a number or a boolean: nobody makes a pickle so short a home
//     80 04 42 … 30 7d …                  Swift's head, and a dict behind it
//     80 04 95 … 7d …                     a pickle; what its outermost value is decides
//     7b 22 61 22 3a 20 31 7d             JSON text: a dict of versions 0.1 and 0.2, or a string
//     68 65 6c 6c 6f                      UTF-8: a string
//     00 00 …                             nothing yet
//
// A Block may hold a dict, too, and then looks like a Dict of the same size. It is called a dict: whoever reads and
// writes it in canonical layout is right in both cases.

import PickleCodec

/// What the content of a segment looks like.
struct ContentGuess {
    var kind: BlockKind?
    var reason = ""
    var format: String?
    var usedBytes = 0
    var entries: Int?
    var content = BlockInspection.Content.empty
    var writer = BlockInspection.Writer.unknown
    var generation: UInt64?

    /// There is no segment.
    static let nothing = ContentGuess(reason: "there is a lock and no segment")

    /// The largest String that Python makes.
    private static let largestString = 32768

    private init(reason: String) { self.reason = reason }

    /// - Complexity: linear in the bytes.
    init(_ bytes: [UInt8], size: Int) {
        usedBytes = bytes.usedCount
        switch size {
        case 0:
            reason = "the segment has no bytes: its creator was stopped, or is still at it"
        case 1, 2, 4, 8:
            guessNumber(bytes)
        case _ where usedBytes == 0:
            guessEmpty(size)
        default:
            guessContent(bytes, size)
        }
    }

    // MARK: Numbers

    private mutating func guessNumber(_ bytes: [UInt8]) {
        usedBytes = bytes.count
        content = .plain
        let value = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch bytes.count {
        case 1 where value <= 1: (kind, format, reason) = (.bool, nil, "1 byte that is 0 or 1; an INT8 could be, too")
        case 1: (kind, format, reason) = (.int, "INT8", "1 byte that is neither 0 nor 1")
        case 2: (kind, format, reason) = (.int, "INT16", "2 bytes")
        case 4: guessWide(Int64(Int32(truncatingIfNeeded: value)), Double(Float(bitPattern: UInt32(value))), "32")
        case 8: guessWide(Int64(bitPattern: value), Double(bitPattern: value), "64")
        default: break
        }
    }

    /// An integer of everyday size read as a float is tiny; a float of everyday size read as an integer is huge.
    private mutating func guessWide(_ integer: Int64, _ float: Double, _ width: String) {
        let size = float.magnitude
        if integer != 0, size.isFinite, size > 1e-30, size < 1e30 {
            (kind, format) = (.float, "FLOAT\(width)")
            reason = "\(width) bits that are \(float) as a float, and \(integer) as an integer"
        } else {
            (kind, format) = (.int, "INT\(width)")
            reason =
                integer == 0
                ? "\(width) bits that are 0; a float could be, too"
                : "\(width) bits that are \(integer) as an integer, and \(float) as a float"
        }
    }

    // MARK: The rest

    private mutating func guessEmpty(_ size: Int) {
        if size > ContentGuess.largestString {
            reason = "NULs: a Dict or List that is being made, or a Block of None"
        } else if size == BlockSize.s4096.byteCount || size & (size - 1) != 0 || size < BlockSize.s64.byteCount {
            (kind, reason) = (.block, "NULs, and no size that Strings mostly have: a Block of None, or a String")
        } else {
            (kind, reason) = (.string, "NULs, and a size that Strings have: an empty String, or a Block of None")
        }
    }

    private mutating func guessContent(_ bytes: [UInt8], _ size: Int) {
        let first = bytes[0]
        if first == 0x80 { return guessPickle(bytes, size) }
        let used = Array(bytes[..<usedBytes])
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "["), guessJSON(used, size) { return }
        // Protocols 0 and 1 have no header: a pickle of them is one if it ends where the content does.
        if used.last == Opcode.stop, let (graph, count) = try? PickleGraph.decode(used), count == used.count, count > 3
        {
            return take(graph, count: count, protocol: ContentGuess.headlessProtocol(used), size)
        }
        guessText(used, size)
    }

    private mutating func guessPickle(_ bytes: [UInt8], _ size: Int) {
        readWriter(bytes)
        do {
            let (graph, count) = try PickleGraph.decode(bytes)
            take(graph, count: count, protocol: Int(bytes[1]), size)
        } catch {
            content = .damaged("a pickle that can't be read: \(error)")
            writer = .unknown
            generation = nil
            kind = ContentGuess.outermost(bytes)
            reason = kind == nil ? "it begins as a pickle" : "it begins as the pickle of a \(kind ?? .dict)"
        }
    }

    private mutating func take(_ graph: PickleGraph, count: Int, protocol number: Int, _ size: Int) {
        content = .pickle(protocol: number)
        usedBytes = count
        if writer == .unknown { writer = .python }
        let isJournal = generation != nil
        let couldBeBlock =
            isJournal || size > ContentGuess.largestString ? "" : "; a Block of that size could hold one, too"
        switch graph.kind(of: graph.root) {
        case .dict:
            kind = .dict
            entries = PickleValue(graph).count
            reason = (isJournal ? "a dict in Swift's layout" : "the pickle of a dict") + couldBeBlock
        case .list:
            kind = .list
            entries = graph.children(of: graph.root).count
            reason = (isJournal ? "a list in Swift's layout" : "the pickle of a list") + couldBeBlock
        default:
            kind = .block
            reason = "the pickle of something that is neither dict nor list"
        }
    }

    private mutating func guessJSON(_ used: [UInt8], _ size: Int) -> Bool {
        guard let value = try? PickleValue(json: used) else {
            if size <= ContentGuess.largestString { return false }
            content = .damaged("JSON text that can't be read, as versions 0.1 and 0.2 wrote it")
            (kind, writer) = (used[0] == UInt8(ascii: "{") ? .dict : .list, .python)
            reason = "it begins as JSON"
            return true
        }
        guard size > ContentGuess.largestString else { return false }
        content = .json
        (kind, writer) = (value.kind == .dict ? .dict : .list, .python)
        entries = value.count
        reason = "JSON text, as versions 0.1 and 0.2 of the Python package wrote it"
        return true
    }

    private mutating func guessText(_ used: [UInt8], _ size: Int) {
        if String(validating: used, as: UTF8.self) != nil {
            (kind, content, reason) = (.string, .plain, "UTF-8 text")
        } else if ContentGuess.isCutText(used) {
            (kind, reason) = (.string, "UTF-8 text up to its last character")
            content = .damaged("text whose last character is cut: Python cuts strings that are too long by bytes")
        } else {
            content = .damaged("neither a pickle nor text")
            reason = "nothing that any type of block holds"
        }
    }

    /// Whether the bytes are UTF-8 but for the last character.
    private static func isCutText(_ used: [UInt8]) -> Bool {
        (1...3).contains { String(validating: used.dropLast($0), as: UTF8.self) != nil }
    }

    /// Whether head and stamp both say that Swift wrote last.
    private mutating func readWriter(_ bytes: [UInt8]) {
        guard bytes.count >= 64, bytes[2] == Opcode.binBytes || bytes[2] == Opcode.shortBinBytes else { return }
        let (head, stamp) = SegmentCopy(of: bytes).withContent { (Head(of: $0), Stamp(of: $0)?.read()) }
        guard head.isSwift || head.isMarked, let reading = stamp else { return }
        // Marked content that was only looked at is still Python's.
        writer = head.isSwift || reading.generation > 1 ? .swift : .python
        generation = writer == .swift ? reading.generation : nil
    }

    /// 1 if any instruction is one that protocol 0 has not.
    private static func headlessProtocol(_ pickle: [UInt8]) -> Int { max(0, PickleListing(pickle).highestProtocol) }

    /// The container that a pickle begins with, as far as its first instructions tell.
    private static func outermost(_ bytes: [UInt8]) -> BlockKind? {
        var scanner = PickleScanner()
        for _ in 0..<4 {
            guard let next = unsafe try? scanner.next(in: bytes.span.bytes) else { return nil }
            switch next.opcode {
            case .emptyDict: return .dict
            case .emptyList: return .list
            case .proto, .frame, .binBytes, .shortBinBytes, .pop: continue
            default: return nil
            }
        }
        return nil
    }
}

extension [UInt8] {
    /// How many bytes there are before the NULs at the end.
    var usedCount: Int { unsafe withUnsafeBytes { unsafe $0.usedCount } }
}
