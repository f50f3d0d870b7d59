import Testing

@testable import interop_check

@Suite struct BenchBookTests {
    @Test func mediansOfRoundsMakeRows() throws {
        let book = BenchBook()
        for time in [30.0, 10, 20, 1000] { book.add(swift: time, to: .of("int.get")) }
        for time in [100.0, 90, 5000] { book.add(python: time, to: .of("int.get")) }
        book.add(swift: 1, to: .of("int.set"))
        let row = try #require(book.rows.first)
        #expect(book.rows.count == 1)
        #expect(row.swift == 25 && row.python == 100 && row.ratio == 4)
        #expect(!row.meetsGoal)
    }

    @Test func nothingHasNoMedian() {
        #expect([Double]().median == nil)
        #expect([7.0].median == 7)
    }

    @Test func eachRowIsThereOnceAndMeasuredByOneContest() {
        #expect(Set(BenchCase.all).count == BenchCase.all.count)
        let measured = Bench.contests.flatMap(\.rows)
        #expect(Set(measured) == Set(BenchCase.all))
        #expect(measured.count == BenchCase.all.count)
    }

    @Test func goalsAreThoseOfTheTable() {
        #expect(BenchCase.of("dict.set", 100_000).atLeast == 50_000)
        #expect(BenchCase.of("dict.get.codable", 10_000).atLeast == 3000)
        #expect(BenchCase.of("list.append", 1000).atLeast == 300)
        #expect(BenchCase.of("int.get.fstat").atLeast == nil)
        #expect(BenchCase.all.compactMap(\.atLeast).count == BenchCase.all.count - 2)
    }

    @Test func aCarouselGoesRound() {
        var carousel = Carousel(BenchData.order(10))
        let once = (0..<10).map { _ in carousel.next() }
        #expect(Set(once) == Set(0..<10))
        #expect(once == (0..<10).map { _ in carousel.next() })
    }
}
