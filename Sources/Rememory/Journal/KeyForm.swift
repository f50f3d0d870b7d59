import PickleCodec

/// A key as the index compares it: equal bytes where Python's `==` says equal.
///
/// A `str` is its UTF-8 alone, which is how it stands in the segment: no copy is made to look it up. Every other
/// key is spelled out behind a byte that no UTF-8 starts with, so that the two never meet. `1`, `1.0` and `True` are
/// spelled alike. Keys of classes that Python alone knows are compared by what builds them.
struct KeyForm: Hashable {
    var bytes: [UInt8]
    var isString: Bool
}

/// The hash of a key's bytes. Seeded by each process: what another one writes can't be chosen to collide.
struct KeyHash {
    private static let processSeed = UInt64.random(in: .min ... .max) | 1

    private let seed = KeyHash.processSeed

    /// A word is taken in by one multiplication; the last one may overlap the one before.
    @inline(__always)
    func of(_ bytes: UnsafeRawBufferPointer, isString: Bool) -> UInt32 {
        let count = bytes.count
        var hash = seed ^ UInt64(truncatingIfNeeded: count) ^ (isString ? 0 : 0x9e37_79b9_7f4a_7c15)
        if count >= 8 {
            var offset = 0
            while count - offset > 8 {
                hash = unsafe fold(hash ^ bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += 8
            }
            hash = unsafe fold(hash ^ bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
        } else if count >= 4 {
            let first = unsafe bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
            let last = unsafe bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
            hash = fold(hash ^ (UInt64(first) << 32 | UInt64(last)))
        } else if count > 0 {
            let three = unsafe UInt64(bytes[0]) << 16 | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1])
            hash = fold(hash ^ three)
        }
        return UInt32(truncatingIfNeeded: fold(hash) >> 32)
    }

    @inline(__always)
    private func fold(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93 &+ (seed & 0xffff_0000))
        return product.high ^ product.low
    }
}
