// The stack machine that turns the bytes of a pickle into a graph, in one pass and without recursion.
//
//     bytes         stack after it        memo     records made                links made
//     80 04         –
//     5d 94         list                  0: list  3 list
//     28            list |                                                     (| is a mark)
//     4b 07         list | 7
//     8c 01 61 94   list | 7 'a'          1: 'a'   4 str → byte 7
//     68 01         list | 7 'a' 'a'
//     65            list                           3 list → links 1            3, 7, 4, 4
//     2e            –                              (the list is the root)
//
// Stack and memo hold nodes of 32 bits. A small integer is a node by itself; anything else takes one record. The items
// of a list go from the stack to `links` when APPENDS says so. A container that gets items again, with something
// else behind its block by then, moves to a block with room for what is to be expected (`GraphRecord.roomy`); `compact`
// takes the gaps out in the end, where they are many.
//
// Every method is `mutating`, those that only look too: the compiler hands a structure of this size on by a copy of it
// where it is not handed on to be changed, and the copy would be made before the first instruction of the method.
//
// Frames bound reads as in Python's own unpicklers: no opcode, length or operand crosses the end of a frame. `limit`
// is that end, or the end of the input.

/// A pickle being read.
@safe
struct PickleMachine: ~Copyable {
    let input: UnsafePointer<UInt8>
    let inputEnd: Int
    let options: PickleReadingOptions
    /// How many records there may be.
    let recordLimit: Int

    /// Where the next byte stands, and where the frame or the input ends.
    var cursor = 0
    var limit: Int
    /// Where the current instruction began.
    var start = 0

    var stack: FlatBuffer<UInt32>
    var marks: FlatBuffer<UInt32>
    /// The stack's height at the last mark; nothing below it can be popped.
    var fence = 0

    var memo: FlatBuffer<UInt32>
    /// How many memo entries are in use: the number that MEMOIZE takes next.
    var memoCount = 0
    /// Entries of numbers so high that an array for them would be larger than the input.
    var farMemo: [UInt64: UInt32] = [:]

    var records: FlatBuffer<UInt64>
    var links: FlatBuffer<UInt32>
    var extra: FlatBuffer<UInt8>
    /// How many words of `links` are not in use: blocks that moved, and room that blocks were given.
    var gaps = 0
    /// The object whose operations end at the end of `links`, and that end.
    var openObject = (record: UInt32.max, end: 0)

    var protocolNumber: UInt8 = 0
    var emptyTuple: UInt32 = 0
    var bufferCount = 0
    /// See `PickleGraph.Storage`.
    var twins: [UInt32: [UInt32]] = [:]
    /// What the last POP dropped, and where it stood.
    var popped = (node: UInt32(0), at: -1)
    /// Whether the input goes on behind `inputEnd`: a limit cuts it. Only errors ask, so it stands behind what the inner
    /// loop uses.
    let isCut: Bool

    static let noNode: UInt32 = 0x7fff_ffff

    init(_ bytes: UnsafeBufferPointer<UInt8>, options: PickleReadingOptions, _ use: MemoryUse = .lasting) {
        unsafe input = bytes.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped
        inputEnd = max(0, min(bytes.count, options.maximumByteCount, 0x7fff_0000))
        isCut = inputEnd < bytes.count
        self.options = options
        limit = inputEnd
        recordLimit = min(max(options.maximumObjectCount, 0), Int(Self.noNode) - 3) + 3
        // Guesses from the input's size; what is not used costs nothing but addresses.
        stack = FlatBuffer(capacity: min(inputEnd, 2048), .passing)
        marks = FlatBuffer(capacity: 16)
        memo = FlatBuffer(capacity: inputEnd / 8, .passing)
        records = FlatBuffer(capacity: inputEnd / 8, use)
        links = FlatBuffer(capacity: inputEnd / 2, use)
        extra = FlatBuffer(capacity: 16, use)
        records.append(GraphRecord(.none, 0).bits)
        records.append(GraphRecord(.false, 0).bits)
        records.append(GraphRecord(.true, 0).bits)
        links.append(0)
    }

    /// Runs the pickle up to STOP and gives the node that it leaves.
    mutating func run() throws(PickleError) -> UInt32 {
        let opcodes = unsafe PickleOpcode.table
        while true {
            unsafe runCommon(opcodes)
            if cursor == limit { try leaveFrame() }
            start = cursor
            let byte = unsafe input[cursor]
            guard let opcode = unsafe opcodes[Int(byte)] else { throw unknownOpcode() }
            cursor += 1
            switch opcode {
            case .binInt1: push(integer: Int(try byteOperand()))
            case .memoize: try memoize(at: UInt64(memoCount))
            case .shortBinUnicode: try pushString(lengthWidth: 1)
            case .binGet: try push(memo: UInt64(try byteOperand()))
            case .longBinGet: try push(memo: UInt64(try operand(4)))
            case .binInt2: push(integer: Int(try operand(2)))
            case .binInt: try pushBinInt()
            case .mark: mark()
            case .setItems: try setItems(from: try popMark())
            case .setItem: try setItems(from: stack.count - 2)
            case .appends: try append(from: try popMark())
            case .append: try append(from: try height(1))
            case .emptyDict: try push(.dict)
            case .emptyList: try push(.list)
            case .none: stack.append(PickleGraph.Node.none.rawValue)
            case .newTrue: stack.append(PickleGraph.Node.true.rawValue)
            case .newFalse: stack.append(PickleGraph.Node.false.rawValue)
            case .binFloat:
                let position = cursor - 1
                _ = try skip(8)
                try push(.float, position)
            case .tuple1: try makeTuple(from: try height(1))
            case .tuple2: try makeTuple(from: try height(2))
            case .tuple3: try makeTuple(from: try height(3))
            case .tuple: try makeTuple(from: try popMark())
            case .emptyTuple: try makeTuple(from: stack.count)
            case .binPut: try memoize(at: UInt64(try byteOperand()))
            case .longBinPut: try memoize(at: UInt64(try operand(4)))
            case .shortBinBytes: try pushData(.bytes, lengthWidth: 1)
            case .stop: return try pop()
            case .frame: try enterFrame()
            case .proto: try setProtocol()
            case .binUnicode: try pushString(lengthWidth: 4)
            case .binUnicode8: try pushString(lengthWidth: 8)
            case .binBytes: try pushData(.bytes, lengthWidth: 4)
            case .binBytes8: try pushData(.bytes, lengthWidth: 8)
            case .byteArray8: try pushData(.byteArray, lengthWidth: 8)
            case .shortBinString: try pushData(.python2String, lengthWidth: 1)
            case .binString: try pushData(.python2String, lengthWidth: 4)
            case .long1: try pushLong(lengthWidth: 1)
            case .long4: try pushLong(lengthWidth: 4)
            case .pop: try dropTop()
            case .popMark: stack.removeLast(stack.count - (try popMark()))
            case .duplicate: stack.append(share(try top()))
            case .emptySet: try push(.set)
            case .addItems: try addItems(from: try popMark())
            case .frozenSet: try makeFrozenSet(from: try popMark())
            case .list: try makeList(from: try popMark())
            case .dict: try makeDict(from: try popMark())
            case .stackGlobal: try makeGlobal()
            case .reduce: try makeReduce()
            case .newObject: try makeNewObject(keywords: false)
            case .newObjectWithKeywords: try makeNewObject(keywords: true)
            case .object: try makeInstance(from: try popMark())
            case .build: try build()
            case .binPersistentID: try push(.persistentID, object: [try pop()])
            case .extension1: try pushExtension(try operand(1))
            case .extension2: try pushExtension(try operand(2))
            case .extension4: try pushExtension(try operand(4))
            case .nextBuffer: try pushBuffer()
            case .readonlyBuffer: try makeReadOnly()
            case .int, .long, .float, .string, .unicode, .persistentID, .global, .instance, .get, .put:
                try runText(opcode)
            }
        }
    }
}

// MARK: - The common instructions

extension PickleMachine {
    /// Runs the instructions that most pickles consist of, as long as nothing special comes: no frame's end, nothing
    /// invalid, no limit. Stops before the first instruction that is not of that kind.
    ///
    /// The position is a local variable here: kept in memory, it would be what every instruction waits for.
    @inline(__always)
    private mutating func runCommon(_ opcodes: UnsafePointer<PickleOpcode?>) {
        let input = unsafe self.input
        // Nine bytes ahead of the end no fixed operand needs a check.
        let end = limit - 9
        var position = cursor
        defer { cursor = position }
        while position < end {
            let byte = unsafe input[position]
            guard let opcode = unsafe opcodes[Int(byte)] else { return }
            switch opcode {
            case .binInt, .binInt1, .binInt2:
                // 4a, 4b and 4d come mixed: no branch tells them apart. Four bytes are read, those above the operand
                // shifted out.
                let width = UInt32(truncatingIfNeeded: 0x20_1400 as UInt64 &>> (UInt64(byte & 7) &* 4) & 0xf)
                let ahead = unsafe UnsafeRawPointer(input).loadUnaligned(fromByteOffset: position &+ 1, as: UInt32.self)
                let shift = 32 &- 8 &* width
                let value = (UInt32(littleEndian: ahead) &<< shift) &>> shift
                guard (value ^ value &<< 1) & 0x8000_0000 == 0 else { return }
                stack.append(value | 0x8000_0000)
                position &+= Int(width) &+ 1
            case .tuple1, .tuple2, .tuple3:
                let count = Int(byte &- PickleOpcode.tuple1.rawValue) &+ 1
                guard hasRoom, stack.count &- count >= fence else { return }
                let base = stack.count &- count
                var flags: UInt64 = 0
                for index in base..<stack.count where isUnhashable(stack[index]) { flags = GraphRecord.special }
                stack.append(addReserved(.tuple, takeBlock(from: base), flags: flags))
                position &+= 1
                memoizeIfNext(&position)
            case .shortBinBytes:
                let count = unsafe Int(input[position &+ 1])
                guard hasRoom, count <= limit &- position &- 2 else { return }
                stack.append(addReserved(.bytes, position))
                position &+= count &+ 2
                if position < end { memoizeIfNext(&position) }
            case .long1:
                // Five to seven bytes, as short as can be.
                let count = unsafe Int(input[position &+ 1])
                guard hasRoom, count > 4, count < 8 else { return }
                let last = unsafe input[position &+ 1 &+ count]
                let below = unsafe input[position &+ count]
                guard last != (below >= 0x80 ? 0xff : 0) else { return }
                stack.append(addReserved(.integer, position))
                position &+= count &+ 2
            case .none:
                stack.append(PickleGraph.Node.none.rawValue)
                position &+= 1
            case .newTrue:
                stack.append(PickleGraph.Node.true.rawValue)
                position &+= 1
            case .newFalse:
                stack.append(PickleGraph.Node.false.rawValue)
                position &+= 1
            case .binFloat:
                guard hasRoom else { return }
                stack.append(addReserved(.float, position))
                position &+= 9
            case .mark:
                mark()
                position &+= 1
            case .memoize:
                guard stack.count > fence, memoCount == memo.count else { return }
                memo.append(stack[stack.count &- 1])
                memoCount &+= 1
                position &+= 1
            case .binGet:
                let index = unsafe Int(input[position &+ 1])
                guard index < memo.count, memo[index] != Self.noNode else { return }
                start = position
                stack.append(share(memo[index]))
                position &+= 2
            case .longBinGet:
                let value = unsafe UnsafeRawPointer(input).loadUnaligned(fromByteOffset: position &+ 1, as: UInt32.self)
                let index = Int(UInt32(littleEndian: value))
                guard index < memo.count, memo[index] != Self.noNode else { return }
                start = position
                stack.append(share(memo[index]))
                position &+= 5
            case .emptyDict:
                guard hasRoom else { return }
                stack.append(addReserved(.dict, 0))
                position &+= 1
                memoizeIfNext(&position)
            case .emptyList:
                guard hasRoom else { return }
                stack.append(addReserved(.list, 0))
                position &+= 1
                memoizeIfNext(&position)
            case .shortBinUnicode:
                let count = unsafe Int(input[position &+ 1])
                guard hasRoom, count <= limit &- position &- 2 else { return }
                if count < 8 {
                    // Within the nine bytes ahead: one word, less what is behind the string.
                    let ahead = unsafe UnsafeRawPointer(input).loadUnaligned(
                        fromByteOffset: position &+ 2, as: UInt64.self)
                    let high = UInt64(littleEndian: ahead) & 0x8080_8080_8080_8080
                    guard high & ((1 &<< (UInt64(count) &* 8)) &- 1) == 0 else { return }
                } else {
                    guard unsafe UTF8Check.check(input + position + 2, count: count) == .valid else { return }
                }
                stack.append(addReserved(.string, position))
                position &+= count &+ 2
                if position < end { memoizeIfNext(&position) }
            default: return
            }
        }
    }

    /// Whether one more record fits.
    @inline(__always)
    private var hasRoom: Bool { records.count < recordLimit }

    /// Runs MEMOIZE if it is what stands at a position before the end: it follows nearly every object.
    @inline(__always)
    private mutating func memoizeIfNext(_ position: inout Int) {
        guard unsafe input[position] == PickleOpcode.memoize.rawValue, memoCount == memo.count else { return }
        memo.append(stack[stack.count &- 1])
        memoCount &+= 1
        position &+= 1
    }

    @inline(__always)
    private mutating func addReserved(_ kind: PickleGraph.Kind, _ payload: Int, flags: UInt64 = 0) -> UInt32 {
        records.append(GraphRecord(kind, payload, flags: flags).bits)
        return UInt32(truncatingIfNeeded: records.count &- 1)
    }
}

// MARK: - Bytes

extension PickleMachine {
    /// Passes `count` bytes, none of them beyond the frame, and gives where they began.
    @inline(__always)
    mutating func skip(_ count: Int) throws(PickleError) -> Int {
        if count > limit - cursor { try readAcross(count) }
        let position = cursor
        cursor += count
        return position
    }

    @inline(__always)
    mutating func byteOperand() throws(PickleError) -> UInt8 {
        let position = try skip(1)
        return unsafe input[position]
    }

    /// Reads a little-endian operand of at most four bytes.
    @inline(__always)
    mutating func operand(_ width: Int) throws(PickleError) -> UInt32 {
        let position = try skip(width)
        var value: UInt32 = 0
        for index in 0..<width { value |= unsafe UInt32(input[position + index]) << (8 * UInt32(index)) }
        return value
    }

    /// Reads a length of 1, 4 or 8 bytes, and passes the data that it announces.
    @inline(__always)
    mutating func skipCounted(_ width: Int) throws(PickleError) -> Range<Int> {
        var count = 0
        if width == 8 {
            let position = try skip(8)
            let wide = unsafe UInt64(
                littleEndian: UnsafeRawPointer(input).loadUnaligned(fromByteOffset: position, as: UInt64.self))
            count = Int(exactly: wide) ?? .max
        } else {
            count = Int(try operand(width))
        }
        let begin = try skip(count)
        return begin..<begin + count
    }

    /// Leaves a frame at its end, so that reading goes on behind it; throws where the bytes do not suffice.
    @inline(never)
    mutating func readAcross(_ count: Int) throws(PickleError) {
        if cursor == limit { limit = inputEnd }
        guard count > limit - cursor else { return }
        guard limit == inputEnd else {
            throw failure(.malformed, "expected \(count) bytes within the frame, found \(limit - cursor)")
        }
        throw endOfInput("expected \(count) more bytes, found \(limit - cursor)")
    }

    @inline(never)
    private mutating func leaveFrame() throws(PickleError) {
        limit = inputEnd
        start = cursor
        guard cursor < inputEnd else {
            throw endOfInput(
                inputEnd == 0 ? "expected a pickle, found no bytes" : "expected an instruction or STOP, found the end")
        }
    }

    private mutating func enterFrame() throws(PickleError) {
        let position = try skip(8)
        let wide = unsafe UInt64(
            littleEndian: UnsafeRawPointer(input).loadUnaligned(fromByteOffset: position, as: UInt64.self))
        guard cursor == limit || limit == inputEnd else {
            throw failure(.malformed, "expected the end of the frame before another one, found \(limit - cursor) bytes")
        }
        guard wide <= UInt64(inputEnd - cursor) else {
            throw endOfInput("expected a frame of \(wide) bytes, found \(inputEnd - cursor)")
        }
        limit = cursor + Int(wide)
    }

    private mutating func setProtocol() throws(PickleError) {
        let version = try byteOperand()
        guard version <= 5 else {
            throw failure(.unsupported, "expected a protocol from 0 to 5, found \(version)")
        }
        protocolNumber = version
    }
}

// MARK: - Stack, marks and memo

extension PickleMachine {
    @inline(__always)
    mutating func pop() throws(PickleError) -> UInt32 {
        let node = try top()
        stack.removeLast()
        return node
    }

    @inline(__always)
    mutating func top() throws(PickleError) -> UInt32 {
        guard stack.count > fence else { throw underflow() }
        return stack[stack.count - 1]
    }

    /// The stack's height below its top `count` nodes, which must stand above the last mark.
    @inline(__always)
    mutating func height(_ count: Int) throws(PickleError) -> Int {
        guard stack.count - count >= fence else { throw underflow() }
        return stack.count - count
    }

    @inline(__always)
    mutating func mark() {
        fence = stack.count
        marks.append(UInt32(truncatingIfNeeded: fence))
    }

    @inline(__always)
    mutating func popMark() throws(PickleError) -> Int {
        guard marks.count > 0 else { throw failure(.malformed, "expected a MARK before, found none") }
        let height = Int(marks[marks.count - 1])
        marks.removeLast()
        fence = marks.count > 0 ? Int(marks[marks.count - 1]) : 0
        return height
    }

    private mutating func dropTop() throws(PickleError) {
        if marks.count > 0, stack.count == fence {
            _ = try popMark()
        } else {
            popped = (try pop(), start)
        }
    }

    @inline(__always)
    mutating func memoize(at index: UInt64) throws(PickleError) {
        let node = try top()
        if index == UInt64(memo.count) {
            memo.append(node)
            memoCount += 1
        } else {
            memoizeElsewhere(node, at: index)
        }
    }

    /// Sets an entry that is not the next one.
    @inline(never)
    private mutating func memoizeElsewhere(_ node: UInt32, at index: UInt64) {
        if index < UInt64(memo.count) {
            if memo[Int(index)] == Self.noNode { memoCount += 1 }
            memo[Int(index)] = node
        } else if index <= UInt64(inputEnd) {
            memo.append(repeating: Self.noNode, count: Int(index) - memo.count)
            memo.append(node)
            memoCount += 1
        } else if farMemo.updateValue(node, forKey: index) == nil {
            memoCount += 1
        }
    }

    @inline(__always)
    mutating func push(memo index: UInt64) throws(PickleError) {
        if index < UInt64(memo.count), memo[Int(index)] != Self.noNode {
            stack.append(share(memo[Int(index)]))
        } else if let node = farMemo[index] {
            stack.append(share(node))
        } else {
            throw failure(.malformed, "expected a memo entry \(index), found none")
        }
    }

    /// Notes that a node is met again, where that matters to the writer.
    @inline(__always)
    private mutating func share(_ node: UInt32) -> UInt32 {
        guard node < Self.noNode else { return node }
        let record = GraphRecord(bits: records[Int(node)])
        switch record.kind {
        case .string, .list, .dict, .bytes, .tuple, .global, .none, .true, .false: break
        default: shareRarely(node, record)
        }
        return node
    }

    @inline(never)
    private mutating func shareRarely(_ node: UInt32, _ record: GraphRecord) {
        switch record.kind {
        case .integer, .float, .persistentID, .extension, .buffer, .readOnlyBuffer:
            records[Int(node)] = record.bits | GraphRecord.shared
        case .reduce, .newObject, .newObjectWithKeywords:
            // POP, GET: the call before the POP began what another one finished.
            guard popped.at >= 0, popped.at == start - 1, popped.node < Self.noNode, popped.node != node else { return }
            let other = GraphRecord(bits: records[Int(popped.node)])
            // Of the same class, with arguments that are not the same objects.
            let count = Int(links[record.payload])
            let isTwin =
                other.kind == record.kind && !other.has(GraphRecord.special)
                && links[other.payload + 1] == links[record.payload + 1]
                && (2...count).contains { links[other.payload + $0] != links[record.payload + $0] }
            guard isTwin else { return }
            popped.at = -1
            records[Int(node)] = record.bits | GraphRecord.special
            twins[node, default: []].append(popped.node)
        default: break
        }
    }
}

// MARK: - Errors

extension PickleMachine {
    @inline(never)
    mutating func failure(_ code: PickleError.Code, _ message: String) -> PickleError {
        PickleError(code, at: start, opcode: start < inputEnd ? unsafe input[start] : nil, message)
    }

    @inline(never)
    mutating func endOfInput(_ message: String) -> PickleError {
        if isCut {
            return failure(
                .limitExceeded, "expected STOP within \(inputEnd) bytes (maximumByteCount), found none: \(message)")
        }
        return failure(.truncated, message)
    }

    @inline(never)
    mutating func underflow() -> PickleError {
        let found = marks.count > 0 ? "a MARK" : "an empty stack"
        return failure(.malformed, "expected more objects on the stack, found \(found)")
    }

    @inline(never)
    private mutating func unknownOpcode() -> PickleError {
        failure(.malformed, "expected an opcode, found an unknown byte")
    }

    /// What a node is, for messages.
    mutating func name(of node: UInt32) -> String {
        kind(of: node).inWords
    }
}
