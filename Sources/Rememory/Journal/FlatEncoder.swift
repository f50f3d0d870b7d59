// Values of Codable types whose fields are numbers, bools and strings, straight to their instructions: what FlatDecoder
// reads. A value that asks its encoder for anything else is encoded the general way instead.

import Synchronization

/// Encodes one such value after the other. One at a time: who is busy with it says no to others.
final class FlatEncoder: Encoder, @unchecked Sendable {
    let userInfo: [CodingUserInfoKey: Any]
    let codingPath: [any CodingKey] = []
    private let output = FlatOutput()
    private let isBusy = Atomic<Bool>(false)
    // No code of others runs while it is looked at or changed.
    @exclusivity(unchecked) private var last = LastContainer()

    init(userInfo: [CodingUserInfoKey: any Sendable]) { self.userInfo = userInfo }

    /// Appends the instructions that build a value; whether it could, or the value takes the general way.
    func append<Value: Encodable>(_ value: Value, to program: inout [UInt8]) throws -> Bool {
        guard !isBusy.exchange(true, ordering: .acquiring) else { return false }
        defer { isBusy.store(false, ordering: .releasing) }
        output.begin()
        do {
            try value.encode(to: self)
        } catch {
            if output.isUnfit { return false }
            throw error
        }
        return output.finish(into: &program)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        output.open()
        if unsafe last.isKeyed(by: type) { return unsafe last.container() }
        return newContainer(keyedBy: type)
    }

    // By itself: to make one, its type has to be looked up, which takes longer than all the rest.
    @inline(never)
    private func newContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        let new = KeyedEncodingContainer(FlatKeyedEncoding<Key>(output: output))
        unsafe last.keep(new, keyedBy: type)
        return new
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { output.leave() }

    func singleValueContainer() -> any SingleValueEncodingContainer { output.leave() }
}

/// The instructions of the value that is being encoded.
private final class FlatOutput {
    private static let limit = 24

    /// MARK and the fields.
    @exclusivity(unchecked) private var bytes: [UInt8] = []
    /// Where the keys stand: no key may come twice.
    @exclusivity(unchecked) private var keys: [Range<Int>] = []
    @exclusivity(unchecked) private var isOpen = false
    @exclusivity(unchecked) private var hasFailed = false

    func begin() {
        unsafe bytes.removeAll(keepingCapacity: true)
        unsafe keys.removeAll(keepingCapacity: true)
        unsafe (isOpen, hasFailed) = (false, false)
    }

    /// A container for the fields was asked for: more than once is nothing for us.
    func open() {
        if unsafe isOpen { unsafe hasFailed = true }
        unsafe isOpen = true
    }

    func finish(into program: inout [UInt8]) -> Bool {
        guard unsafe isOpen && !hasFailed else { return false }
        program.append(Opcode.emptyDict)
        switch unsafe keys.count {
        case 0: break
        case 1:
            unsafe program.append(contentsOf: bytes)
            program.append(Opcode.setItem)
        default:
            program.append(Opcode.mark)
            unsafe program.append(contentsOf: bytes)
            program.append(Opcode.setItems)
        }
        return true
    }

    /// Whether something was asked for that only the general way can do.
    var isUnfit: Bool { unsafe hasFailed }

    func unfit() -> Unfit {
        unsafe hasFailed = true
        return Unfit()
    }

    func leave() -> UnfitEncoding {
        unsafe hasFailed = true
        return UnfitEncoding()
    }

    @inline(__always)
    func append(_ key: some CodingKey, _ write: (inout [UInt8]) -> Void) throws {
        guard unsafe isOpen, unsafe keys.count < FlatOutput.limit else { throw unfit() }
        var name = key.stringValue
        let isNew = name.withUTF8 { name in
            let name = UnsafeRawBufferPointer(name)
            guard name.count < 256 else { return false }
            for key in unsafe keys where key.count == name.count {
                if unsafe bytes[key].elementsEqual(name) { return false }
            }
            let start = unsafe bytes.count + 2
            unsafe PlainValue.append(text: name, to: &bytes)
            unsafe keys.append(start..<start + name.count)
            return true
        }
        guard isNew else { throw unfit() }
        unsafe write(&bytes)
    }
}

/// The fields of a value.
private struct FlatKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let output: FlatOutput

    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) throws { try output.append(key) { $0.append(Opcode.none) } }

    func encode(_ value: Int, forKey key: Key) throws { try output.append(key) { PlainValue.append(value, to: &$0) } }
    func encode(_ value: Double, forKey key: Key) throws {
        try output.append(key) { PlainValue.append(value, to: &$0) }
    }
    func encode(_ value: Bool, forKey key: Key) throws { try output.append(key) { PlainValue.append(value, to: &$0) } }
    func encode(_ value: String, forKey key: Key) throws {
        try output.append(key) { PlainValue.append(value, to: &$0) }
    }

    func encode(_ value: Int8, forKey key: Key) throws { try encode(Int(value), forKey: key) }
    func encode(_ value: Int16, forKey key: Key) throws { try encode(Int(value), forKey: key) }
    func encode(_ value: Int32, forKey key: Key) throws { try encode(Int(value), forKey: key) }
    func encode(_ value: Int64, forKey key: Key) throws { try encode(Int(value), forKey: key) }
    func encode(_ value: UInt8, forKey key: Key) throws { try encode(Int(value), forKey: key) }
    func encode(_ value: UInt16, forKey key: Key) throws { try encode(Int(value), forKey: key) }
    func encode(_ value: UInt32, forKey key: Key) throws { try encode(Int(value), forKey: key) }
    func encode(_ value: UInt, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt64, forKey key: Key) throws { try integer(value, key) }

    private func integer(_ value: some FixedWidthInteger, _ key: Key) throws {
        guard let value = Int(exactly: value) else { throw output.unfit() }
        try encode(value, forKey: key)
    }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { throw output.unfit() }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(UnfitKeyedEncoding<Nested>(inner: output.leave()))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { output.leave() }

    func superEncoder() -> any Encoder { output.leave() }

    func superEncoder(forKey key: Key) -> any Encoder { output.leave() }
}

/// What a value gets that asks for more than fields: it takes everything and keeps nothing.
private struct UnfitEncoding: Encoder, UnkeyedEncodingContainer, SingleValueEncodingContainer {
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    var codingPath: [any CodingKey] { [] }
    var count: Int { 0 }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(UnfitKeyedEncoding<Key>(inner: self))
    }
    func unkeyedContainer() -> any UnkeyedEncodingContainer { self }
    func singleValueContainer() -> any SingleValueEncodingContainer { self }
    func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        container(keyedBy: type)
    }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { self }
    func superEncoder() -> any Encoder { self }
    func encodeNil() throws { throw Unfit() }
    func encode<Value: Encodable>(_ value: Value) throws { throw Unfit() }
}

private struct UnfitKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let inner: UnfitEncoding

    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) throws { throw Unfit() }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { throw Unfit() }
    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { inner.container(keyedBy: type) }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { inner }
    func superEncoder() -> any Encoder { inner }
    func superEncoder(forKey key: Key) -> any Encoder { inner }
}
