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

/// The hash of a key's bytes. Seeded in each process: what another process writes can't be chosen to collide.
enum KeyHash {
    private static let seed = UInt64.random(in: .min ... .max) | 1

    @inline(__always)
    static func of(_ bytes: UnsafeRawBufferPointer, isString: Bool) -> UInt32 {
        var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count) ^ (isString ? 0 : 0x9e37_79b9_7f4a_7c15)
        var offset = 0
        while bytes.count - offset >= 8 {
            let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            hash = fold(hash ^ word)
            offset += 8
        }
        var tail: UInt64 = 0
        while offset < bytes.count {
            tail = tail << 8 | UInt64(unsafe bytes[offset])
            offset += 1
        }
        hash = fold(hash ^ tail)
        return UInt32(truncatingIfNeeded: hash >> 32)
    }

    @inline(__always)
    private static func fold(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93 &+ (seed & 0xffff_0000))
        return product.high ^ product.low
    }
}
