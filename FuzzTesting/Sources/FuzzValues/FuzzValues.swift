import Foundation
import FuzzSupport
import PickleCodec

/// Does everything with a value that one can do with any: prints, converts, changes, decodes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let pickle = unsafe input(start, count)
    guard let graph = try? PickleGraph(decoding: pickle) else { return 0 }
    let value = PickleValue(graph)
    _ = value.description
    _ = value.hashValue
    let isSelf = (try? PickleValue(pickle: pickle)) == value  // false where it holds a NaN
    checkJSON(value, isSelf: isSelf)
    checkChanges(value)
    checkDecoding(graph)
    return 0
}

private func checkJSON(_ value: PickleValue, isSelf: Bool) {
    if let json = try? value.json() {
        require((try? PickleValue(json: json)) != nil, "to read \(String(decoding: json, as: UTF8.self))")
    }
    if let json = try? value.taggedJSON() {
        let again = try? PickleValue(taggedJSON: json)
        require(again != nil, "to read \(String(decoding: json, as: UTF8.self))")
        require(!isSelf || again == value, "\(value.repr(limit: 500)) of \(String(decoding: json, as: UTF8.self))")
    }
}

private func checkChanges(_ value: PickleValue) {
    var changed = value
    switch value.kind {
    case .list:
        changed.append(value)
        require(changed.count == value.count + 1, "one item more")
        let first = changed.remove(at: 0)
        require(first.kind == (value[0] ?? value).kind, "the first item, found \(first)")
    case .dict:
        changed["a key that nobody has"] = 1
        require(changed.removeValue(forKey: "a key that nobody has") == 1, "the value just set")
        for (key, _) in value.pairs.prefix(3) { _ = changed.removeValue(forKey: key) }
    case .set:
        _ = changed.insert("a member that nobody has")
        require(changed.contains("a member that nobody has"), "the member just inserted")
    default: changed = [value]
    }
    if let written = try? changed.pickled() {
        require((try? PickleValue(pickle: written)) != nil, "to read what was written")
    }
}

private func checkDecoding(_ graph: PickleGraph) {
    var decoder = PickleDecoder()
    decoder.maximumValueCount = 20_000
    decoder.classes.register(Named.self, as: "__main__.Player")
    guard let loose = try? decoder.decode(Loose.self, from: graph) else { return }
    guard let written = try? PickleEncoder().encode(loose) else { return }
    require((try? PickleGraph(decoding: written)) != nil, "to read what was encoded")
}

private struct Named: Codable {
    var name: String
    var score: Int?
}

/// Takes what it can get.
private indirect enum Loose: Codable {
    case nothing, bool(Bool), int(Int), double(Double), string(String), data(Data), date(Date), uuid(UUID)
    case decimal(Decimal), named(Named), items([Loose]), entries([String: Loose]), numbered([Int: Loose])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        func take<T: Decodable>(_ type: T.Type) -> T? { try? container.decode(type) }
        if container.decodeNil() {
            self = .nothing
        } else if let value = take(Bool.self) {
            self = .bool(value)
        } else if let value = take(Int.self) {
            self = .int(value)
        } else if let value = take(Double.self) {
            self = .double(value)
        } else if let value = take(String.self) {
            self = .string(value)
        } else if let value = take(Data.self) {
            self = .data(value)
        } else if let value = take(Date.self) {
            self = .date(value)
        } else if let value = take(UUID.self) {
            self = .uuid(value)
        } else if let value = take(Decimal.self) {
            self = .decimal(value)
        } else if let value = take(Named.self) {
            self = .named(value)
        } else if let value = take([Loose].self) {
            self = .items(value)
        } else if let value = take([Int: Loose].self) {
            self = .numbered(value)
        } else {
            self = .entries(try container.decode([String: Loose].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .nothing: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .data(let value): try container.encode(value)
        case .date(let value): try container.encode(value)
        case .uuid(let value): try container.encode(value)
        case .decimal(let value): try container.encode(value)
        case .named(let value): try container.encode(value)
        case .items(let value): try container.encode(value)
        case .entries(let value): try container.encode(value)
        case .numbered(let value): try container.encode(value)
        }
    }
}
