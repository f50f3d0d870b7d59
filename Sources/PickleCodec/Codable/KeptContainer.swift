// One keyed container for many elements.
//
// `container(keyedBy:)` gives a `KeyedDecodingContainer<Key>` or its counterpart for encoding: a reference to a box that
// the standard library allocates, after it has looked up the box's generic type. For small elements that is a quarter
// of all the work. Where many are read one after the other from one frame, what the box refers to stays the same. So
// it is kept, and given out again:
//
//     element    decoder    container(keyedBy: Keys.self)    afterwards
//     0          d          makes box b of frame f           d and b are held by nobody else
//     1          d          b again, f shows element 1       somebody holds b: d, b and f are theirs from now on
//     2          d'         makes box b' of frame f'

/// The keyed container that was given out last, to be given out again as long as nobody else holds it.
struct KeptContainer {
    private var keys: ObjectIdentifier?
    private var box: AnyObject?
    /// A ``ContainerReader`` of the container's type.
    private var reader: AnyObject?

    /// Whether nobody else holds what was given out.
    var isFree: Bool {
        @inline(__always) mutating get { box == nil || isKnownUniquelyReferenced(&box) }
    }

    /// Whether a container for these keys is kept.
    @inline(__always)
    func isKept(keyedBy type: Any.Type) -> Bool { keys == ObjectIdentifier(type) }

    /// The kept container, which is one for the keys that its type says: see ``isKept(keyedBy:)``.
    @inline(__always)
    func container<Container>() -> Container {
        unsafe unsafeDowncast(reader.unsafelyUnwrapped, to: ContainerReader<Container>.self)
            .container(box.unsafelyUnwrapped)
    }

    /// Keeps a container from now on, unless somebody holds the one before.
    ///
    /// - Returns: Whether it is kept.
    @inline(never)
    mutating func keep<Container>(_ container: Container, keyedBy type: Any.Type) -> Bool {
        // The standard library's containers are one reference to their box. Were they more, they would not be kept.
        guard isFree, MemoryLayout<Container>.size == MemoryLayout<AnyObject>.size else { return false }
        box = unsafe unsafeBitCast(container, to: AnyObject.self)
        reader = ContainerReader<Container>()
        keys = ObjectIdentifier(type)
        return true
    }
}

/// Makes a container of the box that it is. An object knows its own generic type, where a function would look it up.
private final class ContainerReader<Container> {
    @inline(never)
    func container(_ box: AnyObject) -> Container { unsafe unsafeBitCast(box, to: Container.self) }
}
