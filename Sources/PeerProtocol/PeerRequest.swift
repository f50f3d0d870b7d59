import Foundation
import PickleCodec
import Rememory

/// A line of the peer protocol, read with the library's own JSON so that values mean what they mean in Python.
struct PeerRequest {
    private let fields: PickleValue

    init(_ fields: PickleValue) {
        self.fields = fields
    }

    /// The request's id as JSON, to be sent back as it came.
    var id: String {
        guard let id = fields["id"], let json = try? id.json() else { return "null" }
        return String(decoding: json, as: UTF8.self)
    }

    func has(_ field: String) -> Bool { fields[field] != nil }

    // MARK: Plain fields

    func text(_ field: String) throws(PeerFailure) -> String {
        guard let value = fields[field] else { throw .badRequest("the request has no '\(field)'") }
        guard let text = value.string else { throw wrongType(field, "a string") }
        return text
    }

    /// The block's name. A lone surrogate is text to JSON, but a name to nobody.
    func name() throws(PeerFailure) -> String {
        if let name = fields["name"], name.kind == .string, name.string == nil {
            throw PeerFailure("invalidName", "the name \(name) can't be used: it holds half of a surrogate pair")
        }
        return try text("name")
    }

    func integer(_ field: String) throws(PeerFailure) -> Int {
        guard let value = fields[field] else { throw .badRequest("the request has no '\(field)'") }
        guard value.kind == .integer, let number = value.int else { throw wrongType(field, "an integer") }
        return number
    }

    /// An index, which may be one that no list could have.
    ///
    /// - Parameter code: what Python's exception for those is called here.
    func index(orElse code: String = "indexOutOfRange") throws(PeerFailure) -> Int {
        if let value = fields["index"], value.kind == .integer, value.int == nil {
            throw PeerFailure(code, "no list has an index of \(value.repr(limit: 100))")
        }
        return try integer("index")
    }

    /// An integer or a float, as a value to add.
    func number(_ field: String) throws(PeerFailure) -> PickleValue {
        guard let value = fields[field] else { throw .badRequest("the request has no '\(field)'") }
        guard value.kind == .integer || value.kind == .float else { throw wrongType(field, "a number") }
        return value
    }

    private func wrongType(_ field: String, _ wanted: String) -> PeerFailure {
        .badRequest("'\(field)' is \(fields[field]?.repr(limit: 100) ?? "missing"), expected \(wanted)")
    }

    // MARK: Values

    /// What `{"json": …}` or `{"pickle": "<base64>"}` stands for.
    func value(_ field: String = "value") throws -> PickleValue {
        guard let wrapped = fields[field] else { throw PeerFailure.badRequest("the request has no '\(field)'") }
        guard wrapped.kind == .dict, wrapped.count == 1 else {
            throw wrongType(field, #"{"json": …} or {"pickle": …}"#)
        }
        if let json = wrapped["json"] { return json }
        guard let base64 = wrapped["pickle"] else { throw wrongType(field, #"{"json": …} or {"pickle": …}"#) }
        return try PickleValue(pickle: Self.bytes(base64))
    }

    func key() throws -> PickleValue { try value("key") }

    /// The pickle in a field of its own.
    func pickle() throws(PeerFailure) -> [UInt8] {
        guard let base64 = fields["pickle"] else { throw .badRequest("the request has no 'pickle'") }
        return try Self.bytes(base64)
    }

    private static func bytes(_ base64: PickleValue) throws(PeerFailure) -> [UInt8] {
        // Foundation takes more padding than there should be.
        guard let text = base64.string, text.utf8.count % 4 == 0, let data = Data(base64Encoded: text) else {
            throw .badRequest("'pickle' is not base64: \(base64.repr(limit: 100))")
        }
        return [UInt8](data)
    }

    // MARK: Options

    private func isGiven(_ field: String) -> Bool {
        fields[field].map { !$0.isNone } ?? false
    }

    func size(_ field: String) throws(PeerFailure) -> Int? {
        guard isGiven(field) else { return nil }
        let size = try integer(field)
        guard size > 0 else { throw .badRequest("'\(field)' is \(size), expected a positive number") }
        return size
    }

    /// How long this request may wait for the lock, where it says so.
    func timeout() throws(PeerFailure) -> Duration? {
        guard isGiven("timeout") else { return nil }
        guard let seconds = try number("timeout").number, seconds >= 0, seconds.isFinite else {
            throw wrongType("timeout", "seconds, 0 or more")
        }
        return .seconds(min(seconds, 1e9))
    }

    func intFormat() throws(PeerFailure) -> IntFormat {
        try option("format", of: IntFormat.allCases) ?? .int64
    }

    func floatFormat() throws(PeerFailure) -> FloatFormat {
        try option("format", of: FloatFormat.allCases) ?? .float64
    }

    /// One of the sizes that Python's strings come in.
    func stringSize() throws(PeerFailure) -> BlockSize? {
        guard let size = try size("size") else { return nil }
        let sizes = (6...15).map { 1 << $0 }
        guard sizes.contains(size) else {
            let known = sizes.map(String.init).joined(separator: ", ")
            throw .badRequest("'size' of a String is \(size), expected one of \(known)")
        }
        return BlockSize(size)
    }

    func layout() throws(PeerFailure) -> RememoryLayout {
        let layouts: [String: RememoryLayout] = ["journal": .journal, "canonical": .canonical]
        guard isGiven("layout") else { return .journal }
        let text = try text("layout")
        guard let layout = layouts[text] else {
            throw .badRequest("'layout' is '\(text)', expected journal or canonical")
        }
        return layout
    }

    /// The one of several choices that a field names.
    private func option<Choice: RawRepresentable<String>>(
        _ field: String, of choices: [Choice]
    ) throws(PeerFailure) -> Choice? {
        guard isGiven(field) else { return nil }
        let text = try text(field)
        guard let choice = choices.first(where: { $0.rawValue == text }) else {
            let known = choices.map(\.rawValue).joined(separator: ", ")
            throw .badRequest("'\(field)' is '\(text)', expected one of \(known)")
        }
        return choice
    }
}
