import Testing

@testable import Rememory

@Suite struct ScalarBlockTests {
    @Test func doubles() throws {
        let block = try UniqueBlock()
        let number = try RememoryFloat(block.string)
        for value in [0.1, -0.0, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
            try number.set(value)
            #expect(try number.get().bitPattern == value.bitPattern)
        }
        try number.set(.nan)
        #expect(try number.get().isNaN)
        #expect(try !number.compareAndSet(expected: .nan, to: 1))
        #expect(try number.exchange(1.5).isNaN)
        #expect(try number.add(0.25) == 1.75)
        #expect(try number.update { $0 *= 2 } == 3.5)
    }

    @Test func floats() throws {
        let block = try UniqueBlock()
        let number = try RememoryFloat(block.string, format: .float32)
        #expect(try block.facts().size == 4)
        try number.set(0.1)
        #expect(try number.get() == Double(Float(0.1)))
        try number.set(.infinity)
        try number.set(1)
        #expect(#expect(throws: RememoryError.self) { try number.set(1e39) }?.code == .overflow)
        #expect(#expect(throws: RememoryError.self) { try number.add(1e39) }?.code == .overflow)
        #expect(try number.get() == 1)
    }

    @Test func bools() throws {
        let block = try UniqueBlock()
        try block.createAsPython(size: 1, content: [7])
        let flag = try RememoryBool(block.string)
        #expect(try flag.get())
        #expect(try flag.exchange(true))
        #expect(try block.contentByPath() == [1])
        #expect(try !flag.toggle())
        #expect(try flag.compareAndSet(expected: false, to: true))
        #expect(try !flag.compareAndSet(expected: false, to: true))
        try flag.set(false)
        #expect(try !flag.value)
    }
}
