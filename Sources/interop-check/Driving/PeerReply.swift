import PeerProtocol

/// What a peer answered.
enum PeerReply: Hashable, Sendable {
    case ok(JSON)
    case error(code: String, message: String)

    init?(_ json: JSON) {
        if let found = json["ok"] {
            self = .ok(found)
        } else if let code = json["error"]?["code"]?.string {
            self = .error(code: code, message: json["error"]?["message"]?.string ?? "")
        } else {
            return nil
        }
    }
}

extension PeerReply: CustomStringConvertible {
    var description: String {
        switch self {
        case .ok(let found): "ok \(found.description.prefix(300))"
        case .error(let code, let message): "error \(code): \(message)"
        }
    }
}
