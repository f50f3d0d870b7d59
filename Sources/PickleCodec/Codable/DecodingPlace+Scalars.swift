extension DecodingPlace {
    // MARK: What a node is by itself

    var plainInteger: PickleInteger? { graph.integer(of: node) }

    var plainString: String? {
        switch kind {
        case .string: graph.string(of: node)
        case .python2String: graph.bytes(of: node).flatMap { String(validating: $0, as: UTF8.self) }
        default: nil
        }
    }

    /// The content of a `bytes` or `bytearray`, in any of the forms that the protocols have for them.
    var plainBytes: [UInt8]? {
        switch kind {
        case .bytes, .byteArray, .python2String: return graph.bytes(of: node).map(Array.init)
        case .reduce:
            let shape = session.values.shape(of: node)
            guard shape.kind == .bytes || shape.kind == .byteArray else { return nil }
            return Array(session.values.content(ofBytes: shape))
        default: return nil
        }
    }

    var plainDict: [(key: Node, value: Node)]? {
        guard kind == .dict else { return nil }
        let nodes = Array(graph.children(of: node))
        return stride(from: 0, to: nodes.count - 1, by: 2).map { (nodes[$0], nodes[$0 + 1]) }
    }

    func isText(_ text: String) -> Bool { plainString.map { $0.utf8.elementsEqual(text.utf8) } ?? false }

    /// This place, or where the value of the enumeration's member stands that is here.
    ///
    /// - Parameter accept: Whether an object of this kind is what the caller wants.
    func resolved(_ accept: (PickleGraph.Kind) -> Bool) -> DecodingPlace {
        var place = self
        for _ in 0..<8 {
            if accept(place.kind) { return place }
            guard let inner = place.soleArgument else { return place }
            place = inner
        }
        return place
    }

    // MARK: Values of Swift's types

    /// An integer; a float that is one will do.
    func integer<T: FixedWidthInteger>(for type: T.Type) throws -> T {
        let place = resolved { $0 == .integer || $0 == .float }
        if let small = place.node.smallInteger {
            guard let value = T(exactly: small) else {
                throw place.corrupted("the int \(small) does not fit in \(type)")
            }
            return value
        }
        if let integer = place.plainInteger {
            guard let value = T(exactly: integer) else { throw place.corrupted("an int does not fit in \(type)") }
            return value
        }
        guard let double = place.graph.double(of: place.node) else { throw place.mismatch(type, "an int") }
        guard let value = T(exactly: double) else {
            throw place.corrupted("expected an int for \(type), found the float \(double), which is none that fits")
        }
        return value
    }

    func bool() throws -> Bool {
        switch resolved({ $0 == .true || $0 == .false }).kind {
        case .true: return true
        case .false: return false
        default: throw mismatch(Bool.self, "a bool")
        }
    }

    /// A float; an integer that it holds exactly, and other numbers, will do.
    func double(for type: any Any.Type) throws -> Double {
        let place = resolved { $0 == .float || $0 == .integer }
        if let value = place.graph.double(of: place.node) { return value }
        if let small = place.graph.int(of: place.node), let value = Double(exactly: small) { return value }
        if let integer = place.plainInteger {
            guard let value = integer.double, PickleInteger(exactly: value) == integer else {
                throw place.corrupted("an int that \(type) can't hold exactly")
            }
            return value
        }
        if let value = try place.number(for: type) { return value }
        throw mismatch(type, "a float")
    }

    /// The nearest `Double` for the number types of Python's library.
    private func number(for type: any Any.Type) throws -> Double? {
        guard let object else { return nil }
        switch object.type {
        case .decimal:
            return object.arguments.first.flatMap { at($0).plainString }.flatMap(Double.init)
        case .timedelta:
            return try timeDelta(for: type).totalSeconds
        case .fraction:
            guard let (numerator, denominator) = fraction else { return nil }
            return numerator / denominator
        case .complex:
            let parts = object.arguments.compactMap { graph.double(of: $0) }
            guard parts.count == 2 else { return nil }
            guard parts[1] == 0 else { throw corrupted("a complex with an imaginary part is no \(type)") }
            return parts[0]
        default: return nil
        }
    }

    /// Numerator and denominator: two ints since Python 3.11, the text `'1/3'` before.
    private var fraction: (Double, Double)? {
        guard let arguments = object?.arguments, let first = arguments.first else { return nil }
        if arguments.count == 2 {
            guard let top = try? at(first).double(for: Double.self),
                let low = try? at(arguments[1]).double(for: Double.self)
            else { return nil }
            return (top, low)
        }
        let parts = at(first).plainString?.split(separator: "/").compactMap { Double($0) } ?? []
        return parts.isEmpty || parts.count > 2 ? nil : (parts[0], parts.count == 2 ? parts[1] : 1)
    }

    func string(for type: any Any.Type) throws -> String {
        if let text = session.shortText(node) { return text }
        let place = resolved { $0 == .string || $0 == .python2String }
        if let text = place.plainString {
            try session.charge(text.utf8.count >> 4, at: place)
            return text
        }
        switch place.kind {
        case .string: throw place.corrupted("a str holds a lone surrogate, which String can't")
        case .python2String: throw place.corrupted("a str of Python 2 is no UTF-8 text: read it as Data")
        default: throw mismatch(type, "a str")
        }
    }

    func bytes(for type: any Any.Type) throws -> [UInt8] {
        let place = resolved { $0 == .bytes || $0 == .byteArray || $0 == .python2String }
        guard let bytes = place.plainBytes else { throw mismatch(type, "bytes or a bytearray") }
        try session.charge(bytes.count >> 4, at: place)
        return bytes
    }

    func timeDelta(for type: any Any.Type) throws -> TimeDelta {
        guard let object, object.type == .timedelta else { throw mismatch(type, "a datetime.timedelta") }
        let numbers = object.arguments.compactMap(\.smallInteger)
        guard numbers.count == 3, object.arguments.count == 3,
            let delta = TimeDelta(days: numbers[0], seconds: numbers[1], microseconds: numbers[2])
        else { throw corrupted("a timedelta needs days, seconds and microseconds in Python's ranges") }
        return delta
    }

    /// Microseconds that a time zone is ahead of UTC.
    func zoneOffset() throws -> Int {
        guard let object, object.type == .timezone, let first = object.arguments.first else {
            throw corrupted("a datetime has a time zone that only Python knows: expected a datetime.timezone")
        }
        let delta = try at(first).timeDelta(for: Duration.self)
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds
    }
}
