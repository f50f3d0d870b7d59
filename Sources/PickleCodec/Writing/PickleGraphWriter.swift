// Walks a graph in the order in which CPython's pickler walks objects, with a stack of its own.
//
//     graph   [7, x, x], x = 'a'
//     steps   list: 5d 94 · first of 3 items: 28 · 7: 4b 07 · x: 8c 01 61 94 · x again: 68 01 · end: 65
//
// A list, dict or set is numbered before its items are written, so a cycle meets its number. A tuple, frozenset or
// call is numbered after its parts. When it takes part in itself, through a list say, it is met again while it is being
// written: as CPython, write it again, in full; it gets its number there. Back at the first, the number exists, and
// what was written is dropped again (POP, or POP_MARK) and replaced by a GET. `budget` bounds what that can cost.

/// A graph being written.
@safe
struct PickleGraphWriter: ~Copyable {
    let records: UnsafePointer<UInt64>
    let links: UnsafePointer<UInt32>
    let input: UnsafePointer<UInt8>
    let extra: UnsafePointer<UInt8>

    var writer: PickleWriter
    var memo: WriterMemo
    var frames: FlatBuffer<Frame>

    /// How many more nodes may be written before the graph counts as too entangled.
    var budget: Int
    /// How many out-of-band buffers were written, and the memo numbers of those passed over.
    var nextBuffer = 0
    var passedBuffers: [Int: UInt32] = [:]
    /// The calls that began an object each, those not written yet.
    var twins: [UInt32: [UInt32]]
    /// The number of `builtins.bytearray`, once written for a `bytearray`.
    var byteArrayClass: UInt32?

    /// An object whose children are being written.
    struct Frame: BitwiseCopyable {
        var node: UInt32
        var kind: PickleGraph.Kind
        var phase: Phase
        /// A call that began an object which another call finishes.
        var isTwin = false
        /// The next child in `links`, how many are done, how many there are.
        var next: Int
        var done: UInt32 = 0
        var count: UInt32
        /// For operations: which one, and how many come after it.
        var operation: UInt32 = 0
        var operationsLeft: UInt32 = 0

        init(_ node: UInt32, _ kind: PickleGraph.Kind, _ children: Children, _ phase: Phase = .parts) {
            self.node = node
            self.kind = kind
            self.phase = phase
            next = children.next
            done = children.done
            count = children.count
        }
    }

    /// How far the children of an object are written.
    struct Children: BitwiseCopyable {
        /// The next child in `links`, how many are done, how many there are.
        var next: Int
        var done: UInt32 = 0
        var count: UInt32

        @inline(__always)
        mutating func pass(_ more: Int) {
            next &+= more
            done &+= UInt32(truncatingIfNeeded: more)
        }
    }

    enum Phase: UInt8, BitwiseCopyable {
        case parts, operations
    }

    static let batch: UInt32 = 1000

    init(
        _ storage: borrowing RawStorage, twins: [UInt32: [UInt32]], output: consuming FlatBuffer<UInt8>,
        memo: consuming WriterMemo
    ) {
        unsafe records = storage.records
        unsafe links = storage.links
        unsafe input = storage.input
        unsafe extra = storage.extra
        self.twins = twins
        writer = PickleWriter(output)
        self.memo = memo
        frames = FlatBuffer(capacity: 16)
        budget = 16 * (storage.recordCount + storage.linkCount) + (1 << 22)
    }

    mutating func write(root: UInt32) throws(PickleError) -> (count: Int, bytes: [UInt8]?) {
        try write(root)
        while frames.count > 0 { try step() }
        return writer.finish()
    }

    /// Writes a leaf, a GET, or the beginning of an object whose children then follow.
    @inline(__always)
    mutating func write(_ node: UInt32) throws(PickleError) {
        writer.beginObject()
        if node >= 0x8000_0000 {
            writer.append(integer: Int(Int32(bitPattern: node << 1) >> 1))
        } else {
            try write(record: node)
        }
    }

    @inline(__always)
    private mutating func write(record node: UInt32) throws(PickleError) {
        let record = unsafe GraphRecord(bits: records[Int(node)])
        if writeLeaf(node, record) { return }
        switch record.kind {
        case .list: try begin(node, record, with: .emptyList)
        case .dict: try begin(node, record, with: .emptyDict)
        case .set: try begin(node, record, with: .emptySet)
        case .tuple, .frozenSet: try beginTuple(node, record)
        case .byteArray: try writeByteArray(node, record)
        case .extension, .buffer: try writeOpaque(node, record)
        case .global: try writeGlobal(node, record)
        default: try beginCall(node, record)
        }
    }

    /// Writes what is no more than one instruction and its number: a GET, a constant, a number, a text.
    ///
    /// - Returns: Whether the node is such a one.
    @inline(__always)
    private mutating func writeLeaf(_ node: UInt32, _ record: GraphRecord) -> Bool {
        let number = memo[node]
        if number != WriterMemo.none {
            writer.get(number)
            return true
        }
        switch record.kind {
        case .string, .bytes, .python2String: writeText(node, record)
        case .none: writer.append(.none)
        case .true: writer.append(.newTrue)
        case .false: writer.append(.newFalse)
        case .integer, .float: writeNumber(node, record)
        case .tuple where unsafe links[record.payload] == 0: writer.append(.emptyTuple)
        default: return false
        }
        return true
    }

    /// Numbers the object just written.
    @inline(__always)
    mutating func memoize(_ node: UInt32) {
        memo[node] = writer.memoize()
    }

    mutating func push(_ frame: Frame) throws(PickleError) {
        budget -= Int(frame.count)
        guard budget > 0 else {
            throw PickleError(
                .limitExceeded,
                "expected a graph that Python can write in linear size, found tuples or calls that "
                    + "contain themselves many times")
        }
        frames.append(frame)
    }

    private mutating func begin(_ node: UInt32, _ record: GraphRecord, with opcode: PickleOpcode) throws(PickleError) {
        writer.append(opcode)
        memoize(node)
        var children = unsafe Children(next: record.payload + 1, count: links[record.payload])
        guard children.count > 0, !writeShort(record.kind, &children) else { return }
        try push(Frame(node, record.kind, children))
    }

    private mutating func beginTuple(_ node: UInt32, _ record: GraphRecord) throws(PickleError) {
        var children = unsafe Children(next: record.payload + 1, count: links[record.payload])
        if children.count > 3 || record.kind == .frozenSet { writer.append(.mark) }
        if writeLeaves(&children) {
            endTuple(node, record.kind, children.count)
        } else {
            try push(Frame(node, record.kind, children))
        }
    }

    /// Writes the items of a list or dict that fits into one batch, if all are leaves, as many such have; else the leaves
    /// that come first.
    ///
    /// - Returns: Whether that was all.
    @inline(__always)
    private mutating func writeShort(_ kind: PickleGraph.Kind, _ children: inout Children) -> Bool {
        // With no item written, a MARK before it would be written again.
        guard kind != .set, children.count < Self.batch, unsafe isLeaf(links[children.next]) else { return false }
        let isOne = children.count == (kind == .dict ? 2 : 1)
        if !isOne { writer.append(.mark) }
        guard writeLeaves(&children) else { return false }
        writer.append(kind == .dict ? (isOne ? .setItem : .setItems) : (isOne ? .append : .appends))
        return true
    }

    /// Writes children that are leaves, up to the first that is none.
    ///
    /// - Returns: Whether that was all.
    @inline(__always)
    private mutating func writeLeaves(_ children: inout Children) -> Bool {
        while children.done < children.count {
            let node = unsafe links[children.next]
            if node >= 0x8000_0000 {
                writeSmallIntegers(node, &children, upTo: children.count)
            } else {
                writer.beginObject()
                guard unsafe writeLeaf(node, GraphRecord(bits: records[Int(node)])) else { return false }
                children.pass(1)
            }
        }
        return true
    }

    @inline(__always)
    private mutating func writeSmallIntegers(_ first: UInt32, _ children: inout Children, upTo end: UInt32) {
        let behind = Int(end &- children.done) &- 1
        children.pass(1)
        children.pass(unsafe writer.append(smallInteger: first, links + children.next, count: behind))
    }

    private func isLeaf(_ node: UInt32) -> Bool {
        if node >= 0x8000_0000 || memo[node] != WriterMemo.none { return true }
        switch unsafe GraphRecord(bits: records[Int(node)]).kind {
        case .string, .bytes, .python2String, .none, .true, .false, .integer, .float: return true
        default: return false
        }
    }

    mutating func beginCall(_ node: UInt32, _ record: GraphRecord) throws(PickleError) {
        let children = unsafe Children(next: record.payload + 1, count: links[record.payload])
        var frame = Frame(node, record.kind, children)
        if record.kind == .instance { writer.append(.mark) }
        if record.has(GraphRecord.special), let twin = twins[node]?.popLast() {
            frame.next = unsafe GraphRecord(bits: records[Int(twin)]).payload + 1
            frame.isTwin = true
        }
        try push(frame)
    }

    /// Goes on with the object on top of the stack: writes its next children, or its end.
    private mutating func step() throws(PickleError) {
        let place = frames.count - 1
        // Field by field, as it was written: a processor that loads a frame as a whole which was just pushed waits until
        // each of its stores has come to the cache.
        let kind = frames[place].kind
        var children = Children(next: frames[place].next, done: frames[place].done, count: frames[place].count)
        let isDone: Bool
        switch kind {
        case .list: isDone = try writeItems(&children)
        case .dict: isDone = try writePairs(&children)
        case .set: return try stepSet(place)
        case .tuple, .frozenSet: isDone = try writeChildren(&children, upTo: children.count)
        default: return try stepCall(place)
        }
        guard isDone else {
            frames[place].next = children.next
            frames[place].done = children.done
            return
        }
        let node = frames[place].node
        frames.removeLast()
        if kind == .tuple || kind == .frozenSet { endTuple(node, kind, children.count) }
    }

    /// One child of the frame at `place`.
    @inline(__always)
    private mutating func writeNext(at place: Int) throws(PickleError) {
        let next = frames[place].next
        frames[place].next = next + 1
        frames[place].done += 1
        try unsafe write(links[next])
    }

    /// Writes children up to the one numbered `end`, or to the first that puts a frame on the stack.
    ///
    /// - Returns: Whether it came to the end.
    @inline(__always)
    private mutating func writeChildren(_ children: inout Children, upTo end: UInt32) throws(PickleError) -> Bool {
        let height = frames.count
        while children.done < end {
            let node = unsafe links[children.next]
            if node >= 0x8000_0000 {
                writeSmallIntegers(node, &children, upTo: end)
            } else {
                writer.beginObject()
                children.pass(1)
                try write(record: node)
                if frames.count != height { return false }
            }
        }
        return true
    }

    /// A list of one item ends with APPEND; a longer one comes in batches, each MARK … APPENDS.
    @inline(__always)
    private mutating func writeItems(_ children: inout Children) throws(PickleError) -> Bool {
        if children.count == 1 {
            guard try writeChildren(&children, upTo: 1) else { return false }
            writer.append(.append)
            return true
        }
        // Between two children this goes on where it was, so what ends a batch comes first.
        while true {
            let done = children.done
            if done > 0, done == children.count || done % Self.batch == 0 { writer.append(.appends) }
            if done == children.count { return true }
            if done % Self.batch == 0 { writer.append(.mark) }
            let end = min(children.count, (done / Self.batch + 1) * Self.batch)
            guard try writeChildren(&children, upTo: end) else { return false }
        }
    }

    /// A dict of one pair ends with SETITEM; a longer one comes in batches, and a full batch is followed by another.
    @inline(__always)
    private mutating func writePairs(_ children: inout Children) throws(PickleError) -> Bool {
        if children.count == 2 {
            guard try writeChildren(&children, upTo: 2) else { return false }
            writer.append(.setItem)
            return true
        }
        while true {
            let done = children.done
            if done % (2 * Self.batch) == 0 {
                if done > 0 { writer.append(.setItems) }
                writer.append(.mark)
            }
            if done == children.count {
                writer.append(.setItems)
                return true
            }
            let end = min(children.count, (done / (2 * Self.batch) + 1) * 2 * Self.batch)
            guard try writeChildren(&children, upTo: end) else { return false }
        }
    }

    /// A set comes in batches as a dict does, one item included.
    private mutating func stepSet(_ place: Int) throws(PickleError) {
        let frame = frames[place]
        if frame.done % Self.batch == 0 {
            if frame.done > 0 { writer.append(.addItems) }
            writer.append(.mark)
        }
        if frame.done == frame.count {
            writer.append(.addItems)
            frames.removeLast()
            return
        }
        try writeNext(at: place)
    }

    private mutating func endTuple(_ node: UInt32, _ kind: PickleGraph.Kind, _ count: UInt32) {
        if memo[node] != WriterMemo.none {
            // It was written on the way: drop these parts and take that one.
            if kind == .frozenSet || count > 3 {
                writer.append(.popMark)
            } else {
                for _ in 0..<count { writer.append(.pop) }
            }
            writer.get(memo[node])
            return
        }
        switch (kind, count) {
        case (.frozenSet, _): writer.append(.frozenSet)
        case (_, 1): writer.append(.tuple1)
        case (_, 2): writer.append(.tuple2)
        case (_, 3): writer.append(.tuple3)
        default: writer.append(.tuple)
        }
        memoize(node)
    }
}

// MARK: - Calls

extension PickleGraphWriter {
    private mutating func stepCall(_ place: Int) throws(PickleError) {
        let frame = frames[place]
        if frame.done < frame.count {
            try writeNext(at: place)
        } else if frame.phase == .parts {
            try endParts(of: frame, at: place)
        } else {
            endOperation(of: frame)
            try beginOperation(of: frame, at: place)
        }
    }

    private mutating func endParts(of frame: Frame, at place: Int) throws(PickleError) {
        switch frame.kind {
        case .reduce: writer.append(.reduce)
        case .newObject: writer.append(.newObject)
        case .newObjectWithKeywords: writer.append(.newObjectWithKeywords)
        case .instance: writer.append(.object)
        case .persistentID: writer.append(.binPersistentID)
        case .readOnlyBuffer: writer.append(.readonlyBuffer)
        default: writer.append(.stackGlobal)
        }
        if memo[frame.node] != WriterMemo.none {
            writer.append(.pop)
            writer.get(memo[frame.node])
            frames.removeLast()
            return
        }
        if frame.isTwin {
            // Nothing inside was the object after all.
            writer.append(.pop)
            frames.removeLast()
            try write(frame.node)
            return
        }
        // Python's pickler numbers neither persistent ids nor views of buffers.
        let counter = frame.next
        let operations = unsafe links[counter]
        let record = unsafe GraphRecord(bits: records[Int(frame.node)])
        let isNumbered = frame.kind != .persistentID && frame.kind != .readOnlyBuffer
        if isNumbered || operations > 0 || record.has(GraphRecord.shared) {
            memoize(frame.node)
        }
        try beginOperations(of: frame, at: place)
    }

    /// Goes from an object's parts to what is done to it.
    mutating func beginOperations(of frame: Frame, at place: Int) throws(PickleError) {
        var after = frame
        after.phase = .operations
        after.operationsLeft = unsafe links[frame.next]
        after.next += 1
        try beginOperation(of: after, at: place)
    }

    private mutating func beginOperation(of frame: Frame, at place: Int) throws(PickleError) {
        guard frame.operationsLeft > 0 else {
            frames.removeLast()
            return
        }
        var after = frame
        after.operation = unsafe links[frame.next]
        after.count = unsafe links[frame.next + 1]
        after.next += 2
        after.done = 0
        after.operationsLeft -= 1
        frames[place] = after
        budget -= Int(after.count)
        if isBatch(after) { writer.append(.mark) }
    }

    /// Whether the operation takes its operands from a MARK on; one item or one pair does without.
    private func isBatch(_ frame: Frame) -> Bool {
        switch PickleGraph.Operation(rawValue: frame.operation) {
        case .append: frame.count != 1
        case .setItems: frame.count != 2
        case .addItems: true
        case .build, nil: false
        }
    }

    private mutating func endOperation(of frame: Frame) {
        switch PickleGraph.Operation(rawValue: frame.operation) {
        case .append: writer.append(isBatch(frame) ? .appends : .append)
        case .setItems: writer.append(isBatch(frame) ? .setItems : .setItem)
        case .addItems: writer.append(.addItems)
        case .build, nil: writer.append(.build)
        }
    }
}
