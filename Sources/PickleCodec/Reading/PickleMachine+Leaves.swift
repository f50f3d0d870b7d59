// Numbers, strings and bytes: one record each, which points to the instruction.

extension PickleMachine {
    /// Adds a record and pushes its node.
    @inline(__always)
    mutating func push(_ kind: PickleGraph.Kind, _ payload: Int = 0, flags: UInt64 = 0) throws(PickleError) {
        stack.append(try add(kind, payload, flags: flags))
    }

    @inline(__always)
    mutating func add(_ kind: PickleGraph.Kind, _ payload: Int, flags: UInt64 = 0) throws(PickleError) -> UInt32 {
        let node = records.count
        guard node < recordLimit else { throw tooManyObjects() }
        records.append(GraphRecord(kind, payload, flags: flags).bits)
        return UInt32(truncatingIfNeeded: node)
    }

    @inline(never)
    private mutating func tooManyObjects() -> PickleError {
        failure(
            .limitExceeded, "expected at most \(options.maximumObjectCount) objects (maximumObjectCount), found more")
    }

    /// Pushes an integer of at most 16 bits.
    @inline(__always)
    mutating func push(integer value: Int) {
        stack.append(UInt32(truncatingIfNeeded: value) | 0x8000_0000)
    }

    @inline(__always)
    mutating func pushBinInt() throws(PickleError) {
        let position = cursor - 1
        let value = Int32(bitPattern: try operand(4))
        if let node = PickleGraph.Node(smallInteger: Int(value)) {
            stack.append(node.rawValue)
        } else {
            try push(.integer, position)
        }
    }

    @inline(__always)
    mutating func pushString(lengthWidth: Int) throws(PickleError) {
        let position = cursor - 1
        let data = try skipCounted(lengthWidth)
        switch unsafe UTF8Check.check(input + data.lowerBound, count: data.count) {
        case .valid: try push(.string, position)
        case .surrogates: try push(.string, position, flags: GraphRecord.special)
        case .invalid: throw failure(.malformed, "expected UTF-8, found other bytes")
        }
    }

    mutating func pushData(_ kind: PickleGraph.Kind, lengthWidth: Int) throws(PickleError) {
        let position = cursor - 1
        _ = try skipCounted(lengthWidth)
        try push(kind, position)
    }

    mutating func pushLong(lengthWidth: Int) throws(PickleError) {
        let position = cursor - 1
        let count = Int(try operand(lengthWidth))
        guard count <= Int(Int32.max) else {
            throw failure(.malformed, "expected a positive byte count, found a negative one")
        }
        try checkIntegerSize(count)
        let data = unsafe UnsafeBufferPointer(start: input + (try skip(count)), count: count)
        if count > 4 {
            // As short as can be, and in the instruction that the writer would choose: use it where it stands.
            let redundant = unsafe data[count - 1] == (data[count - 2] >= 0x80 ? 0xff : 0)
            if !redundant && (lengthWidth == 1) == (count < 256) {
                try push(.integer, position)
                return
            }
        }
        try push(PickleInteger(twosComplement: unsafe Array(data)))
    }

    mutating func checkIntegerSize(_ byteCount: Int) throws(PickleError) {
        guard byteCount <= options.maximumIntegerByteCount else {
            throw failure(
                .limitExceeded,
                "expected an integer of at most \(options.maximumIntegerByteCount) bytes (maximumIntegerByteCount), "
                    + "found \(byteCount)")
        }
    }

    /// Pushes an integer that the input does not spell as the writer would.
    mutating func push(_ value: PickleInteger) throws(PickleError) {
        if let small = value.int, let node = PickleGraph.Node(smallInteger: small) {
            stack.append(node.rawValue)
            return
        }
        let position = extra.count
        extra.appendInteger(value)
        try push(.integer, position, flags: GraphRecord.inExtra)
    }

    /// Pushes a leaf whose instruction stands in `extra`.
    mutating func pushExtra(
        _ kind: PickleGraph.Kind, flags: UInt64 = 0, _ write: (inout FlatBuffer<UInt8>) -> Void
    ) throws(PickleError) {
        let position = extra.count
        write(&extra)
        try push(kind, position, flags: flags | GraphRecord.inExtra)
    }

    mutating func pushExtension(_ code: UInt32) throws(PickleError) {
        guard code > 0, code <= UInt32(Int32.max) else {
            throw failure(.malformed, "expected an extension code above 0, found \(Int32(bitPattern: code))")
        }
        try push(PickleInteger(code))
        try push(.extension, object: [try pop()])
    }

    mutating func pushBuffer() throws(PickleError) {
        push(integer: bufferCount)
        bufferCount += 1
        try push(.buffer, object: [try pop()])
    }
}
