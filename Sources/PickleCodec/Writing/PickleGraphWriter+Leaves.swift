// What is written at once, without a frame on the stack.

extension PickleGraphWriter {
    @inline(__always)
    func source(of record: GraphRecord) -> UnsafePointer<UInt8> {
        unsafe record.has(GraphRecord.inExtra) ? extra : input
    }

    @inline(__always)
    mutating func writeText(_ node: UInt32, _ record: GraphRecord) {
        let source = unsafe self.source(of: record)
        let position = record.payload
        let data = unsafe PickleOpcode.data(of: source[position], at: position) { unsafe source[$0] }
        unsafe writer.append(record.kind, from: source + data.lowerBound, count: data.count)
        memoize(node)
    }

    /// Integers and floats stand as protocol 4 spells them. Python's pickler never numbers them.
    @inline(__always)
    mutating func writeNumber(_ node: UInt32, _ record: GraphRecord) {
        let source = unsafe self.source(of: record)
        let position = record.payload
        let data = unsafe PickleOpcode.data(of: source[position], at: position) { unsafe source[$0] }
        unsafe writer.append(from: source + position, count: data.upperBound - position)
        if record.has(GraphRecord.shared) { memoize(node) }
    }

    /// A `bytearray` of protocol 5: `builtins.bytearray(b'…')`, as Python's pickler writes it in protocol 4.
    mutating func writeByteArray(_ node: UInt32, _ record: GraphRecord) throws(PickleError) {
        if let byteArrayClass {
            writer.get(byteArrayClass)
        } else {
            byteArrayClass = write(global: PythonName(module: "builtins", name: "bytearray"))
        }
        let source = unsafe self.source(of: record)
        let data = unsafe PickleOpcode.data(of: source[record.payload], at: record.payload) { unsafe source[$0] }
        writer.beginObject()
        if data.isEmpty {
            writer.append(.emptyTuple)
        } else {
            writer.beginObject()
            unsafe writer.append(.bytes, from: source + data.lowerBound, count: data.count)
            writer.memoize()
            writer.append(.tuple1)
            writer.memoize()
        }
        writer.append(.reduce)
        memoize(node)
    }

    /// Writes a global by two strings that stand in no node.
    private mutating func write(global name: PythonName) -> UInt32 {
        for text in [name.module, name.name] {
            writer.beginObject()
            writer.append(string: text)
            writer.memoize()
        }
        writer.append(.stackGlobal)
        return writer.memoize()
    }

    mutating func writeGlobal(_ node: UInt32, _ record: GraphRecord) throws(PickleError) {
        let parts = unsafe [links[record.payload + 1], links[record.payload + 2]]
        guard parts.allSatisfy({ unsafe GraphRecord(bits: records[Int($0)]).kind.isLeaf }) else {
            try beginCall(node, record)
            return
        }
        if record.has(GraphRecord.special), let name = movedName(of: record) {
            memo[node] = write(global: name)
        } else {
            // Both are strings, so nothing is pushed.
            for part in parts { try write(part) }
            writer.append(.stackGlobal)
            memoize(node)
        }
        try beginOperations(of: node, record)
    }

    /// The name in Python 3 of a global whose names are those of Python 2, if it is another one.
    private func movedName(of record: GraphRecord) -> PythonName? {
        func text(_ node: UInt32) -> String {
            let record = unsafe GraphRecord(bits: records[Int(node)])
            let source = unsafe self.source(of: record)
            let data = unsafe PickleOpcode.data(of: source[record.payload], at: record.payload) { unsafe source[$0] }
            return unsafe String(
                decoding: UnsafeBufferPointer(start: source + data.lowerBound, count: data.count), as: UTF8.self)
        }
        let name = unsafe PythonName(module: text(links[record.payload + 1]), name: text(links[record.payload + 2]))
        return name.inPython3 == name ? nil : name.inPython3
    }

    mutating func writeOpaque(_ node: UInt32, _ record: GraphRecord) throws(PickleError) {
        let number = unsafe integer(links[record.payload + 1])
        if record.kind == .extension {
            writer.append(extensionCode: number)
        } else {
            writeBuffer(number)
        }
        // Python's pickler numbers no buffers. But in a tuple that contains itself one is met twice, and can be given once.
        let isNumbered = unsafe record.has(GraphRecord.shared) || links[record.payload + 2] > 0
        if isNumbered || record.kind == .buffer { memoize(node) }
        try beginOperations(of: node, record)
    }

    /// Buffers come in the order in which they were given: one that is not up yet makes those before it pass.
    private mutating func writeBuffer(_ number: Int) {
        if let memoized = passedBuffers[number] {
            writer.get(memoized)
            return
        }
        while nextBuffer < number {
            writer.append(.nextBuffer)
            passedBuffers[nextBuffer] = writer.memoize()
            writer.append(.pop)
            nextBuffer += 1
        }
        writer.append(.nextBuffer)
        nextBuffer += 1
    }

    private func integer(_ node: UInt32) -> Int {
        if node >= 0x8000_0000 { return Int(Int32(bitPattern: node << 1) >> 1) }
        let record = unsafe GraphRecord(bits: records[Int(node)])
        let source = unsafe self.source(of: record)
        return (0..<4).reduce(0) { value, index in
            unsafe value | Int(source[record.payload + 1 + index]) << (8 * index)
        }
    }

    private mutating func beginOperations(of node: UInt32, _ record: GraphRecord) throws(PickleError) {
        let count = unsafe links[record.payload]
        let counter = record.payload + 1 + Int(count)
        guard unsafe links[counter] > 0 else { return }
        let frame = Frame(node, record.kind, Children(next: counter, count: 0), .operations)
        try push(frame)
        try beginOperations(of: frame, at: frames.count - 1)
    }
}
