import Foundation
import PeerProtocol
import PickleCodec
import Rememory

/// A block as it stands in an archive: one line of JSON.
///
///     {"bytes": "gASV…", "check": "9c2f…", "name": "game", "size": 65536, "type": "dict", "value": {"p1": {"score": 10}}}
///
/// `bytes` is the content, exactly: a pickle up to its STOP, a number's bytes, a string's UTF-8. `value` says the same for
/// readers, and nobody reads it back.
struct BlockRecord {
    let name: String
    let kind: BlockKind?
    let format: String?
    let size: Int
    let bytes: [UInt8]

    /// Reads a block under its lock.
    init(reading name: String, _ options: BlockOptions) throws {
        guard let found = try BlockInspection(name), found.size != nil,
            let raw = try RawBlock(name, as: found.kind, options: options.rememory)
        else { throw Failure.noBlock(name) }
        let content = try raw.content()
        raw.close()
        (self.name, kind, format) = (name, found.kind, found.format)
        (size, bytes) = (content.size, content.bytes)
    }

    /// A record of bytes that were read already.
    init(name: String, kind: BlockKind?, size: Int, bytes: [UInt8]) {
        (self.name, self.kind, format) = (name, kind, nil)
        (self.size, self.bytes) = (size, bytes)
    }

    /// Reads a line of an archive.
    init(line: PickleValue, number: Int) throws(Failure) {
        func malformed(_ reason: String) -> Failure {
            .unfit(
                "line \(number) of the archive can't be used: \(reason)",
                remedy: "Export the blocks again; nothing was changed")
        }
        guard let name = line["name"]?.string, let size = line["size"]?.int, let check = line["check"]?.string,
            let bytes = line["bytes"]?.string.flatMap({ Data(base64Encoded: $0) })
        else { throw malformed("it is no record of a block") }
        let type = line["type"]?.string
        let kind = type.flatMap(BlockKind.init(rawValue:))
        guard (type == nil) == (kind == nil) else { throw malformed("there is no type '\(type ?? "")'") }
        self.name = name
        self.kind = kind
        format = line["format"]?.string
        self.size = size
        self.bytes = [UInt8](bytes)
        guard check == self.check else {
            throw malformed("its bytes are not those that were exported (block \"\(name)\")")
        }
        guard size >= bytes.count, size > 0 else {
            throw malformed("its size is \(size), and it has \(bytes.count) bytes")
        }
        do throws(RememoryError) { _ = try BlockName(name) } catch { throw malformed(error.message) }
        if let kind, kind.isPickled, !bytes.isEmpty, bytes.first == 0x80 {
            do throws(PickleError) { _ = try PickleGraph(decoding: self.bytes) } catch { throw malformed("\(error)") }
        }
    }

    var json: JSON {
        [
            "name": .string(name), "type": kind.map { .string($0.rawValue) } ?? nil,
            "format": format.map { .string($0) } ?? nil, "size": .int(size),
            "bytes": .string(Data(bytes).base64EncodedString()), "check": .string(check), "value": value,
        ]
    }

    /// A check word over everything that counts.
    private var check: String {
        var hash = FNV1a()
        hash.add("\(name)\n\(kind?.rawValue ?? "")\n\(size)\n".utf8)
        hash.add(bytes)
        return hash.description
    }

    /// The content for readers; null where it can't be told.
    private var value: JSON {
        switch kind {
        case .string: return .string(String(decoding: bytes, as: UTF8.self))
        case .bool: return .bool(bytes.contains { $0 != 0 })
        case .int where bytes.count <= 8:
            let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let unused = UInt64(64 - 8 * bytes.count)
            return format?.hasPrefix("U") == true
                ? .verbatim("\(bits)") : .int(Int(Int64(bitPattern: bits << unused) >> unused))
        case .float:
            let bits = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let number =
                bytes.count == 4
                ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
            return (try? JSON(tagging: PickleValue(number))) ?? nil
        case .dict, .list, .block: return (try? JSON(tagging: PickleValue(pickle: bytes))) ?? nil
        default: return nil
        }
    }
}
