/// The keyed container that was made last, given out again where one for the same keys is asked for: that is asked for
/// each value, and to make one takes longer than to read the value.
struct LastContainer {
    private var keys: ObjectIdentifier?
    private var holder: AnyObject?

    /// Whether there is one for these keys.
    @inline(__always)
    func isKeyed(by type: Any.Type) -> Bool { keys == ObjectIdentifier(type) }

    /// The container, which is one for the keys that its type says: see ``isKeyed(by:)``.
    @inline(__always)
    func container<Container>() -> Container {
        unsafe unsafeDowncast(holder.unsafelyUnwrapped, to: Holder<Container>.self).copied()
    }

    mutating func keep<Container>(_ container: Container, keyedBy type: Any.Type) {
        holder = Holder(container)
        keys = ObjectIdentifier(type)
    }
}

/// An object knows what it is generic over. Who asks does not, and would have to look it up in order to copy the container:
/// so the copy is made here, by itself.
private final class Holder<Container> {
    private let container: Container

    init(_ container: Container) { self.container = container }

    @inline(never)
    func copied() -> Container { container }
}
