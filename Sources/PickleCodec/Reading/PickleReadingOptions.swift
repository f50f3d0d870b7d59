/// How much a pickle may cost before reading it is refused.
///
/// Reading takes time and memory linear in the input whatever it holds, so the limits only bound how large the input
/// and what is kept of it may be. The defaults admit every pickle of up to 1 GiB.
public struct PickleReadingOptions: Sendable, Hashable {
    /// The most bytes that are read, up to and including STOP. Default: 1 GiB. Values above 2,147,418,112 count as that,
    /// and those below 0 as 0. What stands behind STOP does not count.
    public var maximumByteCount: Int

    /// The most objects that a graph may hold; small integers, `None` and booleans are free. Each costs 8 bytes and
    /// 4 for every reference. Default: 2²⁷, about 134 million.
    public var maximumObjectCount: Int

    /// The most bytes that one integer may have, in whichever digits the pickle spells it; integers for which the pickle
    /// has instructions of one, two or four bytes are always read. Default: 2²⁰, integers of 2.5 million decimal digits.
    public var maximumIntegerByteCount: Int

    /// The most bytes that the name of a module, or a name within it, may have. A name counts wherever something of that
    /// class stands: with longer ones a small pickle could cost much. Default: 1,000.
    public var maximumNameByteCount: Int

    /// Creates options; each limit not given has its default.
    public init(
        maximumByteCount: Int = 1 << 30, maximumObjectCount: Int = 1 << 27, maximumIntegerByteCount: Int = 1 << 20,
        maximumNameByteCount: Int = 1_000
    ) {
        self.maximumByteCount = maximumByteCount
        self.maximumObjectCount = maximumObjectCount
        self.maximumIntegerByteCount = maximumIntegerByteCount
        self.maximumNameByteCount = maximumNameByteCount
    }
}
