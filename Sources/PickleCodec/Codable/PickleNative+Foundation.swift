#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension Data: PickleNativeEncodable, PickleNativeDecodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { place.session.builder.bytes(self) }

    static func value(at place: DecodingPlace) throws -> Data { Data(try place.bytes(for: Data.self)) }
}

extension URL: PickleNativeEncodable, PickleNativeDecodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node { place.session.stringNode(absoluteString) }

    static func value(at place: DecodingPlace) throws -> URL {
        let text = try place.string(for: URL.self)
        guard let url = URL(string: text) else { throw place.corrupted("expected a URL, found a str that is none") }
        return url
    }
}

extension Date: PickleNativeEncodable, PickleNativeDecodable {
    func pickleNode(at place: EncodingPlace) throws -> PickleGraph.Node {
        guard let time = CivilTime(secondsSince2001: timeIntervalSinceReferenceDate) else {
            throw place.invalid(self, "is outside the years 1 to 9999 of Python's datetime")
        }
        let session = place.session
        let bytes = session.builder.bytes(time.pythonBytes)
        return session.callNode("datetime", "datetime", [bytes, session.utc()])
    }

    static func value(at place: DecodingPlace) throws -> Date {
        guard let object = place.object, object.type == .datetime || object.type == .date,
            let first = object.arguments.first, let bytes = place.at(first).plainBytes,
            let time = CivilTime(pythonBytes: bytes)
        else { throw place.mismatch(Date.self, "a datetime.datetime or datetime.date") }
        var offset = 0
        if object.arguments.count > 1, object.arguments[1] != .none {
            offset = try place.at(object.arguments[1]).zoneOffset()
        }
        return Date(timeIntervalSinceReferenceDate: time.secondsSince2001(offsetMicroseconds: offset))
    }
}

extension UUID: PickleNativeEncodable, PickleNativeDecodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node {
        let session = place.session
        let number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        let state = session.builder.dict(keysAndValues: [session.nameNode("int"), number.integerNode(at: place)])
        return session.newObjectNode("uuid", "UUID", [], state: state)
    }

    static func value(at place: DecodingPlace) throws -> UUID {
        guard let object = place.object, object.type == .uuid, let state = object.state,
            let value = place.at(state).plainDict?.last(where: { place.at($0.key).isText("int") })?.value,
            let number = place.at(value).plainInteger.flatMap({ UInt128(exactly: $0) })
        else { throw place.mismatch(UUID.self, "a uuid.UUID") }
        func byte(_ index: UInt128) -> UInt8 { UInt8(truncatingIfNeeded: number >> (120 - 8 * index)) }
        return UUID(
            uuid: (
                byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7), byte(8), byte(9), byte(10),
                byte(11), byte(12), byte(13), byte(14), byte(15)
            ))
    }

    private var bytes: [UInt8] {
        let all = uuid
        return [
            all.0, all.1, all.2, all.3, all.4, all.5, all.6, all.7, all.8, all.9, all.10, all.11, all.12, all.13,
            all.14,
            all.15,
        ]
    }
}

extension Decimal: PickleNativeEncodable, PickleNativeDecodable {
    func pickleNode(at place: EncodingPlace) -> PickleGraph.Node {
        let session = place.session
        let text = isNaN ? "NaN" : description
        return session.callNode("decimal", "Decimal", [session.stringNode(text)])
    }

    static func value(at place: DecodingPlace) throws -> Decimal {
        if let integer = place.plainInteger, let value = Decimal(exactText: integer.description) { return value }
        if let object = place.object, object.type == .decimal, let first = object.arguments.first,
            let text = place.at(first).plainString
        {
            if text == "NaN" { return Decimal.nan }
            guard let value = Decimal(exactText: text) else {
                throw place.corrupted(
                    "a decimal.Decimal has infinity, or digits or an exponent that Decimal can't hold")
            }
            return value
        }
        throw place.mismatch(Decimal.self, "a decimal.Decimal or an int")
    }

    /// The number that Python's text says, where all its digits fit: 38 of them, times 10 to the −128th to 127th.
    init?(exactText text: String) {
        guard text.utf8.count <= 400 else { return nil }
        let parts = text.uppercased().split(separator: "E", omittingEmptySubsequences: false)
        guard let mantissa = parts.first, parts.count <= 2, var exponent = parts.count == 2 ? Int(parts[1]) : 0 else {
            return nil
        }
        guard abs(exponent) <= 10_000 else { return nil }
        let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, let whole = halves.first else { return nil }
        let fraction = halves.count == 2 ? halves[1] : ""
        let negative = whole.first == "-"
        var digits = (whole.first == "-" || whole.first == "+" ? whole.dropFirst() : whole) + fraction
        exponent -= fraction.utf8.count
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        while digits.count > 1, digits.last == "0" {
            digits.removeLast()
            exponent += 1
        }
        digits = digits.drop { $0 == "0" }
        guard !digits.isEmpty else {
            self = 0
            return
        }
        guard digits.count <= 38, (-128...127).contains(exponent) else { return nil }
        let significand = digits.utf8.reduce(into: Decimal(0)) { $0 = $0 * 10 + Decimal(Int($1) - 0x30) }
        self.init(sign: negative ? .minus : .plus, exponent: exponent, significand: significand)
    }
}
