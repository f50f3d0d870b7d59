/// A dynamic value stays what it is: foreign objects, shared references and cycles included.
extension PickleValue: PickleNativeEncodable, PickleNativeDecodable {
    func pickleNode(at place: EncodingPlace) throws -> PickleGraph.Node {
        if place.session.needsHashable, !isPlainlyHashable {
            throw place.invalid(self, "is a \(kind), which Python can't hash: no key and no element of a set")
        }
        let session = place.session
        switch storage {
        case .none: return .none
        case .bool(let value): return value ? .true : .false
        case .int(let value): return session.integerNode(value)
        case .double(let value): return session.floatNode(value)
        case .string(let value): return session.stringNode(value)
        case .shortText(let value): return session.stringNode(value.string)
        case .node, .container:
            let graph = graph
            return session.builder.splice(graph, graph.root)
        }
    }

    static func value(at place: DecodingPlace) throws -> PickleValue {
        place.session.values.value(of: place.node)
    }

    /// Whether the value itself is of a type that Python can hash.
    private var isPlainlyHashable: Bool {
        switch kind {
        case .list, .dict, .set, .byteArray: false
        default: true
        }
    }
}
