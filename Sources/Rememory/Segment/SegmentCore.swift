import Synchronization

/// The segment of one name in this process, shared by all its handles.
///
/// Everything here is guarded by the block's lock, the named semaphore, except where said otherwise.
@safe final class SegmentCore: @unchecked Sendable {
    let name: BlockName
    let lock: BlockLock
    let template: SegmentTemplate
    let options: RememoryOptions

    /// What every operation needs, in one place that is read without reference counting.
    @safe struct State {
        var bytes: UnsafeMutableRawBufferPointer
        /// Never used twice in a process: the bytes of another segment have another number.
        var generation: UInt64
    }

    let state: UnsafeMutablePointer<State>
    private(set) var mapped: MappedSegment

    /// How many handles there are. Guarded by the registry.
    let handles = Atomic<Int>(0)
    /// Whether the block was removed, or all handles closed. Then the next to open the name starts anew.
    private let retired = Atomic<Bool>(false)

    private static let generations = Atomic<UInt64>(0)

    init(
        _ mapped: MappedSegment, _ name: BlockName, _ template: SegmentTemplate, _ lock: BlockLock,
        _ options: RememoryOptions
    ) {
        self.mapped = mapped
        self.name = name
        self.template = template
        self.lock = lock
        self.options = options
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State(bytes: mapped.bytes, generation: SegmentCore.nextGeneration()))
    }

    deinit {
        unsafe state.deallocate()
    }

    private static func nextGeneration() -> UInt64 {
        generations.add(1, ordering: .relaxed).newValue
    }

    var isRetired: Bool { retired.load(ordering: .acquiring) }

    func retire() { retired.store(true, ordering: .releasing) }

    /// Goes on with another segment.
    func adopt(_ other: MappedSegment) {
        mapped = other
        unsafe state.pointee = State(bytes: other.bytes, generation: SegmentCore.nextGeneration())
    }

    /// Whether the name still stands for this segment, with nothing to put right.
    var isCurrent: Bool {
        guard !isRetired, let facts = try? SystemCalls.factsIfAny(SharedMemoryPlace.segment(name)) else { return false }
        return facts.identity == mapped.identity
    }

    /// Ends the use of the segment by this process; the guard link goes with the last process that has it open.
    func shut() {
        guard !isRetired else { return }
        guard (try? lock.acquire(timeout: .milliseconds(50))) != nil else { return retire() }
        defer { lock.release() }
        retire()
        dropGuard()
    }
}
