/// What a pickle would cost and whom it would call, found out without decoding or calling anything.
///
/// ```swift
/// let inspection = try PickleInspection(pickle)
/// for global in inspection.globals where global.isCalled {
///     print(global.name)          // posix.system
/// }
/// ```
///
/// Everything that the pickle says counts, what it drops again included, since Python would have called that too.
public struct PickleInspection: Sendable {
    /// A class or function that a pickle names.
    public struct Global: Hashable, Sendable {
        /// Module and qualified name, as Python 3 understands them.
        public let name: PythonName
        /// Whether it is called, by any of REDUCE, NEWOBJ, NEWOBJ_EX, INST and OBJ. If not, it is only passed around,
        /// or called by something that is called with it.
        public let isCalled: Bool
    }

    /// The classes and functions that the pickle names, each once, in the order of their first mention.
    public let globals: [Global]

    /// Whether something is called that is no global, such as the result of another call, or something has a name that
    /// is no text of the pickle: what a call gives, for example. Then ``globals`` does not tell what the pickle can do.
    public let hasIndirectCalls: Bool

    /// The persistent ids that the pickle asks for.
    public let persistentIDs: [PickleValue]

    /// The numbers from `copyreg`'s registry that the pickle uses.
    public let extensionCodes: [Int]

    /// How many out-of-band buffers the pickle takes.
    public let bufferCount: Int

    /// How many objects the pickle makes; small integers, `None` and booleans are not counted.
    public let objectCount: Int

    /// How many bytes the graph takes, the pickle itself included.
    public let byteCount: Int

    /// How deep the value is nested: 0 for a scalar, 1 for a list of scalars. An object is one
    /// level, and its arguments and state are the next. What contains itself counts once.
    public let depth: Int

    /// How many objects the value would have if nothing were shared: what a program pays that walks it like a tree.
    /// `Int.max` where it is that many or more, or where the value contains itself.
    public let unfoldedCount: Int

    /// Inspects a pickle.
    ///
    /// - Throws: ``PickleError`` where the bytes are no pickle or pass a limit of `options`.
    /// - Complexity: linear in the size of the pickle.
    public init(_ pickle: [UInt8], options: PickleReadingOptions = .init()) throws(PickleError) {
        self.init(try PickleGraph(decoding: pickle, options: options))
    }

    /// Inspects the pickle that a graph was read from.
    ///
    /// - Complexity: linear in the size of the graph.
    public init(_ graph: PickleGraph) {
        let values = ValueGraph(graph)
        var names: [PythonName] = []
        var called: [PythonName: Bool] = [:]
        var hasIndirectCalls = false
        var persistentIDs: [PickleValue] = []
        var extensionCodes: [Int] = []
        var bufferCount = 0
        func name(of node: PickleGraph.Node) -> PythonName? {
            graph.globalName(of: node).map { graph.hasPython2Name(node) ? $0.inPython3 : $0 }
        }
        for node in graph.allObjects {
            switch graph.kind(of: node) {
            case .global:
                guard let name = name(of: node) else {
                    hasIndirectCalls = true
                    continue
                }
                guard called[name] == nil else { continue }
                names.append(name)
                called[name] = false
            case .reduce, .newObject, .newObjectWithKeywords, .instance:
                guard let callable = graph.children(of: node).first, let name = name(of: callable) else {
                    hasIndirectCalls = true
                    continue
                }
                if called.updateValue(true, forKey: name) == nil { names.append(name) }
            case .persistentID: persistentIDs += graph.children(of: node).prefix(1).map(values.value(of:))
            case .extension: extensionCodes += graph.children(of: node).prefix(1).compactMap(graph.int(of:))
            case .buffer: bufferCount += 1
            default: break
            }
        }
        globals = names.map { Global(name: $0, isCalled: called[$0] ?? false) }
        self.hasIndirectCalls = hasIndirectCalls
        self.persistentIDs = persistentIDs
        self.extensionCodes = extensionCodes
        self.bufferCount = bufferCount
        objectCount = graph.allObjects.count
        byteCount = graph.memoryByteCount
        let extent = Extent(of: graph.root, in: graph)
        depth = extent.depth
        unfoldedCount = extent.count
    }
}

extension PickleGraph {
    /// All objects but the constants, those that the root does not reach included.
    fileprivate var allObjects: LazyMapSequence<Range<Int>, Node> {
        (3..<objectCount).lazy.map { Node(rawValue: UInt32($0)) }
    }
}
