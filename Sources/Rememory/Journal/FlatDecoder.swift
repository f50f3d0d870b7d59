// Values of Codable types whose fields are numbers, bools and strings, straight from their instructions.
//
// Such a value is a dict in the pickle, keys and values by turns, each one instruction:
//
//     7d 28 8c 05 score 4b 11 8c 05 level 4b 03 75          {'score': 17, 'level': 3}
//           └── key ──┘ └───┘ └── key ──┘ └───┘
//
// The general way builds a graph of it and a session around that, which costs microseconds. Here the fields are found in
// one walk over the instructions, and `init(from:)` of the type reads them in a copy: it may do anything meanwhile, also
// with the block. What is not of this shape, in the pickle or in what `init(from:)` asks for, is left to the general way,
// which then also says what is wrong.

import Synchronization

/// Decodes one such value after the other. One at a time: who is busy with it says no to others.
final class FlatDecoder: Decoder, @unchecked Sendable {
    let userInfo: [CodingUserInfoKey: Any]
    let codingPath: [any CodingKey] = []
    private let fields = FlatFields.take()
    private let isBusy = Atomic<Bool>(false)
    // No code of others runs while it is looked at or changed.
    @exclusivity(unchecked) private var last = LastContainer()

    init(userInfo: [CodingUserInfoKey: any Sendable]) { self.userInfo = userInfo }

    deinit { fields.giveBack() }

    /// The value that an extent builds; `nil` if it takes the general way.
    ///
    /// - Parameter refused: Gets a pickle of the value if it takes the general way and its own code has begun: what that
    ///   did to the block meanwhile is nothing to the pickle.
    func decode<Value: Decodable>(
        _ type: Value.Type, _ extent: Extent, _ bytes: SegmentBytes, refused: inout [UInt8]?
    ) throws -> Value? {
        guard !isBusy.exchange(true, ordering: .acquiring) else { return nil }
        defer { isBusy.store(false, ordering: .releasing) }
        guard fields.find(extent, bytes) else { return nil }
        defer { fields.forget() }
        do {
            let value = try Value(from: self)
            if !fields.isUnfit { return value }
        } catch {
            if !fields.isUnfit { throw error }
        }
        refused = fields.pickle
        return nil
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        if unsafe last.isKeyed(by: type) { return unsafe last.container() }
        return newContainer(keyedBy: type)
    }

    // By itself: to make one, its type has to be looked up, which takes longer than all the rest.
    @inline(never)
    private func newContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        let new = KeyedDecodingContainer(FlatKeyedDecoding<Key>(fields: fields))
        unsafe last.keep(new, keyedBy: type)
        return new
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw fields.unfit() }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw fields.unfit() }
}

/// Something that only the general way can do.
struct Unfit: Error {}

/// The fields of the value that is being decoded.
///
/// One that was used is kept for the next decoder, and never released: containers that a value may have kept refer to it
/// without counting.
@safe private final class FlatFields: @unchecked Sendable {
    private static let spare = ThreadMutex<[FlatFields]>.ofProcess([])

    static func take() -> FlatFields { spare.withLock { $0.popLast() } ?? FlatFields() }

    func giveBack() { FlatFields.spare.withLock { $0.append(self) } }

    private struct Field {
        var key: Range<Int>
        var value: Extent
    }

    private static let limit = 24

    private let fields: UnsafeMutablePointer<Field>
    /// The instructions.
    @exclusivity(unchecked) private var copy = SegmentCopy(capacity: 1024)
    @exclusivity(unchecked) private var byteCount = 0
    @exclusivity(unchecked) private var source: SegmentBytes?
    @exclusivity(unchecked) private var count = 0
    /// Where the next key is looked for first: most types ask for their fields in order.
    @exclusivity(unchecked) private var next = 0
    @exclusivity(unchecked) private var hasFailed = false

    private init() { unsafe fields = .allocate(capacity: FlatFields.limit) }

    /// Finds the fields in the instructions of an extent; whether it is a dict of plain ones.
    func find(_ extent: Extent, _ bytes: SegmentBytes) -> Bool {
        let (start, end) = (Int(extent.lower), Int(extent.upper))
        guard end - start >= 2, bytes[start] == Opcode.emptyDict else { return false }
        var offset = start + 1
        let isMarked = bytes[offset] == Opcode.mark
        if isMarked { offset += 1 }
        var count = 0
        while offset < end - 1 {
            guard bytes[offset] == Opcode.shortBinUnicode, count < FlatFields.limit else { return false }
            let key = offset + 2..<offset + 2 + Int(bytes[offset + 1])
            guard key.upperBound < end, let next = FlatFields.end(ofScalarAt: key.upperBound, bytes), next < end
            else { return false }
            let range = key.lowerBound - start..<key.upperBound - start
            for earlier in 0..<count where unsafe fields[earlier].key.count == key.count {
                if unsafe bytes.equal(shifted(fields[earlier].key, by: start), bytes, key) { return false }
            }
            unsafe fields[count] = Field(
                key: range, value: Extent(lower: UInt32(range.upperBound), upper: UInt32(next - start)))
            count += 1
            offset = next
        }
        guard offset == end - 1, bytes[offset] == (isMarked ? Opcode.setItems : Opcode.setItem),
            isMarked || count == 1
        else { return false }
        unsafe (source, self.count, next, hasFailed) = (take(extent, bytes), count, 0, false)
        return true
    }

    @inline(__always)
    private func shifted(_ range: Range<Int>, by distance: Int) -> Range<Int> {
        range.lowerBound + distance..<range.upperBound + distance
    }

    /// Copies the instructions of an extent, with room behind them for the words that they are read by.
    private func take(_ extent: Extent, _ content: SegmentBytes) -> SegmentBytes {
        unsafe byteCount = extent.count
        if unsafe copy.capacity < byteCount + 8 { unsafe copy = SegmentCopy(capacity: 2 * byteCount) }
        unsafe content.withBytes(extent.range) { unsafe copy.fill(with: $0) }
        return unsafe copy.content
    }

    /// A pickle of the value.
    var pickle: [UInt8] { unsafe [0x80, 0x04] + copy.content.array(0..<byteCount) + [Opcode.stop] }

    /// Where an instruction ends that pushes a number, a bool, `None` or a `str`; `nil` for others.
    @inline(__always)
    private static func end(ofScalarAt offset: Int, _ bytes: SegmentBytes) -> Int? {
        switch bytes[offset] {
        case Opcode.binInt1: offset + 2
        case Opcode.binInt2: offset + 3
        case Opcode.binInt: offset + 5
        case Opcode.binFloat: offset + 9
        case Opcode.none, Opcode.newTrue, Opcode.newFalse: offset + 1
        case Opcode.long1, Opcode.shortBinUnicode: offset + 2 + Int(bytes[offset + 1])
        case Opcode.binUnicode: offset + 5 + Int(bytes.load(UInt32.self, at: offset + 1))
        default: nil
        }
    }

    /// The value is done: a container that somebody still has finds nothing any more.
    func forget() { unsafe (source, count) = (nil, 0) }

    /// Whether something was asked for that only the general way can do.
    var isUnfit: Bool { unsafe hasFailed }

    func unfit() -> Unfit {
        unsafe hasFailed = true
        return Unfit()
    }

    /// Which field a key is.
    @inline(__always)
    private func position(of key: some CodingKey, _ bytes: SegmentBytes) -> Int? {
        var name = key.stringValue
        return name.withUTF8 { name in
            let name = UnsafeRawBufferPointer(name)
            let (count, first) = unsafe (count, next)
            for step in 0..<count {
                let place = first + step < count ? first + step : first + step - count
                if unsafe bytes.equal(fields[place].key, name) { return place }
            }
            return nil
        }
    }

    func contains(_ key: some CodingKey) -> Bool {
        guard let source = unsafe source else { return false }
        return position(of: key, source) != nil
    }

    /// The bytes and the extent of a key's value.
    @inline(__always)
    func value(of key: some CodingKey) throws -> (SegmentBytes, Extent) {
        guard let source = unsafe source, let position = position(of: key, source) else { throw unfit() }
        unsafe next = position + 1
        return unsafe (source, fields[position].value)
    }

    var names: [String] {
        guard let source = unsafe source else { return [] }
        return unsafe (0..<count).map { place in
            unsafe source.withBytes(fields[place].key) { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }
}

/// The fields of a value.
@safe private struct FlatKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    /// Not counted: the container is copied for each field that is asked for.
    private let uncounted: Unmanaged<FlatFields>

    init(fields: FlatFields) { unsafe uncounted = .passUnretained(fields) }

    private var fields: FlatFields { unsafe uncounted.takeUnretainedValue() }

    @inline(__always)
    private func value(of key: Key) throws -> (SegmentBytes, Extent) {
        try unsafe uncounted._withUnsafeGuaranteedRef { try $0.value(of: key) }
    }

    var codingPath: [any CodingKey] { [] }
    var allKeys: [Key] { fields.names.compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool { fields.contains(key) }

    func decodeNil(forKey key: Key) throws -> Bool {
        let (bytes, extent) = try value(of: key)
        return bytes[Int(extent.lower)] == Opcode.none
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
        let (bytes, extent) = try value(of: key)
        guard let value = PlainValue.integer(bytes, extent) else { throw fields.unfit() }
        return value
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double {
        let (bytes, extent) = try value(of: key)
        guard let value = PlainValue.double(bytes, extent) else { throw fields.unfit() }
        return value
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        let (bytes, extent) = try value(of: key)
        guard let value = PlainValue.bool(bytes, extent) else { throw fields.unfit() }
        return value
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        let (bytes, extent) = try value(of: key)
        guard let value = PlainValue.string(bytes, extent) else { throw fields.unfit() }
        return value
    }

    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try integer(key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try integer(key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try integer(key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try integer(key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try integer(key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try integer(key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try integer(key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try integer(key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try integer(key) }

    private func integer<Value: FixedWidthInteger>(_ key: Key) throws -> Value {
        guard let value = Value(exactly: try decode(Int.self, forKey: key)) else { throw fields.unfit() }
        return value
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value { throw fields.unfit() }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { throw fields.unfit() }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw fields.unfit() }

    func superDecoder() throws -> any Decoder { throw fields.unfit() }

    func superDecoder(forKey key: Key) throws -> any Decoder { throw fields.unfit() }
}
