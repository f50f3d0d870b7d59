// One record of a graph, 64 bits:
//
//     63……56   55      54      53       52      51 … 48   47 ………………………… 0
//     kind     extra   shared  special  roomy   (zero)    position or index in `links`

/// What a graph keeps of one object: its kind, some flags, and where the rest stands.
struct GraphRecord {
    var bits: UInt64

    /// The leaf's instruction stands in `extra`, not in the input.
    static let inExtra: UInt64 = 1 << 55
    /// An object that Python's pickler never memoizes was fetched again all the same: write it once.
    static let shared: UInt64 = 1 << 54
    /// Depends on the kind. String: it holds lone surrogates. Tuple: it can't be hashed. Global: its names are those
    /// of Python 2. Reduce and new object: it takes part in building itself, see `PickleGraph.Storage.twins`.
    static let special: UInt64 = 1 << 53
    /// While reading: the block in `links` has a capacity and a used count before it.
    static let roomy: UInt64 = 1 << 52

    static let payloadMask: UInt64 = 0xffff_ffff_ffff

    @inline(__always)
    init(bits: UInt64) {
        self.bits = bits
    }

    @inline(__always)
    init(_ kind: PickleGraph.Kind, _ payload: Int, flags: UInt64 = 0) {
        // A kind is stored as its raw value: both count the cases from 0.
        bits = unsafe UInt64(unsafeBitCast(kind, to: UInt8.self)) << 56 | flags | UInt64(truncatingIfNeeded: payload)
    }

    @inline(__always)
    var kind: PickleGraph.Kind {
        unsafe unsafeBitCast(UInt8(truncatingIfNeeded: bits >> 56), to: PickleGraph.Kind.self)
    }

    @inline(__always)
    var payload: Int {
        get { Int(truncatingIfNeeded: bits & Self.payloadMask) }
        set { bits = bits & ~Self.payloadMask | UInt64(truncatingIfNeeded: newValue) }
    }

    /// All flags.
    var flags: UInt64 { bits & 0x00ff_0000_0000_0000 }

    @inline(__always)
    func has(_ flag: UInt64) -> Bool { bits & flag != 0 }
}

extension FlatBuffer<UInt32> {
    /// How many words of `links` an object takes whose parts are listed from `block` on: those, and its operations.
    func objectWordCount(at block: Int) -> Int {
        var end = block + 2 + Int(self[block])
        for _ in 0..<self[end - 1] { end += 2 + Int(self[end + 1]) }
        return end - block
    }
}
