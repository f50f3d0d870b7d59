extension Segment {
    /// Which of the two ways an operation takes now to notice that the segment was replaced.
    var coherenceInUse: RememoryOptions.Coherence {
        get throws { try withLock { _ in core.usesSentinel ? .sentinel : .systemCall } }
    }
}

extension RememoryDict {
    /// How operations notice now that the segment was replaced: `sentinel` or `systemCall`.
    ///
    /// With `automatic` coherence a block begins with the one and goes over to the other once it is used enough, where
    /// the system offers it.
    public var coherenceInUse: RememoryOptions.Coherence { get throws { try segment.coherenceInUse } }
}

extension RememoryList {
    /// How operations notice now that the segment was replaced: `sentinel` or `systemCall`.
    public var coherenceInUse: RememoryOptions.Coherence { get throws { try segment.coherenceInUse } }
}

extension RememoryInt {
    /// How operations notice now that the segment was replaced: `sentinel` or `systemCall`.
    public var coherenceInUse: RememoryOptions.Coherence { get throws { try store.scalar.segment.coherenceInUse } }
}
