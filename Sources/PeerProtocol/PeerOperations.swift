import PickleCodec
import Rememory

/// What the peer can do, by the names of the protocol.
enum PeerOperations {
    typealias Operation = @Sendable (PeerRequest, inout OpenBlocks) throws -> PeerReplyBody

    static let all: [String: Operation] = [dicts, lists, scalars, others].reduce(into: [:]) { all, table in
        all.merge(table) { _, last in last }
    }

    /// Whether an operation waits for the lock of the block that it is about, and has no timeout for that itself.
    static func takesLock(_ operation: String, _ request: PeerRequest) -> Bool {
        if operation == "unlink" { return (try? request.text("type")) != OpenBlocks.Kind.lock.rawValue }
        return operation != "ping" && operation != "close" && operation.firstRange(of: /^(lock|pickle)\./) == nil
    }

    /// Ends a request that gives nothing.
    private static func doing(_ work: Void) -> PeerReplyBody { .nothing }

    // MARK: Dict

    private static let dicts: [String: Operation] = [
        "dict.get": { request, blocks in
            let key = try request.key()
            guard let value = try blocks.dict(request)[key] else { throw noKey(key) }
            return .value(value)
        },
        "dict.set": { request, blocks in
            let (key, value) = (try request.key(), try request.value())
            return doing(try blocks.dict(request).set(value, for: key))
        },
        "dict.delete": { request, blocks in
            let key = try request.key()
            return doing(try blocks.dict(request).delete(key))
        },
        "dict.contains": { request, blocks in
            let key = try request.key()
            return .plain(.bool(try blocks.dict(request).contains(key)))
        },
        "dict.len": { request, blocks in .plain(.int(try blocks.dict(request).count)) },
        "dict.keys": { request, blocks in .value(.list(try blocks.dict(request).keys())) },
        "dict.items": { request, blocks in
            .value(.list(try blocks.dict(request).snapshot().map { .tuple([$0.key, $0.value]) }))
        },
        "dict.update": { request, blocks in
            let dict = try request.dict()
            return doing(try blocks.dict(request).merge(pairsOf: dict))
        },
        "dict.replace": { request, blocks in
            let dict = try request.dict()
            return doing(try blocks.dict(request).replaceAll(withPairsOf: dict))
        },
        "dict.add": { request, blocks in
            let (key, amount) = (try request.key(), try request.number("by"))
            return .value(
                try blocks.dict(request).update(key) { value in
                    guard let sum = try PythonSum.of(value ?? 0, amount) else {
                        throw PeerFailure("typeMismatch", "the value is no number: \(value?.repr(limit: 100) ?? "")")
                    }
                    value = sum
                    return sum
                })
        },
        "dict.pop": { request, blocks in
            let key = try request.key()
            if let value = try blocks.dict(request).removeValue(for: key) { return .value(value) }
            guard request.has("value") else { throw noKey(key) }
            return .value(try request.value())
        },
        "dict.setdefault": { request, blocks in
            let (key, value) = (try request.key(), request.has("value") ? try request.value() : PickleValue())
            return .value(try blocks.dict(request).setDefault(value, for: key))
        },
        "dict.clear": { request, blocks in doing(try blocks.dict(request).clear()) },
    ]

    private static func noKey(_ key: PickleValue) -> PeerFailure {
        PeerFailure("keyNotFound", "there is no key \(key.repr(limit: 100))")
    }

    // MARK: List

    private static let lists: [String: Operation] = [
        "list.append": { request, blocks in
            let value = try request.value()
            return doing(try blocks.list(request).append(value))
        },
        "list.insert": { request, blocks in
            let (index, value) = (try request.index(orElse: "overflow"), try request.value())
            return doing(try blocks.list(request).insert(value, at: index))
        },
        "list.set": { request, blocks in
            let (index, value) = (try request.index(), try request.value())
            return doing(try blocks.list(request).set(value, at: index))
        },
        "list.delete": { request, blocks in
            let index = try request.index()
            return doing(try blocks.list(request).delete(at: index))
        },
        "list.get": { request, blocks in
            let index = try request.index()
            return .value(try blocks.list(request)[index])
        },
        "list.len": { request, blocks in .plain(.int(try blocks.list(request).count)) },
        "list.items": { request, blocks in .value(.list(try blocks.list(request).items())) },
        "list.extend": { request, blocks in
            let list = try request.list(orTuple: true)
            return doing(try blocks.list(request).append(itemsOf: list))
        },
        "list.pop": { request, blocks in
            let index = request.has("index") ? try request.index(orElse: "overflow") : -1
            return .value(try blocks.list(request).pop(at: index))
        },
        "list.clear": { request, blocks in doing(try blocks.list(request).clear()) },
        "list.replace": { request, blocks in
            let list = try request.list(orTuple: false)
            return doing(try blocks.list(request).replaceAll(withItemsOf: list))
        },
    ]

    // MARK: Single values

    private static let scalars: [String: Operation] = [
        "int.get": { request, blocks in .value(PickleValue(try blocks.int(request).get())) },
        "int.set": { request, blocks in
            let value = try request.int128()
            try blocks.int(request).set(value)
            return .value(PickleValue(value))
        },
        "int.add": { request, blocks in
            let amount = try request.int128()
            return .value(PickleValue(try blocks.int(request).add(amount)))
        },
        "float.get": { request, blocks in .value(PickleValue(try blocks.float(request).get())) },
        "float.set": { request, blocks in
            let value = try request.double()
            try blocks.float(request).set(value)
            return .value(PickleValue(value))
        },
        "float.add": { request, blocks in
            let amount = try request.double()
            return .value(PickleValue(try blocks.float(request).add(amount)))
        },
        "bool.get": { request, blocks in .value(PickleValue(try blocks.bool(request).get())) },
        "bool.set": { request, blocks in
            let value = try request.bool()
            try blocks.bool(request).set(value)
            return .value(PickleValue(value))
        },
        "string.get": { request, blocks in .value(PickleValue(try blocks.string(request).get())) },
        "string.set": { request, blocks in
            let value = try request.string()
            try blocks.string(request).set(value)
            return .value(PickleValue(value))
        },
        "block.get": { request, blocks in .value(try blocks.block(request).get()) },
        "block.set": { request, blocks in
            let value = try request.value()
            try blocks.block(request).set(value)
            return .value(value)
        },
    ]

    // MARK: The rest

    private static let others: [String: Operation] = [
        "lock.acquire": { request, blocks in doing(try blocks.acquire(request)) },
        "lock.release": { request, blocks in doing(try blocks.release(request)) },
        "unlink": { request, blocks in doing(try blocks.unlink(request)) },
        "close": { request, blocks in doing(try blocks.close(request)) },
        "pickle.transcode": { request, _ in .pickle(try PickleGraph(decoding: try request.pickle()).encoded()) },
        "pickle.describe": { request, _ in .plain(.string(try PickleValue(pickle: try request.pickle()).description)) },
        "ping": { _, _ in .plain(PeerLoop.identity) },
    ]
}
