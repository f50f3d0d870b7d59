/// Takes the words of a signature.
protocol SignatureSink {
    mutating func add(_ word: UInt64)
}

/// Hashes the words, in the same way for all graphs of the process.
///
/// Each word is mixed in by one multiplication to 128 bits, whose halves are folded together. The start and the factor
/// are secrets of the process, so that nobody who makes a pickle can choose keys that collide.
struct SignatureHasher: SignatureSink {
    private static let secret = (start: UInt64.random(in: .min ... .max), factor: UInt64.random(in: .min ... .max) | 1)

    private let factor: UInt64
    private(set) var value: UInt64

    @inline(__always)
    init() {
        (value, factor) = Self.secret
    }

    @inline(__always)
    mutating func add(_ word: UInt64) {
        let product = (value ^ word).multipliedFullWidth(by: factor)
        value = product.high ^ product.low
    }
}

/// The first word of a signature. Types whose values can be equal have one tag.
enum SignatureTag: UInt64 {
    case none, integer, largeInteger, fraction, notANumber, string, python2String, bytes
    case tuple, list, dict, set
    case object
    /// Something that equals itself alone.
    case identity
}

extension SignatureSink {
    @inline(__always)
    mutating func add(_ tag: SignatureTag) {
        add(tag.rawValue)
    }

    mutating func describeNone() {
        add(.none)
    }

    @inline(__always)
    mutating func describe(_ value: Int) {
        add(.integer)
        add(UInt64(bitPattern: Int64(value)))
    }

    mutating func describe(_ value: PickleInteger) {
        if let small = value.int { return describe(small) }
        add(.largeInteger)
        describe(bytes: value.twosComplement)
    }

    /// An integral float equals the integer, however large. NaN equals nothing but itself by identity.
    mutating func describe(_ value: Double) {
        if let small = Int(exactly: value) {
            describe(small)
        } else if let large = PickleInteger(exactly: value) {
            describe(large)
        } else {
            add(.fraction)
            add(value.bitPattern)
        }
    }

    @inline(__always)
    mutating func describe(string utf8: some Collection<UInt8>) {
        add(.string)
        describe(bytes: utf8)
    }

    /// The same of a text that is reached by a pointer, a word at a time.
    @inline(__always)
    mutating func describe(string utf8: UnsafeBufferPointer<UInt8>) {
        add(.string)
        add(UInt64(utf8.count))
        let bytes = UnsafeRawBufferPointer(utf8)
        var offset = 0
        while bytes.count - offset >= 8 {
            add(unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        guard offset < bytes.count else { return }
        add(unsafe ShortText.words(UnsafeRawBufferPointer(rebasing: bytes[offset...])).0)
    }

    /// The same of a short text.
    @inline(__always)
    mutating func describe(_ text: ShortText) {
        add(.string)
        add(UInt64(text.count))
        if text.count > 0 { add(text.words.0) }
        if text.count > 8 { add(text.words.1) }
    }

    @inline(__always)
    mutating func describe(bytes: some Collection<UInt8>) {
        add(UInt64(bytes.count))
        var word: UInt64 = 0
        var shift: UInt64 = 0
        for byte in bytes {
            word |= UInt64(byte) << shift
            shift += 8
            if shift == 64 {
                add(word)
                (word, shift) = (0, 0)
            }
        }
        if shift > 0 { add(word) }
    }
}

/// Signatures, each with a number of its own.
struct SignatureTable {
    private var index = HashIndex()
    private var words: [UInt64] = []
    private var ends: [Int] = []

    /// The number of a signature, a new one where it was never met.
    mutating func number(of signature: [UInt64]) -> UInt64 {
        var hasher = SignatureHasher()
        for word in signature { hasher.add(word) }
        let hash = hasher.value
        let found = index.find(hash) { entry in
            words[(entry == 0 ? 0 : ends[entry - 1])..<ends[entry]].elementsEqual(signature)
        }
        if let found { return UInt64(found) }
        index.append(hash)
        words.append(contentsOf: signature)
        ends.append(words.count)
        return UInt64(index.count - 1)
    }
}

extension [UInt64]: SignatureSink {
    mutating func add(_ word: UInt64) {
        append(word)
    }
}
