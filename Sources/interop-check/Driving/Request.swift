import PeerProtocol

/// One request of the peer protocol, without its id.
struct Request: Hashable, Sendable {
    var operation: String
    var fields: [String: JSON]

    /// - Parameter options: further fields: `index`, `by`, `format`, `size`, `capacity`, `timeout`, `type` …
    init(
        _ operation: String, _ name: String? = nil, key: Value? = nil, value: Value? = nil,
        options: [String: JSON] = [:]
    ) {
        self.operation = operation
        fields = options
        if let name { fields["name"] = .string(name) }
        if let key { fields["key"] = key.json }
        if let value { fields["value"] = value.json }
    }

    /// What goes over the wire.
    func json(id: Int?) -> JSON {
        var members = fields
        members["op"] = .string(operation)
        members["id"] = id.map { .int($0) }
        return .object(members)
    }
}

extension Request: CustomStringConvertible {
    var description: String {
        let text = json(id: nil).description
        return text.count <= 300 ? text : text.prefix(300) + "…"
    }
}
