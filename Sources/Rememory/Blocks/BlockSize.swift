/// How many bytes a String or Block gets when it is created: `BlockSize` in Python.
///
/// Python strings take only the powers of two from 64 to 32768, which have names here; Python blocks take any number,
/// written as a literal here: `size: 1000`.
public struct BlockSize: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// The size in bytes, at least 1.
    public let byteCount: Int

    /// A size; numbers below 1 count as 1.
    public init(_ byteCount: Int) { self.byteCount = max(byteCount, 1) }

    /// A size; numbers below 1 count as 1.
    public init(integerLiteral byteCount: Int) { self.init(byteCount) }

    /// 64 bytes.
    public static let s64 = BlockSize(64)
    /// 128 bytes.
    public static let s128 = BlockSize(128)
    /// 256 bytes: what a string gets by default.
    public static let s256 = BlockSize(256)
    /// 512 bytes.
    public static let s512 = BlockSize(512)
    /// 1024 bytes.
    public static let s1024 = BlockSize(1024)
    /// 2048 bytes.
    public static let s2048 = BlockSize(2048)
    /// 4096 bytes: what a block gets by default.
    public static let s4096 = BlockSize(4096)
    /// 8192 bytes.
    public static let s8192 = BlockSize(8192)
    /// 16384 bytes.
    public static let s16384 = BlockSize(16384)
    /// 32768 bytes.
    public static let s32768 = BlockSize(32768)

    /// The number of bytes.
    public var description: String { "\(byteCount)" }
}
