// Two cyclic values are equal when no walk into both finds a difference. Each pair of nodes that the walk meets is taken
// as equal from then on, and so joined into one class; it ends when every pair that is left is in one class already.
// As each join makes one class less, there are no more of them than nodes (Hopcroft and Karp's way with automata).
//
//     a = []; a.append(a)          nodes a
//     b = [[]]; b[0].append(b)     nodes b, b[0]
//     a~b: join {a b}              children a~b[0]: join {a b b[0]}              children a~b: one class already

/// Compares values that are cyclic, given the numbers of their parts that are not.
struct CycleComparison {
    private struct Side {
        var graph: ValueGraph
        var meaning: Meaning
    }

    private struct Place: Hashable {
        var side: Int
        var node: PickleGraph.Node
    }

    private var sides: [Side]
    private var parents: [Place: Place] = [:]
    private var pending: [(PickleGraph.Node, PickleGraph.Node)] = []

    init(_ graph: ValueGraph, _ meaning: Meaning, _ other: ValueGraph, _ otherMeaning: Meaning) {
        sides = [Side(graph: graph, meaning: meaning), Side(graph: other, meaning: otherMeaning)]
    }

    mutating func areEqual(_ node: PickleGraph.Node, _ otherNode: PickleGraph.Node) -> Bool {
        pending = [(node, otherNode)]
        while let (left, right) = pending.popLast() {
            guard isPairEqual(left, right) else { return false }
        }
        return true
    }

    /// Compares two nodes by themselves and leaves pairs of their children to be compared.
    private mutating func isPairEqual(_ left: PickleGraph.Node, _ right: PickleGraph.Node) -> Bool {
        let number = number(of: left, on: 0)
        let otherNumber = self.number(of: right, on: 1)
        if number != nil || otherNumber != nil { return number == otherNumber }
        let leftClass = findClass(Place(side: 0, node: left))
        let rightClass = findClass(Place(side: 1, node: right))
        if leftClass == rightClass { return true }
        parents[leftClass] = rightClass

        let leftShape = sides[0].graph.shape(of: left)
        let rightShape = sides[1].graph.shape(of: right)
        guard leftShape.kind == rightShape.kind || leftShape.kind.isAnySet && rightShape.kind.isAnySet else {
            return false
        }
        var leftChildren: [PickleGraph.Node] = []
        var rightChildren: [PickleGraph.Node] = []
        sides[0].graph.appendChildren(of: left, leftShape, to: &leftChildren)
        sides[1].graph.appendChildren(of: right, rightShape, to: &rightChildren)
        switch leftShape.kind {
        case .dict:
            leftChildren = sortedPairs(leftChildren, on: 0)
            rightChildren = sortedPairs(rightChildren, on: 1)
        case .set, .frozenSet:
            leftChildren = sortedMembers(leftChildren, on: 0)
            rightChildren = sortedMembers(rightChildren, on: 1)
        case .object, .global:
            var leftWords: [UInt64] = []
            var rightWords: [UInt64] = []
            sides[0].graph.describeOperations(of: left, to: &leftWords)
            sides[1].graph.describeOperations(of: right, to: &rightWords)
            guard leftWords == rightWords else { return false }
        default: break
        }
        guard leftChildren.count == rightChildren.count else { return false }
        pending.append(contentsOf: zip(leftChildren, rightChildren))
        return true
    }

    /// The pairs by ascending number of the key, the last one of equal keys. Cyclic keys come last, as they stand.
    private mutating func sortedPairs(_ children: [PickleGraph.Node], on side: Int) -> [PickleGraph.Node] {
        var pairs: [(key: UInt64?, position: Int)] = []
        for position in stride(from: 0, to: children.count - 1, by: 2) {
            pairs.append((number(of: children[position], on: side), position))
        }
        pairs.sort { ($0.key ?? .max, $0.position) < ($1.key ?? .max, $1.position) }
        var sorted: [PickleGraph.Node] = []
        for (index, pair) in pairs.enumerated() {
            if pair.key != nil, index + 1 < pairs.count, pairs[index + 1].key == pair.key { continue }
            sorted.append(children[pair.position])
            sorted.append(children[pair.position + 1])
        }
        return sorted
    }

    /// The members by ascending number, one of equal ones. Cyclic members come last, as they stand.
    private mutating func sortedMembers(_ children: [PickleGraph.Node], on side: Int) -> [PickleGraph.Node] {
        var members: [(number: UInt64?, position: Int)] = []
        for (position, child) in children.enumerated() { members.append((number(of: child, on: side), position)) }
        members.sort { ($0.number ?? .max, $0.position) < ($1.number ?? .max, $1.position) }
        var sorted: [PickleGraph.Node] = []
        for (index, member) in members.enumerated() {
            if member.number != nil, index > 0, members[index - 1].number == member.number { continue }
            sorted.append(children[member.position])
        }
        return sorted
    }

    /// The number of a node, nil where it is cyclic. Both sides number with one table: the left side knows the
    /// numbers of all its nodes already, so only the right side may still find new ones.
    private mutating func number(of node: PickleGraph.Node, on side: Int) -> UInt64? {
        sides[side].meaning.finding(of: node, in: sides[side].graph).number
    }

    private mutating func findClass(_ place: Place) -> Place {
        var root = place
        while let parent = parents[root] { root = parent }
        var step = place
        while let parent = parents[step] {
            parents[step] = root
            step = parent
        }
        return root == place ? place : root
    }
}

extension PickleValue.Kind {
    fileprivate var isAnySet: Bool { self == .set || self == .frozenSet }
}
