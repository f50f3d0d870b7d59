// What a pickle builds, in three flat arrays: no allocation per node, and nothing to free one by one.
//
// A *node* is 32 bits. With the top bit set it is a small integer itself (31 bits, signed); otherwise it is an
// index into `records`. A *record* is 64 bits: the kind in the top byte, below it
//   - for a leaf (int, float, str, bytes …) the position of one instruction that pushes it: in the input, or behind
//     the input in `extra`, where instructions stand that the input did not spell in this form;
//   - for anything with children the index in `links` where they are listed.
//
//     pickle  (80 04) 5d 94 28 4b 07 8c 01 61 94 68 01 65 2e        x = 'a'; [7, x, x]
//     records 0 none · 1 false · 2 true · 3 list → links 1 · 4 str → byte 7
//     links   0: 0 (nothing) · 1: 3 (children), 7 (small integer), 4, 4
//
// Layout of `links`: a count n, then n nodes. A dict lists key, value, key, value … as written, a key that was set
// twice stands there twice. An object (`Kind.isObject`) lists its constructor's parts (callable, arguments …), then a
// count of later operations, and each operation as: operation, count, nodes.

/// Everything that a pickle says, as a graph: shared and cyclic references, classes, calls and states included.
///
/// A graph is immutable and cheap to copy. It gives the *structure*: dict pairs as written, objects as the calls that
/// build them. ``PickleValue`` gives the same data with Python's meaning.
public struct PickleGraph: Sendable {
    @usableFromInline let storage: Storage

    /// The value that the pickle builds.
    public let root: Node

    init(storage: Storage, root: Node) {
        self.storage = storage
        self.root = root
    }

    /// One object of a graph, by identity: equal nodes of one graph are the same Python object.
    ///
    /// Small integers, `None`, `True` and `False` have no identity of their own.
    public struct Node: Hashable, Sendable, BitwiseCopyable {
        @usableFromInline let rawValue: UInt32

        @inlinable init(rawValue: UInt32) { self.rawValue = rawValue }

        static let none = Node(rawValue: 0)
        static let `false` = Node(rawValue: 1)
        static let `true` = Node(rawValue: 2)

        /// The node that is a small integer itself, where `value` fits in 31 bits.
        @inlinable init?(smallInteger value: Int) {
            guard value >= -0x4000_0000, value < 0x4000_0000 else { return nil }
            rawValue = UInt32(truncatingIfNeeded: value) | 0x8000_0000
        }

        /// The integer, where the node is one itself.
        @inlinable var smallInteger: Int? {
            rawValue & 0x8000_0000 == 0 ? nil : Int(Int32(bitPattern: rawValue << 1) >> 1)
        }
    }

    /// The arrays. Shared by every copy of a graph and by all values taken from it.
    @safe @usableFromInline final class Storage: Sendable {
        let input: [UInt8]
        let extra: [UInt8]
        let records: FlatBuffer<UInt64>
        let links: FlatBuffer<UInt32>
        /// The calls by which an object was begun that took part in building itself before it was finished: Python's
        /// pickler writes such a call in full, drops what it makes, and takes the object that was finished on the
        /// way. Innermost first. Their arguments are equal to the object's, but other objects.
        let twins: [UInt32: [UInt32]]

        // Where the elements of `input` and `extra` are. They don't move while the arrays are held and not changed; to
        // ask the arrays for each leaf would be to count references to them.
        nonisolated(unsafe) let inputStart: UnsafePointer<UInt8>?
        nonisolated(unsafe) let extraStart: UnsafePointer<UInt8>?

        init(
            input: [UInt8], extra: [UInt8], records: consuming FlatBuffer<UInt64>, links: consuming FlatBuffer<UInt32>,
            twins: [UInt32: [UInt32]]
        ) {
            self.twins = twins
            self.input = input
            self.extra = extra
            self.records = records
            self.links = links
            unsafe inputStart = input.withUnsafeBufferPointer { $0.baseAddress }
            unsafe extraStart = extra.withUnsafeBufferPointer { $0.baseAddress }
        }
    }
}
