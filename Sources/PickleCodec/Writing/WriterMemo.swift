/// The numbers of the objects that were written: in an array where the whole graph is being written, else in a table of
/// those met.
struct WriterMemo: ~Copyable {
    private var dense: FlatBuffer<UInt32>
    private var sparse: [UInt32: UInt32] = [:]
    private let isDense: Bool

    static let none = UInt32.max

    /// Creates an empty memo.
    ///
    /// - Parameter recordCount: How many objects there are, if most of them will be met.
    init(recordCount: Int?) {
        isDense = recordCount != nil
        dense = FlatBuffer(capacity: recordCount ?? 0, .passing)
        dense.append(repeating: Self.none, count: recordCount ?? 0)
    }

    subscript(node: UInt32) -> UInt32 {
        @inline(__always)
        get { isDense ? dense[Int(node)] : sparse[node] ?? Self.none }
        @inline(__always)
        set {
            if isDense { dense[Int(node)] = newValue } else { sparse[node] = newValue }
        }
    }
}
