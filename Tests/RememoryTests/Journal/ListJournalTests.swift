import Testing

@testable import Rememory

/// Random operations by two Swift handles and Python against a Swift array; after each, both unpicklers read.
@Suite struct ListJournalTests {
    @Test(arguments: [(400, 128), (500, 1024), (300, 65536)], [RememoryLayout.journal, .canonical])
    func agreesWithPythonAfterEveryOperation(size: (Int, Int), layout: RememoryLayout) throws {
        let (steps, capacity) = size
        let block = try UniqueBlock("listjournal")
        defer { block.removeAll() }
        let python = try PythonReader()
        let handles = [
            try RememoryList<Int>(block.string, capacity: capacity, layout: layout),
            try RememoryList<Int>(block.string, capacity: capacity),
        ]
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed)
        var model: [Int] = []
        for step in 0..<steps {
            let list = handles[Int.random(in: 0...1, using: &random)]
            let value = [7, 300, 70_000, -5, 1 << 40, .min][Int.random(in: 0..<6, using: &random)] &+ step
            let index = model.isEmpty ? 0 : Int.random(in: -model.count..<model.count, using: &random)
            let position = index < 0 ? index + model.count : index
            switch Int.random(in: 0..<13, using: &random) {
            case 0...2 where model.count < 25:
                try list.append(value)
                model.append(value)
            case 3 where model.count < 25:
                try list.append(contentsOf: [value, step])
                model += [value, step]
            case 4 where model.count < 25:
                try list.insert(value, at: index)
                model.insert(value, at: position)
            case 5...6 where !model.isEmpty:
                try list.set(value, at: index)
                model[position] = value
            case 7 where !model.isEmpty:
                #expect(try list.pop(at: index) == model.remove(at: position))
            case 8:
                try list.reverse()
                model.reverse()
            case 9:
                try list.sort()
                model.sort()
            case 10 where model.count < 25:
                try python.change(block.segmentPath, "value.insert(0, \(step))")
                model.insert(step, at: 0)
            case 11 where !model.isEmpty:
                try python.change(block.segmentPath, "del value[\(index)]")
                model.remove(at: position)
            case 12 where !model.isEmpty:
                try list.update(at: index) { $0 = $0 &+ 1 }
                model[position] = model[position] &+ 1
            default:
                try list.delete(from: 0, to: 3)
                model.removeFirst(min(3, model.count))
            }
            let comment: Comment = "seed \(seed), step \(step), capacity \(capacity), \(layout)"
            try #require(try python.read(block.segmentPath) == "\(model)", comment)
            for handle in handles { try #require(try handle.items() == model, comment) }
        }
    }

    @Test func slicesAsPythonDoes() throws {
        let block = try UniqueBlock("slices")
        defer { block.removeAll() }
        let list = try RememoryList<Int>(block.string)
        try list.replaceAll(with: 0..<6)
        #expect(try list.slice(from: 1, to: -1) == [1, 2, 3, 4])
        #expect(try list.slice(by: 2) == [0, 2, 4])
        #expect(try list.slice(by: -1) == [5, 4, 3, 2, 1, 0])
        #expect(try list.slice(from: 4, to: 1, by: -2) == [4, 2])
        #expect(try list.slice(from: 10, to: 20) == [])
        #expect(try list.slice(from: -100, to: 2) == [0, 1])
        #expect(throws: RememoryError.self) { try list.slice(by: 0) }
        #expect(try list.slice(from: .min, to: .max, by: .max) == [0])
        #expect(try list.slice(from: .max, to: .min, by: .min) == [5])
        try list.replace(from: 1, to: 3, with: [9, 9, 9])
        #expect(try list.items() == [0, 9, 9, 9, 3, 4, 5])
        #expect(try list.count(of: 9) == 3)
        #expect(try list.firstIndex(of: 3) == 4)
        #expect(try list.remove(9))
        #expect(try list.items() == [0, 9, 9, 3, 4, 5])
    }
}
