/// The bytes of a block's segment and semaphore, read by calls at one moment.
struct BlockLook {
    /// Larger segments than this are not read whole.
    private static let limit = 1 << 31
    /// How often a content that looks damaged is looked at before that is believed: its writer may be in the middle.
    private static let looks = 20
    private static let pause: Int64 = 2_000_000

    let name: String
    private(set) var segment: FileFacts.Identity?
    private(set) var semaphore: FileFacts.Identity?
    private(set) var size: Int?
    private(set) var lock = BlockInspection.Lock.none
    private(set) var bytes: [UInt8] = []
    private(set) var guess = ContentGuess.nothing

    /// Looks at a block; `nil` if there is nothing of that name, or what is there is no regular file.
    init?(_ name: String) throws(RememoryError) {
        self.name = name
        // A name that is none leads nowhere: it must stay within the directory.
        guard !name.isEmpty, name != ".", name != "..", !name.contains("/"), !name.utf8.contains(0) else { return nil }
        do {
            for look in 1...BlockLook.looks {
                guard try self.look() else { return nil }
                if case .damaged = guess.content, look < BlockLook.looks, lock == .held || look < 3 {
                    SystemCalls.sleep(nanoseconds: BlockLook.pause)
                } else {
                    return
                }
            }
        } catch {
            throw .system(error, listed: name)
        }
    }

    var identities: Set<FileFacts.Identity> { Set([segment, semaphore].compactMap(\.self)) }

    private mutating func look() throws(SystemFailure) -> Bool {
        let paths = SharedMemoryPlace.paths(ofListed: name)
        let found = try BlockLook.lock(paths.semaphore)
        semaphore = found?.identity
        lock = found?.state ?? .none
        if let file = try BlockLook.open(paths.segment) {
            segment = file.facts.identity
            size = file.facts.size
            bytes = try file.read(min(file.facts.size, BlockLook.limit))
            guess = ContentGuess(bytes, size: file.facts.size)
        } else {
            (segment, size, bytes) = (nil, nil, [])
            guess = .nothing
        }
        return segment != nil || semaphore != nil
    }

    /// The semaphore's file and state; `nil` if there is none.
    static func lock(
        _ path: String
    ) throws(SystemFailure) -> (identity: FileFacts.Identity, state: BlockInspection.Lock)? {
        guard let file = try open(path) else { return nil }
        // The value is the low half of the first word: glibc, on machines with 64 bits and little ends.
        return (file.facts.identity, try file.read(4).allSatisfy { $0 == 0 } ? .held : .free)
    }

    private static func open(_ path: String) throws(SystemFailure) -> FileReader? {
        do {
            return try FileReader(path)
        } catch {
            if error.isMissing || error.reason == .symbolicLink { return nil }
            throw error
        }
    }
}

extension [UInt8] {
    /// A number that changes when the bytes do: FNV-1a over words.
    var fingerprint: UInt64 {
        unsafe withUnsafeBytes { bytes in
            var sum: UInt64 = 0xcbf2_9ce4_8422_2325
            var at = 0
            while bytes.count - at >= 8 {
                sum = unsafe (sum ^ bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* 0x0000_0100_0000_01b3
                sum ^= sum >> 29
                at += 8
            }
            while at < bytes.count {
                sum = unsafe (sum ^ UInt64(bytes[at])) &* 0x0000_0100_0000_01b3
                at += 1
            }
            return sum
        }
    }
}
