/// The name that Swift and Python processes share a block under.
///
/// Python hands names to `shm_open` and `sem_open` as they are; a name that works on both sides is 1 to 238 bytes of
/// ASCII without `/` and NUL, and not `.` or `..`. The semaphore's file, `sem.rememorydict_NAME`, sets the limit:
/// file names end at 255 bytes.
public struct BlockName: Hashable, Sendable, CustomStringConvertible {
    /// The longest name, in bytes.
    public static let maximumByteCount = 238

    /// The name as it was given.
    public let description: String

    /// Checks a name.
    ///
    /// - Throws: ``RememoryError`` with the code `invalidName`, which says what is wrong with it.
    public init(_ name: String) throws(RememoryError) {
        if let complaint = BlockName.complaint(about: name) {
            throw .invalidName(name, complaint)
        }
        description = name
    }

    private static func complaint(about name: String) -> String? {
        let bytes = name.utf8
        if bytes.isEmpty { return "it is empty" }
        if name == "." || name == ".." { return "it stands for a directory" }
        if let byte = bytes.first(where: { $0 == 0 || $0 >= 0x80 || $0 == UInt8(ascii: "/") }) {
            switch byte {
            case 0: return "it contains NUL, which crashes Python"
            case UInt8(ascii: "/"): return "it contains \"/\", and segments live in one flat directory"
            default: return "it is not ASCII, and Python makes a segment without a lock of it"
            }
        }
        if bytes.count > maximumByteCount {
            return "it has \(bytes.count) bytes, and a semaphore's file name has room for \(maximumByteCount)"
        }
        return nil
    }

    /// What `sem_open` is asked for. The prefix is the same for every type of block.
    package var semaphoreName: String { "/rememorydict_\(description)" }
}
