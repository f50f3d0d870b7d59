/// Which Swift types stand for which Python classes.
///
/// ```swift
/// var classes = PickleClasses()
/// classes.register(Player.self, as: "game.Player")
/// classes.register(Point.self, as: "game.Point", .namedTuple(fields: ["x", "y"]))
/// classes.register(Color.self, as: "game.Color", .enumeration)
/// ```
///
/// Given to a ``PickleEncoder``, a `Player` is written as Python writes a `game.Player`, and Python gets one. Given to a
/// ``PickleDecoder``, a `Player` is read from a `game.Player` (or from a plain `dict`), and an object of another class
/// in its place is an error.
public struct PickleClasses: Sendable {
    /// How Python pickles the objects of a class.
    public enum Form: Sendable, Hashable {
        /// A class with a `__dict__`: most dataclasses, and plain classes. The coding keys are its attributes.
        case attributes
        /// A class with `__slots__`, such as `@dataclass(slots=True)`.
        case slots
        /// A dataclass with `slots=True` and `frozen=True`, whose state is the list of its fields, in this order.
        case frozenSlots(fields: [String])
        /// A `namedtuple` or `NamedTuple` with these fields, in this order.
        case namedTuple(fields: [String])
        /// An `Enum`; the Swift type encodes the member's value, as enums with raw values do.
        case enumeration
    }

    struct Entry: Sendable {
        var module: String
        var name: String
        var form: Form

        var path: String { module + "." + name }
    }

    private(set) var entries: [ObjectIdentifier: Entry] = [:]

    /// Creates an empty table.
    public init() {}

    /// Registers a Swift type for a Python class.
    ///
    /// - Parameters:
    ///   - type: The Swift type, usually `Codable`. It can stand for one class only: the last one registered.
    ///   - path: The class's module and name with a dot between them: `"game.Player"`.
    ///   - form: How Python pickles objects of the class.
    /// - Precondition: `path` has a module and a name. For a class inside a class use ``register(_:module:name:_:)``.
    public mutating func register<T>(_ type: T.Type, as path: String, _ form: Form = .attributes) {
        let dot = path.lastIndex(of: ".")
        precondition(dot != nil, "'\(path)' names no module: expected \"module.Class\"")
        guard let dot else { return }
        register(type, module: String(path[..<dot]), name: String(path[path.index(after: dot)...]), form)
    }

    /// Registers a Swift type for a Python class whose qualified name has dots of its own, such as `Game.Player`.
    ///
    /// - Parameters:
    ///   - type: The Swift type. It can stand for one class only: the last one registered.
    ///   - module: The class's `__module__`.
    ///   - name: The class's `__qualname__`.
    ///   - form: How Python pickles objects of the class.
    public mutating func register<T>(_ type: T.Type, module: String, name: String, _ form: Form = .attributes) {
        entries[ObjectIdentifier(type)] = Entry(module: module, name: name, form: form)
    }
}
