// A pickle in a segment that is added to, instead of being read and written whole.
//
// A pickle is a program for a small stack machine. Where Python writes {'a': 1} and Swift then sets b, the segment
// holds, step by step (offsets on top, `..` for bytes that don't matter):
//
//     written by Python   80 04 95 0e00000000000000 7d 94 8c 01 61 94 4b 01 73 2e 00 00 …
//     marked by Swift     80 04 43 06 .. .. .. .. .. .. 30 7d 94 8c 01 61 94 4b 01 73 2e 00 …         stamp, fence
//     instructions behind                                …                    73 2e 8c 01 62 4b 02 75 2e 00 …
//     the commit                                         …                    73 28 8c 01 62 4b 02 75 2e 00 …
//                                                                                ^^ STOP became MARK: one byte
//
// A process that dies before the commit has changed nothing, after it everything, and Python reads one whole pickle at
// every moment. A value that differs from the old one in at most eight bytes side by side, and is as long, is replaced
// where it stands, by one store. Everything else (delete, insert, tidying up) writes a new program into free space,
// behind the old one or, where the old one begins far enough behind, before it, and commits with the eight bytes at
// offset 0 that say how long the comment is which the content begins with (see Stamp.swift).
//
// What this process knows is an index of extents, never of values. It stays good as long as head and stamp are the
// ones it was made from; it follows what others appended by scanning just that; after a Python write it starts anew.

import PickleCodec

/// How a dict or list is laid out in its segment.
public enum RememoryLayout: Sendable, Hashable {
    /// Changes are appended to the pickle, and the pickle is tidied up now and then.
    case journal
    /// The bytes that Python would write, and nothing else. Every change writes all of it, as Python does.
    case canonical
}

/// The content of one dict or list as one handle knows it. Every method is called with the block's lock held.
@safe final class Journal<Index: ContentIndex>: @unchecked Sendable {
    /// What the segment looked like when `index` was made or last brought up to date.
    struct Known {
        var identity: UInt64
        var head: Head
        /// What the stamp said; without a stamp, `knownCopy` is compared.
        var stamp: Stamp.Reading?
        /// Whether there could be a stamp, and none was written yet: the index holds until the lock is released.
        var isProvisional = false
    }

    private struct State {
        var scanner = ContentScanner()
        var known: Known?
        var knownCopy: [UInt8] = []
        var scratch: [UInt8] = []
        var isVerified = true
        var stopOffset = 0
        var plainCopy: SegmentCopy?
        var wholeGraph: PickleGraph?
        var lastWhole = LastWhole()
    }

    let name: BlockName
    let layout: RememoryLayout
    /// Behind a pointer, since the lock already keeps others out: what a class checks at each access to a variable
    /// would cost as much as a lookup.
    private let state: UnsafeMutablePointer<State>
    private let indexStorage: UnsafeMutablePointer<Index>

    init(name: BlockName, layout: RememoryLayout) {
        self.name = name
        self.layout = layout
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State())
        unsafe indexStorage = .allocate(capacity: 1)
        unsafe indexStorage.initialize(to: Index())
    }

    deinit {
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
        unsafe indexStorage.deinitialize(count: 1)
        unsafe indexStorage.deallocate()
    }

    /// Where the entries stand in `source`.
    var index: Index {
        @inline(__always) unsafeAddress { unsafe UnsafePointer(indexStorage) }
        @inline(__always) unsafeMutableAddress { unsafe indexStorage }
    }

    /// What the last scan found besides entries.
    private(set) var scanner: ContentScanner {
        @inline(__always) _read { yield unsafe state.pointee.scanner }
        @inline(__always) _modify { yield unsafe &state.pointee.scanner }
    }

    var known: Known? {
        @inline(__always) get { unsafe state.pointee.known }
        @inline(__always) set { unsafe state.pointee.known = newValue }
    }

    /// The bytes up to STOP of content that has no stamp.
    private var knownCopy: [UInt8] {
        get { unsafe state.pointee.knownCopy }
        set { unsafe state.pointee.knownCopy = newValue }
    }

    /// The offset of STOP in `source`.
    private(set) var stopOffset: Int {
        @inline(__always) get { unsafe state.pointee.stopOffset }
        @inline(__always) set { unsafe state.pointee.stopOffset = newValue }
    }

    /// The content in plain form, where what stands in the segment can't be followed by a scan.
    private var plainCopy: SegmentCopy? {
        @inline(__always) _read { yield unsafe state.pointee.plainCopy }
        @inline(__always) _modify { yield unsafe &state.pointee.plainCopy }
    }

    /// What is put back if a process dies that may have been writing over it.
    var lastWhole: LastWhole {
        @inline(__always) _read { yield unsafe state.pointee.lastWhole }
        @inline(__always) _modify { yield unsafe &state.pointee.lastWhole }
    }

    private var wholeGraph: PickleGraph? {
        @inline(__always) _read { yield unsafe state.pointee.wholeGraph }
        @inline(__always) _modify { yield unsafe &state.pointee.wholeGraph }
    }

    /// Whether all of the content is known to be a pickle that Python would load. A scan looks at its structure alone,
    /// which is enough to read an entry, and not to write over or behind what somebody else wrote.
    private var isVerified: Bool {
        get { unsafe state.pointee.isVerified }
        set { unsafe state.pointee.isVerified = newValue }
    }

    /// Checks all of the content before the first change to what Python wrote.
    ///
    /// - Throws: ``RememoryError`` with the code `corruptContent`; the content stays as it is.
    private func verify(_ access: borrowing SegmentAccess) throws(RememoryError) {
        guard !isVerified else { return }
        _ = try whole(access)
        isVerified = true
    }

    /// What the extents of the index refer to.
    @inline(__always)
    func source(_ access: borrowing SegmentAccess) -> SegmentBytes {
        if let plainCopy { return plainCopy.content }
        return access.content
    }

    // MARK: Reading

    /// Makes the index say what the segment holds.
    ///
    /// - Complexity: O(1) if nothing was written, linear in what other Swift processes appended, linear in the
    ///   content after a Python write.
    @inline(__always)
    func bringCurrent(_ access: borrowing SegmentAccess) throws(RememoryError) {
        if let known, let stamped = known.stamp, known.identity == access.identity {
            let bytes = access.content
            if Head(of: bytes) == known.head, Stamp(of: bytes)?.isStill(stamped) == true { return }
        }
        try follow(access)
    }

    private func follow(_ access: borrowing SegmentAccess) throws(RememoryError) {
        let bytes = access.content
        wholeGraph = nil
        if try putBackIfTorn(access) { return }
        if let known, known.identity == access.identity, bytes.count >= 16, Head(of: bytes) == known.head {
            if let old = known.stamp {
                if followAppends(since: old, bytes) { return }
            } else if known.isProvisional {
                self.known = nil
                return try reload(bytes, identity: access.identity, isSecondLook: true)
            } else if knownCopy.count <= bytes.count,
                unsafe knownCopy.withUnsafeBytes({ unsafe bytes.equal(0..<knownCopy.count, $0) })
            {
                return
            }
        }
        known = nil
        try reload(bytes, identity: access.identity, isSecondLook: false)
    }

    private func followAppends(since old: Stamp.Reading, _ bytes: SegmentBytes) -> Bool {
        guard let now = Stamp(of: bytes)?.read(), now.epoch == old.epoch, now.start == old.start, now.end >= old.end
        else { return false }
        let oldStop = stopOffset
        if now.end > old.end {
            guard bytes[stopOffset] == Opcode.mark,
                let stop = try? scanner.scan(bytes, from: stopOffset, to: Int(now.end) + 1, into: &index),
                stop == Int(now.end)
            else { return false }
            stopOffset = stop
        }
        known?.stamp = now
        lastWhole.follow(bytes, changed: now.end > old.end ? oldStop..<Int(now.end) + 1 : nil, from: old, to: now)
        return true
    }

    private func reload(_ bytes: SegmentBytes, identity: UInt64, isSecondLook: Bool) throws(RememoryError) {
        guard bytes.count <= Int(UInt32.max) else {
            throw .unsupported(name, "its segment has \(bytes.count) bytes, and a journal ends at 4 GiB")
        }
        plainCopy = nil
        scanner = ContentScanner()
        index.begin()
        isVerified = bytes.count >= 16 && Head(of: bytes).isSwift
        let isUndecided = Stamp(of: bytes)?.distrusted != nil
        do {
            stopOffset = try scanner.scan(bytes, from: 0, to: bytes.count, into: &index)
            guard scanner.kind == Index.kind else { throw ScanFailure.irregular }
        } catch {
            try readWhole(bytes)
        }
        if isUndecided, plainCopy == nil { _ = try Content.decode(bytes.array(0..<stopOffset + 1), name) }
        adopt(bytes, identity: identity, isSecondLook: isSecondLook || isUndecided)
        // Others may count on what was found here now: nobody puts anything back any more.
        if isUndecided, let stamp = Stamp(of: bytes), stamp.distrusted != nil { stamp.erase() }
    }

    /// Reads what a scan can't follow: decodes it whole, and scans the plain form of the same value.
    private func readWhole(_ bytes: SegmentBytes) throws(RememoryError) {
        let used = bytes.usedCount
        let plain: [UInt8]
        if used == 0 {
            plain = Content.empty(Index.kind)
        } else {
            plain = try Content.plainForm(of: bytes.array(0..<used), as: Index.kind, name)
        }
        try scanPlain(plain)
    }

    private func scanPlain(_ plain: [UInt8]) throws(RememoryError) {
        let copy = SegmentCopy(of: plain)
        plainCopy = copy
        scanner = ContentScanner()
        index.begin()
        do {
            stopOffset = try scanner.scan(copy.content, from: 0, to: copy.content.count, into: &index)
        } catch {
            throw .unsupported(name, "its content is a pickle that can't be taken apart (\(error))")
        }
    }

    /// Remembers what the index was made from.
    ///
    /// Content without a stamp is stamped with the second look, so that the next ones are cheap: a process that only
    /// attaches and looks once writes nothing.
    private func adopt(_ bytes: SegmentBytes, identity: UInt64, isSecondLook: Bool) {
        let head = bytes.count >= 16 ? Head(of: bytes) : Head(first: 0, second: 0)
        if layout == .journal, plainCopy == nil, let stamp = Stamp(of: bytes), stopOffset < stamp.base {
            if (head.isSwift || head.isMarked), let reading = stamp.read(), Int(reading.end) == stopOffset {
                let former = known?.stamp
                known = Known(identity: identity, head: head, stamp: reading)
                lastWhole.follow(bytes, movedTo: Int(reading.start)..<stopOffset + 1, from: former, to: reading)
                return
            }
            if head.isSwift || head.isMarked || head.isFramed {
                known = Known(identity: identity, head: head, stamp: nil, isProvisional: true)
                if isSecondLook { mark(bytes, stamp) }
                return
            }
        }
        let used = plainCopy == nil ? stopOffset + 1 : bytes.usedCount
        known = Known(identity: identity, head: head, stamp: nil)
        knownCopy = bytes.array(0..<used)
    }

    /// Marks and stamps content that was just scanned.
    private func mark(_ bytes: SegmentBytes, _ stamp: Stamp) {
        guard let known, known.isProvisional else { return }
        var head = known.head
        if head.isFramed {
            let marked = head.marked(with: .random(in: .min ... .max))
            // Python writes without the lock when it creates a block: then there is nothing to mark any more.
            guard bytes.exchangeHead(expected: (head.first, head.second), with: (marked.first, marked.second)) else {
                return
            }
            head = marked
            KillPoint.pass(.markExchanged)
        }
        let reading = Stamp.Reading(
            epoch: .random(in: .min ... .max), generation: 1, start: UInt32(programStart(head)),
            end: UInt32(stopOffset))
        stamp.write(reading)
        KillPoint.pass(.markStamped)
        self.known = Known(identity: known.identity, head: head, stamp: reading)
        lastWhole.take(bytes, upTo: stopOffset + 1, as: reading)
    }

    /// The stamp that a change in place counts on. Content that was only looked at so far gets one.
    @inline(__always)
    private func stampToChange(_ bytes: SegmentBytes) -> (Stamp, Stamp.Reading)? {
        guard plainCopy == nil, let stamp = Stamp(of: bytes) else { return nil }
        if known?.stamp == nil { mark(bytes, stamp) }
        guard let reading = known?.stamp else { return nil }
        return (stamp, reading)
    }

    private func programStart(_ head: Head) -> Int {
        head.isSwift ? Int(head.first >> 24 & 0xffff_ffff) + 8 : 2
    }

    /// The graph of all of the content, for what can't be read entry by entry.
    func whole(_ access: borrowing SegmentAccess) throws(RememoryError) -> PickleGraph {
        if let wholeGraph { return wholeGraph }
        let graph = try Content.decode(source(access).array(0..<stopOffset + 1), name)
        wholeGraph = graph
        return graph
    }

    /// Makes the index say what the segment holds, or that it is empty where that can't be read: for who is to replace
    /// all of it, whatever it is.
    func bringCurrentToReplace(_ access: borrowing SegmentAccess) throws(RememoryError) {
        do throws(RememoryError) {
            try bringCurrent(access)
            try verify(access)
        } catch {
            known = nil
            wholeGraph = nil
            try scanPlain(Content.empty(Index.kind))
            isVerified = true
        }
    }

    // MARK: Changing in place

    /// Replaces a value by one that is as long and differs in at most eight bytes side by side.
    ///
    /// - Returns: whether that was possible.
    @inline(__always)
    func patch(_ extent: Extent, with fragment: [UInt8], _ access: borrowing SegmentAccess) throws(RememoryError)
        -> Bool
    {
        let bytes = access.content
        guard extent.count == fragment.count, plainCopy == nil, ownsItsBytes(extent, bytes) else { return false }
        if !isVerified { try verify(access) }
        guard let (stamp, reading) = stampToChange(bytes) else { return false }
        let start = Int(extent.lower)
        lastWhole.anticipate(start)
        var first = 0
        while first < fragment.count, bytes[start + first] == fragment[first] { first += 1 }
        guard first < fragment.count else { return true }
        var last = fragment.count - 1
        while bytes[start + last] == fragment[last] { last -= 1 }
        guard last - first < 8 else { return false }
        var word = bytes.load(UInt64.self, at: start + first)
        for position in first...last {
            let shift = UInt64(8 * (position - first))
            word = word & ~(0xff << shift) | UInt64(fragment[position]) << shift
        }
        stamp.begin(after: reading.generation)
        KillPoint.pass(.patchBegun)
        bytes.patch(word: word, at: start + first)
        KillPoint.pass(.patchStored)
        commit(stamp, reading, bytes, changed: start + first..<start + last + 1)
        KillPoint.pass(.patchStamped)
        return true
    }

    /// Whether nothing else can refer to what an extent builds.
    private func ownsItsBytes(_ extent: Extent, _ bytes: SegmentBytes) -> Bool {
        if !scanner.needsNormalizing, scanner.numberedMemo.isEmpty { return true }
        switch bytes[Int(extent.lower)] {
        case Opcode.binInt1: return extent.count == 2
        case Opcode.binInt2: return extent.count == 3
        case Opcode.binInt: return extent.count == 5
        case Opcode.binFloat: return extent.count == 9
        case Opcode.none, Opcode.newTrue, Opcode.newFalse: return extent.count == 1
        default: return false
        }
    }

    @inline(__always)
    private func commit(
        _ stamp: Stamp, _ reading: Stamp.Reading, _ bytes: SegmentBytes, changed: Range<Int>
    ) {
        var next = reading
        next.generation &+= 1
        next.end = UInt32(stopOffset)
        stamp.commit(next)
        known?.stamp = next
        known?.head = Head(of: bytes)
        lastWhole.follow(bytes, changed: changed, from: reading, to: next)
        wholeGraph = nil
    }

    // MARK: Appending

    /// Appends instructions, MARK first and STOP last, to the program.
    ///
    /// - Returns: whether there was room, and a stamp to say so.
    func append(_ instructions: [UInt8], _ access: borrowing SegmentAccess) throws(RememoryError) -> Bool {
        let bytes = access.content
        let oldStop = stopOffset
        let newEnd = stopOffset + instructions.count - 1
        try verify(access)
        guard let (stamp, reading) = stampToChange(bytes), newEnd < stamp.base else { return false }
        stamp.begin(after: reading.generation)
        KillPoint.pass(.appendBegun)
        bytes.write(instructions[1...], at: stopOffset + 1)
        KillPoint.pass(.appendWritten)
        bytes.commit(byte: Opcode.mark, at: stopOffset)
        KillPoint.pass(.appendCommitted)
        do {
            stopOffset = try scanner.scan(bytes, from: stopOffset, to: newEnd + 1, into: &index)
        } catch {
            known = nil
            throw .unsupported(name, "what was appended can't be followed (\(error))")
        }
        commit(stamp, reading, bytes, changed: oldStop..<newEnd + 1)
        KillPoint.pass(.appendStamped)
        return true
    }

    /// Lends an empty array whose memory is kept, for the instructions of small changes.
    @inline(__always)
    func withScratch<Result>(_ body: (inout [UInt8]) throws -> Result) rethrows -> Result {
        var scratch: [UInt8] = []
        unsafe swap(&scratch, &state.pointee.scratch)
        defer { unsafe swap(&scratch, &state.pointee.scratch) }
        scratch.removeAll(keepingCapacity: true)
        return try body(&scratch)
    }

    // MARK: Rewriting

    /// Whether entries may use what others memoized.
    var isEntangled: Bool { scanner.isEntangled }

    /// The first memo number that nothing in the content uses.
    var firstFreeMemoNumber: Int { scanner.firstFreeMemoNumber }

    /// Makes `program` (from its EMPTY_DICT or EMPTY_LIST to STOP) the content.
    ///
    /// - Complexity: linear in the program; linear in the segment in canonical layout and where it grows.
    func replace(with program: [UInt8], _ access: inout SegmentAccess) throws {
        try verify(access)
        let bytes = access.content
        if layout == .canonical {
            return try replace(with: try Content.decode([0x80, 0x04] + program, name).sharingSingletons(), &access)
        } else if let stamp = Stamp(of: bytes), let start = freeSpace(for: program.count, before: stamp.base, bytes) {
            commitBeside(count: program.count, at: start, stamp, bytes) { bytes.write(program[...], at: start) }
        } else if let stamp = Stamp(of: bytes), Head.byteCount + program.count <= stamp.base {
            try writeWhole(Content.headed(program), stamped: true, &access)
        } else if program.count + 2 <= bytes.count {
            try writeWhole([0x80, 0x04] + program, stamped: false, &access)
        } else {
            try writeWhole(Content.headed(program), stamped: true, &access)
        }
        known = nil
        wholeGraph = nil
        try reload(access.content, identity: access.identity, isSecondLook: true)
    }

    /// Whether entries may be copied byte by byte, and where they land is all that has to be known of the copies.
    var isPlainlyCopied: Bool { layout == .journal && plainCopy == nil && scanner.isPlain }

    /// Makes a program the content that `write` makes from what the index knows, and the index one of it.
    ///
    /// - Parameters:
    ///   - count: How long the program will be.
    ///   - write: Writes the program, and changes the index, for where the program will begin in the segment.
    /// - Returns: whether there was room; if not, nothing has changed.
    func replaceAndReindex(
        count: Int, _ access: inout SegmentAccess, write: (SegmentBytes.Writer, _ start: Int) -> Void
    ) throws -> Bool {
        try verify(access)
        let bytes = access.content
        guard let stamp = Stamp(of: bytes) else { return false }
        let start: Int
        defer { wholeGraph = nil }
        if let beside = freeSpace(for: count, before: stamp.base, bytes) {
            start = beside
            commitBeside(count: count, at: start, stamp, bytes) { write(bytes.writer(at: start), start) }
        } else if Head.byteCount + count <= stamp.base {
            start = Head.byteCount
            let program = SegmentCopy(capacity: count).withContent { content in
                write(content.writer(at: 0), start)
                return content.array(0..<count)
            }
            do {
                try writeWhole(Content.headed(program), stamped: true, &access)
            } catch {
                known = nil  // the index is of what was not written
                throw error
            }
        } else {
            return false
        }
        stopOffset = start + count - 1
        scanner = ContentScanner(behind: Extent(lower: UInt32(start), upper: UInt32(stopOffset)), of: Index.kind)
        adopt(access.content, identity: access.identity, isSecondLook: true)
        return true
    }

    /// Makes the root of a graph the content, as Python writes it.
    func replace(with graph: PickleGraph, _ access: inout SegmentAccess) throws {
        try verify(access)
        try writeWhole(try Content.encode(graph, name), stamped: false, &access)
        known = nil
        wholeGraph = nil
        try reload(access.content, identity: access.identity, isSecondLook: true)
    }

    /// Where a new program has room beside the current one, which must stay readable until the commit.
    private func freeSpace(for count: Int, before limit: Int, _ bytes: SegmentBytes) -> Int? {
        guard let known else { return nil }
        if known.head.isSwift, plainCopy == nil, Head.byteCount + count < programStart(known.head) {
            return Head.byteCount
        }
        let occupied = plainCopy == nil ? stopOffset + 1 : knownCopy.count
        let start = max(Head.byteCount, occupied + 1)
        return start + count <= limit ? start : nil
    }

    /// Lets a program be written into free space, and makes it the content.
    private func commitBeside(
        count: Int, at start: Int, _ stamp: Stamp, _ bytes: SegmentBytes, write: () -> Void
    ) {
        stamp.begin(after: known?.stamp?.generation ?? 0)
        KillPoint.pass(.besideBegun)
        bytes.store(Opcode.pop, at: start - 1)
        write()
        KillPoint.pass(.besideWritten)
        bytes.commit(word: Head(of: bytes).swiftWord(programAt: start), at: 0)
        KillPoint.pass(.besideCommitted)
        stamp.write(
            Stamp.Reading(
                epoch: .random(in: .min ... .max), generation: 1, start: UInt32(start),
                end: UInt32(start + count - 1)))
        KillPoint.pass(.besideStamped)
    }

    /// Writes from offset 0, as Python does, into this segment or, where it is too small, into a larger one.
    private func writeWhole(
        _ content: [UInt8], stamped: Bool, _ access: inout SegmentAccess
    ) throws {
        let fill = { (buffer: UnsafeMutableRawBufferPointer) in
            let bytes = unsafe SegmentBytes(buffer)
            if let stamp = Stamp(of: bytes) { stamp.begin(after: 0) }
            KillPoint.pass(.wholeBegun)
            bytes.write(content[...], at: 0)
            KillPoint.pass(.wholeWritten)
            bytes.clear(content.count..<bytes.count)
            KillPoint.pass(.wholeCleared)
            if stamped, let stamp = Stamp(of: bytes) {
                stamp.write(
                    Stamp.Reading(
                        epoch: .random(in: .min ... .max), generation: 1, start: UInt32(Head.byteCount),
                        end: UInt32(content.count - 1)))
                KillPoint.pass(.wholeStamped)
            }
        }
        if content.count <= access.content.count {
            try unsafe access.overwrite { unsafe fill($0) }
        } else {
            let needed = content.count + (stamped ? 2 * Stamp.byteCount : 0)
            try unsafe access.grow(toAtLeast: needed) { unsafe fill($0) }
        }
    }
}
