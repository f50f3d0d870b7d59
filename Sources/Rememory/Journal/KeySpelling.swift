import PickleCodec
import Synchronization

/// Spells keys so that keys which Python calls equal are equal bytes.
///
/// Numbers are spelled by value whatever their type (`1`, `1.0` and `True` alike), tuples by their items, frozensets by
/// their sorted items. Objects are spelled by what builds them: two that Python calls equal and that are built in
/// different ways count as two keys here. A NaN equals nothing, so each is spelled in a way of its own.
enum KeySpelling {
    private static let notANumberCount = Atomic<UInt64>(0)
    private static let maximumDepth = 64
    private static let maximumByteCount = 1 << 20

    enum Failure: Error, CustomStringConvertible {
        /// The key nests deeper, or is longer, than keys are.
        case tooLarge
        /// The key is, or is a tuple that holds, what Python can't hash: Python could not even load a dict with it.
        case unhashable

        var description: String {
            switch self {
            case .tooLarge: "the key nests deeper, or is longer, than keys are"
            case .unhashable: "the key is or holds a list, dict, set or bytearray, which Python can't hash"
            }
        }
    }

    static func form(of node: PickleGraph.Node, in graph: PickleGraph) throws(Failure) -> KeyForm {
        if graph.kind(of: node) == .string {
            return KeyForm(bytes: Array(graph.utf8(of: node) ?? []), isString: true)
        }
        var bytes: [UInt8] = []
        try spell(node, in: graph, depth: 0, isInObject: false, into: &bytes)
        return KeyForm(bytes: bytes, isString: false)
    }

    static func form(of integer: Int) -> KeyForm {
        var bytes: [UInt8] = []
        spell(PickleInteger(integer), into: &bytes)
        return KeyForm(bytes: bytes, isString: false)
    }

    private static func spell(
        _ node: PickleGraph.Node, in graph: PickleGraph, depth: Int, isInObject: Bool, into bytes: inout [UInt8]
    ) throws(Failure) {
        guard depth < maximumDepth, bytes.count < maximumByteCount else { throw .tooLarge }
        let kind = graph.kind(of: node)
        switch kind {
        case .none: bytes.append(UInt8(ascii: "N"))
        case .true: spell(PickleInteger(1), into: &bytes)
        case .false: spell(PickleInteger(0), into: &bytes)
        case .integer:
            if let integer = graph.integer(of: node) { spell(integer, into: &bytes) }
        case .float:
            guard let value = graph.double(of: node) else { break }
            if let integral = PickleInteger(exactly: value) {
                spell(integral, into: &bytes)
            } else if value.isNaN {
                bytes.append(UInt8(ascii: "n"))
                let number = notANumberCount.add(1, ordering: .relaxed).newValue
                PlainValue.appendLittleEndian(number, count: 8, to: &bytes)
            } else {
                bytes.append(UInt8(ascii: "f"))
                PlainValue.appendLittleEndian(value.bitPattern, count: 8, to: &bytes)
            }
        case .string, .bytes, .byteArray, .python2String:
            bytes.append(0xc0 | kind.rawValue)
            let text = graph.utf8(of: node) ?? graph.bytes(of: node) ?? []
            PlainValue.appendLittleEndian(UInt64(text.count), count: 4, to: &bytes)
            bytes.append(contentsOf: text)
        case .frozenSet:
            var items: [[UInt8]] = []
            for child in graph.children(of: node) {
                var item: [UInt8] = []
                try spell(child, in: graph, depth: depth + 1, isInObject: isInObject, into: &item)
                items.append(item)
            }
            items.sort { $0.lexicographicallyPrecedes($1) }
            bytes.append(UInt8(ascii: "z"))
            PlainValue.appendLittleEndian(UInt64(items.count), count: 4, to: &bytes)
            bytes.append(contentsOf: items.joined())
        default:
            if !isInObject, [.list, .dict, .set].contains(kind) { throw .unhashable }
            bytes.append(0x80 | kind.rawValue)
            let children = graph.children(of: node)
            PlainValue.appendLittleEndian(UInt64(children.count), count: 4, to: &bytes)
            // Whether an object can be hashed, only its class knows: what builds it may well be a list.
            let isInObject = isInObject || kind.isObject
            for child in children {
                try spell(child, in: graph, depth: depth + 1, isInObject: isInObject, into: &bytes)
            }
            guard kind.isObject else { break }
            for (operation, nodes) in graph.operations(of: node) {
                bytes.append(UInt8(operation.rawValue))
                PlainValue.appendLittleEndian(UInt64(nodes.count), count: 4, to: &bytes)
                for child in nodes { try spell(child, in: graph, depth: depth + 1, isInObject: true, into: &bytes) }
            }
        }
    }

    private static func spell(_ integer: PickleInteger, into bytes: inout [UInt8]) {
        let digits = integer.twosComplement
        bytes.append(UInt8(ascii: "i"))
        PlainValue.appendLittleEndian(UInt64(digits.count), count: 4, to: &bytes)
        bytes.append(contentsOf: digits)
    }
}
