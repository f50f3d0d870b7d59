import PeerProtocol
import PickleCodec
import Rememory

/// The classes in a pickle: where they are, what Swift makes of them, and what Python would call.
struct Audit {
    /// A class or function.
    struct Finding {
        let name: PythonName
        /// Whether loading the pickle calls it.
        var isCalled = false
        /// How many objects it made, or how often it is named where it made none.
        var count = 0
        /// Where the first of them are.
        var places: [String] = []
        /// What Swift's decoder reads its objects as.
        var swift: String

        var danger: ClassVerdict.Danger { ClassVerdict(name).danger }
        /// Whether Swift can only carry its objects along.
        var isOpaque: Bool { swift == "PickleValue (opaque)" }
    }

    private static let shownPlaces = 5

    private(set) var findings: [Finding] = []
    let hasIndirectCalls: Bool
    let persistentIDs: Int
    let extensionCodes: [Int]

    /// - Complexity: linear in the size of the pickle: what is shared is looked at once.
    init(_ pickle: [UInt8]) throws(PickleError) {
        let graph = try PickleGraph(decoding: pickle)
        let inspection = PickleInspection(graph)
        hasIndirectCalls = inspection.hasIndirectCalls
        persistentIDs = inspection.persistentIDs.count
        extensionCodes = inspection.extensionCodes
        findings = inspection.globals.map { global in
            Finding(
                name: global.name, isCalled: global.isCalled,
                swift: ClassVerdict(global.name).swift ?? "PickleValue (opaque)")
        }
        let order = Dictionary(findings.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        var walk = GraphWalk(graph)
        while let (node, path) = walk.next() {
            let parts = graph.children(of: node)
            switch graph.kind(of: node) {
            case .reduce, .newObject, .newObjectWithKeywords, .instance:
                guard let name = parts.first.flatMap({ Audit.name(of: $0, in: graph) }), let place = order[name] else {
                    continue
                }
                note(place, path())
                if ClassVerdict(name).swift == nil { findings[place].swift = Audit.reading(of: node, in: graph) }
            default: continue
            }
        }
    }

    private mutating func note(_ place: Int, _ path: String) {
        findings[place].count += 1
        if findings[place].places.count < Audit.shownPlaces { findings[place].places.append(path) }
    }

    private static func name(of node: PickleGraph.Node, in graph: PickleGraph) -> PythonName? {
        graph.globalName(of: node).map { graph.hasPython2Name(node) ? $0.inPython3 : $0 }
    }

    /// What the decoder reads an object of an unknown class as.
    private static func reading(of node: PickleGraph.Node, in graph: PickleGraph) -> String {
        let value = PickleValue(graph.rooted(at: node))
        if let state = value.state {
            let names = ([state] + Array(state.elements)).filter { $0.kind == .dict }.flatMap(\.keys)
            if !names.isEmpty {
                return "a struct with " + names.prefix(8).map { $0.string ?? "?" }.joined(separator: ", ")
            }
        }
        if !value.pairs.isEmpty { return "Dictionary" }
        if !value.elements.isEmpty { return "Array" }
        let arguments = value.arguments
        if graph.kind(of: node) == .reduce, arguments.count == 1 { return "its value, \(arguments[0].repr(limit: 40))" }
        if graph.kind(of: node) == .newObject, !arguments.isEmpty { return "its \(arguments.count) values, unkeyed" }
        if graph.kind(of: node) == .newObject { return "a struct with no stored properties" }
        return "PickleValue (opaque)"
    }

    var json: JSON {
        [
            "classes": .array(
                findings.map { finding in
                    [
                        "name": .string(finding.name.description), "called": .bool(finding.isCalled),
                        "count": .int(finding.count), "places": .array(finding.places.map { .string($0) }),
                        "swift": .string(finding.swift), "opaque": .bool(finding.isOpaque),
                        "danger": .string(finding.danger.rawValue),
                    ]
                }),
            "indirectCalls": .bool(hasIndirectCalls), "persistentIDs": .int(persistentIDs),
            "extensionCodes": .array(extensionCodes.map { .int($0) }),
        ]
    }
}
