/// What looking through the UTF-8 of a string found.
enum UTF8Check {
    case valid
    /// Valid but for lone surrogates (`ed a0 80` … `ed bf bf`), which Python's `surrogatepass` lets through.
    case surrogates
    case invalid

    /// Looks through an array, or a part of it.
    static func check(_ bytes: ArraySlice<UInt8>) -> UTF8Check {
        unsafe bytes.withUnsafeBufferPointer { source in
            unsafe source.baseAddress.map { unsafe check($0, count: source.count) } ?? .valid
        }
    }

    /// Looks through `count` bytes.
    @inline(__always)
    static func check(_ start: UnsafePointer<UInt8>, count: Int) -> UTF8Check {
        let high: UInt64 = 0x8080_8080_8080_8080
        let bytes = unsafe UnsafeRawPointer(start)
        if count >= 8 {
            var offset = 0
            var seen: UInt64 = 0
            while offset <= count - 8 {
                seen |= unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                offset += 8
            }
            seen |= unsafe bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
            return seen & high == 0 ? .valid : unsafe checkSlowly(start, count: count)
        }
        var seen: UInt8 = 0
        for offset in 0..<count { seen |= unsafe start[offset] }
        return seen < 0x80 ? .valid : unsafe checkSlowly(start, count: count)
    }

    @inline(never)
    private static func checkSlowly(_ start: UnsafePointer<UInt8>, count: Int) -> UTF8Check {
        var result = UTF8Check.valid
        var offset = 0
        func isTail(_ index: Int) -> Bool { unsafe index < count && start[index] & 0xc0 == 0x80 }
        while offset < count {
            let lead = unsafe start[offset]
            switch lead {
            case 0..<0x80:
                offset += 1
            case 0xc2...0xdf:
                guard isTail(offset + 1) else { return .invalid }
                offset += 2
            case 0xe0...0xef:
                guard isTail(offset + 1), isTail(offset + 2) else { return .invalid }
                let second = unsafe start[offset + 1]
                if lead == 0xe0 && second < 0xa0 { return .invalid }
                if lead == 0xed && second >= 0xa0 { result = .surrogates }
                offset += 3
            case 0xf0...0xf4:
                guard isTail(offset + 1), isTail(offset + 2), isTail(offset + 3) else { return .invalid }
                let second = unsafe start[offset + 1]
                if lead == 0xf0 && second < 0x90 || lead == 0xf4 && second >= 0x90 { return .invalid }
                offset += 4
            default:
                return .invalid
            }
        }
        return result
    }
}
