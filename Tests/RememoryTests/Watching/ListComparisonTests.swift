import Testing

@testable import Rememory

@Suite struct ListComparisonTests {
    /// The changes from one list to the other, made.
    private func made(_ old: [Int], _ new: [Int]) -> (result: [Int], steps: Int) {
        var result = old
        let changes = ListComparison(old.count, new.count) { old[$0] == new[$1] }
        let all = (try? changes.changes()) ?? []
        for change in all {
            switch (change.before, change.after) {
            case (nil, let after?): result.insert(new[after], at: change.position)
            case (_?, let after?): result[change.position] = new[after]
            default: result.remove(at: change.position)
            }
        }
        return (result, all.count)
    }

    @Test(
        arguments: [
            ([], [1], 1), ([1], [], 1), ([1, 2, 3], [1, 2, 3], 0), ([1, 2, 3], [2, 3, 4], 2),
            ([1, 2, 3], [1, 9, 3], 1),
            ([1, 2, 3, 4], [4, 1, 2, 3], 2), ([1, 2, 3], [2, 9, 3], 2), ([1, 1, 1], [1, 1], 1),
        ] as [([Int], [Int], Int)])
    func findsTheShortestWay(old: [Int], new: [Int], steps: Int) {
        let found = made(old, new)
        #expect(found.result == new)
        #expect(found.steps == steps)
    }

    @Test func leadsFromAnyListToAnyOther() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed)
        for _ in 0..<2000 {
            let values = Int.random(in: 1...20, using: &random)
            let (old, new) = (0...1).map { _ in
                (0..<Int.random(in: 0...40, using: &random)).map { _ in Int.random(in: 0..<values, using: &random) }
            }.pair
            let found = made(old, new)
            #expect(found.result == new, "seed \(seed): \(old) to \(new)")
            #expect(found.steps <= max(old.count, new.count) * 2)
        }
    }

    @Test func listsThatAreFarApartAreComparedItemByItem() {
        let old = Array(0..<5000)
        let new = old.map { $0 % 2 == 0 ? $0 : -$0 } + [1]
        let found = made(old, new)
        #expect(found.result == new)
        #expect(found.steps == 2501)
    }

    @Test func aQueueIsFollowedHoweverLongItIs() {
        let old = Array(0..<100_000)
        let new = Array(50..<100_050)
        let found = made(old, new)
        #expect(found.result == new)
        #expect(found.steps == 100)
    }
}

extension [[Int]] {
    fileprivate var pair: ([Int], [Int]) { (self[0], self[1]) }
}
