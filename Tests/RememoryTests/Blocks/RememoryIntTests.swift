import Testing

@testable import Rememory

@Suite struct RememoryIntTests {
    @Test(arguments: IntFormat.allCases) func everyFormatHoldsItsRange(_ format: IntFormat) throws {
        let block = try UniqueBlock()
        let number = try RememoryInt(block.string, as: Int128.self, format: format)
        #expect(try block.facts().size == format.byteCount)
        for value in [format.range.lowerBound, 0, 1, format.range.upperBound] {
            try number.set(value)
            #expect(try number.get() == value)
        }
        for value in [format.range.lowerBound - 1, format.range.upperBound + 1, .max, .min] {
            let error = #expect(throws: RememoryError.self) { try number.set(value) }
            #expect(error?.code == .overflow)
        }
        #expect(try number.get() == format.range.upperBound)
        #expect(#expect(throws: RememoryError.self) { try number.add(1) }?.code == .overflow)
        #expect(try number.get() == format.range.upperBound)
    }

    @Test func bytesAreThoseOfPython() throws {
        let block = try UniqueBlock()
        let number = try RememoryInt(block.string, as: Int32.self)
        try number.set(-2)
        #expect(try block.contentByPath() == [0xFE, 0xFF, 0xFF, 0xFF])
    }

    @Test func changes() throws {
        let block = try UniqueBlock()
        let number = try RememoryInt(block.string)
        #expect(try number.add(5) == 5)
        #expect(try number.subtract(7) == -2)
        #expect(try number.exchange(10) == -2)
        #expect(try number.compareAndSet(expected: 10, to: 11))
        #expect(try !number.compareAndSet(expected: 10, to: 12))
        #expect(try number.update { $0 *= 3 } == 33)
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try number.update { value in
                value = 0
                throw Stop()
            }
        }
        #expect(try number.value == 33)
    }

    @Test func valuesThatTheTypeCanNotHoldAreErrors() throws {
        let block = try UniqueBlock()
        try RememoryInt(block.string, as: UInt64.self).set(.max)
        let number = try RememoryInt(block.string, format: .uint64)
        #expect(#expect(throws: RememoryError.self) { try number.get() }?.code == .overflow)
        let widest = try RememoryInt(block.string, as: Int128.self, format: .int64)
        #expect(#expect(throws: RememoryError.self) { try widest.subtract(.min) }?.code == .overflow)
    }

    @Test func anotherWidthIsAnotherType() throws {
        let block = try UniqueBlock()
        let number = try RememoryInt(block.string, as: Int16.self)
        try number.set(1)
        for open: @Sendable () throws -> Void in [
            { _ = try RememoryInt(block.string) }, { _ = try RememoryInt(block.string, as: Int8.self) },
            { _ = try RememoryFloat(block.string) }, { _ = try RememoryBool(block.string) },
        ] {
            let error = #expect(throws: RememoryError.self) { try open() }
            #expect(error?.code == .typeMismatch)
            #expect(error?.message.contains("found one of 2 bytes") == true)
        }
    }
}
