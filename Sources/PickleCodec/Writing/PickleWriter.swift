// Writes the instructions of a protocol-4 pickle, framed as CPython's C pickler does it.
//
//     80 04 | 95 <8 bytes: length> … 65,536 bytes or a little more | 95 <length> … 2e
//
// A frame is closed where the next object begins and it holds 65,536 bytes by then. Nine bytes for the header are left
// free at its start; a frame of less than four bytes goes without, and moves back over them. A string of 65,536
// bytes or more stands between two frames.

/// The bytes of a pickle as they are written.
struct PickleWriter: ~Copyable {
    private(set) var bytes: FlatBuffer<UInt8>
    private var frameStart = 0
    /// How many objects MEMOIZE has numbered so far.
    private(set) var memoCount: UInt32 = 0

    static let frameTarget = 0x1_0000
    private static let frameHeader = 9
    private static let smallestFrame = 4

    init(_ output: consuming FlatBuffer<UInt8>) {
        bytes = output
        append(.proto)
        bytes.append(4)
        openFrame()
    }

    private mutating func openFrame() {
        frameStart = bytes.count
        bytes.append(repeating: 0, count: Self.frameHeader)
    }

    private mutating func closeFrame() {
        let content = frameStart + Self.frameHeader
        let count = bytes.count - content
        if count >= Self.smallestFrame {
            bytes[frameStart] = PickleOpcode.frame.rawValue
            for index in 0..<8 { bytes[frameStart + 1 + index] = UInt8(truncatingIfNeeded: count >> (8 * index)) }
        } else {
            for index in 0..<count { bytes[frameStart + index] = bytes[content + index] }
            bytes.removeLast(Self.frameHeader)
        }
    }

    /// Where each object begins: closes the frame if it is full.
    @inline(__always)
    mutating func beginObject() {
        if bytes.count - frameStart >= Self.frameTarget + Self.frameHeader { beginFrame() }
    }

    @inline(never)
    private mutating func beginFrame() {
        closeFrame()
        openFrame()
    }

    @inline(__always)
    mutating func append(_ opcode: PickleOpcode) { bytes.append(opcode.rawValue) }

    /// Appends small integers, the first and those of the nodes behind it that are some as well, up to the next that
    /// is none, and as far as the frame and the memory at hand go.
    ///
    /// - Returns: How many of the nodes behind were taken.
    @inline(__always)
    mutating func append(smallInteger first: UInt32, _ nodes: UnsafePointer<UInt32>, count: Int) -> Int {
        beginObject()
        bytes.reserve(8)
        let base = unsafe UnsafeMutableRawPointer(bytes.base)
        // Each takes a word of eight bytes where it is stored.
        let end = min(frameStart + Self.frameTarget + Self.frameHeader, bytes.capacity - 7)
        var position = bytes.count
        var node = first
        var taken = 0
        while true {
            // 4b, 4d or 4a, which come mixed, without a branch that tells them apart.
            let value = UInt32(bitPattern: Int32(bitPattern: node &<< 1) &>> 1)
            let isShort = value < 0x100
            let isLong = value >= 0x1_0000
            let opcode: UInt64 = isLong ? 0x4a : isShort ? 0x4b : 0x4d
            unsafe base.storeBytes(
                of: (UInt64(value) << 8 | opcode).littleEndian, toByteOffset: position, as: UInt64.self)
            position &+= isLong ? 5 : isShort ? 2 : 3
            guard taken < count, position < end else { break }
            node = unsafe nodes[taken]
            guard node >= 0x8000_0000 else { break }
            taken &+= 1
        }
        bytes.advance(by: position - bytes.count)
        return taken
    }

    /// Appends an instruction as it stands.
    @inline(__always)
    mutating func append(from source: UnsafePointer<UInt8>, count: Int) {
        unsafe bytes.append(from: source, count: count)
    }

    @inline(__always)
    mutating func append(integer value: Int) { bytes.appendInteger(value) }

    /// Appends a `str`, `bytes` or Python 2 `str`, outside the frames if it is large.
    @inline(__always)
    mutating func append(_ kind: PickleGraph.Kind, from source: UnsafePointer<UInt8>, count: Int) {
        let isLarge = count >= Self.frameTarget && kind != .python2String
        if isLarge { closeFrame() }
        switch kind {
        case .string: bytes.appendStringHeader(count: count)
        case .python2String: bytes.appendPython2StringHeader(count: count)
        default: bytes.appendBytesHeader(count: count)
        }
        unsafe bytes.append(from: source, count: count)
        if isLarge { openFrame() }
    }

    mutating func append(string: String) {
        var text = string
        text.withUTF8 { source in
            if let start = source.baseAddress { unsafe append(.string, from: start, count: source.count) }
        }
    }

    mutating func append(extensionCode code: Int) {
        if code < 0x100 {
            append(.extension1)
            bytes.append(UInt8(code))
        } else if code < 0x1_0000 {
            append(.extension2)
            bytes.append(littleEndian: UInt16(code))
        } else {
            append(.extension4)
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: code))
        }
    }

    /// Numbers the object just written, and gives its number.
    @inline(__always)
    @discardableResult
    mutating func memoize() -> UInt32 {
        append(.memoize)
        memoCount &+= 1
        return memoCount &- 1
    }

    @inline(__always)
    mutating func get(_ index: UInt32) {
        let isShort = index < 0x100
        let opcode = isShort ? PickleOpcode.binGet.rawValue : PickleOpcode.longBinGet.rawValue
        bytes.append(packed: UInt64(index) << 8 | UInt64(opcode), count: isShort ? 2 : 5)
    }

    /// Ends the pickle and gives its length, and its bytes if the memory lent for them was too small.
    mutating func finish() -> (count: Int, bytes: [UInt8]?) {
        append(.stop)
        closeFrame()
        return bytes.isOwn ? (0, bytes.array()) : (bytes.count, nil)
    }
}
