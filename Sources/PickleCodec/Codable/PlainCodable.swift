// What others have to know to write and read the simplest values of `Codable` types without a graph: structs whose
// fields are numbers, bools and strings. Their bytes must be those that the encoder would write.

extension PickleEncoder {
    /// Whether values of a type are written by their own `encode(to:)`, and their keys as they are.
    package func leavesEncoding<T: Encodable>(to type: T.Type) -> Bool {
        guard case .useDefaultKeys = keyEncodingStrategy, maximumDepth > 1 else { return false }
        return classes.entries.isEmpty && !(type is any PickleNativeEncodable.Type)
    }
}

extension PickleDecoder {
    /// Whether values of a type are read by their own `init(from:)`, and their keys as they are.
    package func leavesDecoding<T: Decodable>(to type: T.Type) -> Bool {
        guard case .useDefaultKeys = keyDecodingStrategy, maximumDepth > 1 else { return false }
        return classes.entries.isEmpty && !(type is any PickleNativeDecodable.Type)
    }

    /// Decodes several objects of a graph. What is the same for all of them is found out once.
    package func decode<T: Decodable>(
        _ type: T.Type, from graph: PickleGraph, at nodes: some Sequence<PickleGraph.Node>
    ) throws -> [T] {
        let session = DecodingSession(self, graph)
        defer { session.end() }
        return try nodes.map { node in
            try session.value(type, at: DecodingPlace(session: session, node: node, depth: 0), node: node)
        }
    }
}
