/// A Python class or function by its path, with the names that Python 3 gives it.
struct PythonClass: Hashable {
    let path: String

    init(path: String) { self.path = path }

    init(_ name: PythonName) { path = name.description }

    static let unknown = PythonClass(path: "an unnamed class")
    static let datetime = PythonClass(path: "datetime.datetime")
    static let date = PythonClass(path: "datetime.date")
    static let timedelta = PythonClass(path: "datetime.timedelta")
    static let timezone = PythonClass(path: "datetime.timezone")
    static let uuid = PythonClass(path: "uuid.UUID")
    static let decimal = PythonClass(path: "decimal.Decimal")
    static let fraction = PythonClass(path: "fractions.Fraction")
    static let complex = PythonClass(path: "builtins.complex")
    static let range = PythonClass(path: "builtins.range")
    static let list = PythonClass(path: "builtins.list")
    static let set = PythonClass(path: "builtins.set")
    static let frozenSet = PythonClass(path: "builtins.frozenset")
    static let byteArray = PythonClass(path: "builtins.bytearray")
    static let bytes = PythonClass(path: "builtins.bytes")
    static let codecsEncode = PythonClass(path: "_codecs.encode")
    static let reconstructor = PythonClass(path: "copyreg._reconstructor")
    static let orderedDict = PythonClass(path: "collections.OrderedDict")
    static let defaultDict = PythonClass(path: "collections.defaultdict")
    static let counter = PythonClass(path: "collections.Counter")
    static let deque = PythonClass(path: "collections.deque")
    static let getattr = PythonClass(path: "builtins.getattr")

    /// Classes whose constructor's arguments have a meaning of their own: never taken for an enumeration's value.
    static let known: Set<PythonClass> = [
        datetime, date, timedelta, timezone, uuid, decimal, fraction, complex, range, list, set, frozenSet, byteArray,
        bytes, codecsEncode, orderedDict, defaultDict, counter, deque,
    ]
}

/// An object of a class, as the calls that build it.
struct PickledObject {
    typealias Node = PickleGraph.Node

    var type: PythonClass
    var arguments: [Node] = []
    /// What `append` and `extend` were called with.
    var elements: [Node] = []
    /// Keys and values that were set, one after the other.
    var items: [Node] = []
    var state: Node?
    /// Whether the class was called, and not just an object of it made.
    var isCall = false

}

extension DecodingSession {
    /// The class or function that a node names.
    func pythonClass(_ node: Node) -> PythonClass {
        if let known = classes[node] { return known }
        guard let name = graph.globalName(of: node) else { return .unknown }
        let found = PythonClass(graph.hasPython2Name(node) ? name.inPython3 : name)
        classes[node] = found
        return found
    }
}

extension DecodingPlace {
    /// The object here, where calls build it.
    var object: PickledObject? {
        let parts = graph.children(of: node)
        guard let callable = parts.first else { return nil }
        var object = PickledObject(type: session.pythonClass(callable))
        switch kind {
        case .reduce, .newObject:
            guard parts.count == 2, graph.kind(of: parts[1]) == .tuple else { return nil }
            object.arguments = Array(graph.children(of: parts[1]))
            object.isCall = kind == .reduce
        case .newObjectWithKeywords:
            guard parts.count == 3, graph.kind(of: parts[1]) == .tuple else { return nil }
            object.arguments = Array(graph.children(of: parts[1]))
        case .instance:
            object.arguments = Array(parts.dropFirst())
            object.isCall = true
        default: return nil
        }
        if object.type == .reconstructor, let type = object.arguments.first {
            // Protocols 0 and 1: copyreg._reconstructor(class, base, the base's state)
            object.type = session.pythonClass(type)
            let base = object.arguments.count == 3 ? object.arguments[2] : .none
            object.arguments = []
            switch graph.kind(of: base) {
            case .none: break
            case .list, .set: object.elements = Array(graph.children(of: base))
            case .dict: object.items = Array(graph.children(of: base))
            case .tuple: object.arguments = Array(graph.children(of: base))
            default: object.arguments = [base]
            }
            object.isCall = false
        }
        for (operation, nodes) in graph.operations(of: node) {
            switch operation {
            case .append, .addItems: object.elements += nodes
            case .setItems: object.items += nodes
            case .build: object.state = nodes.first
            }
        }
        return object
    }

    /// The argument of a call that builds a member of an enumeration, or any object of an unknown class from one value.
    var soleArgument: DecodingPlace? {
        guard let object, object.isCall, object.arguments.count == 1, object.state == nil, object.items.isEmpty,
            object.elements.isEmpty, !PythonClass.known.contains(object.type)
        else { return nil }
        return at(object.arguments[0])
    }
}
