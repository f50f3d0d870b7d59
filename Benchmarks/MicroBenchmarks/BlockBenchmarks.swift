import Benchmark
import Rememory
import Workload

/// A block that is opened before the first round and removed after the last. One round after the other uses it.
private final class Opened<Block>: @unchecked Sendable {
    var block: Block?
    private var step = 0

    func get() throws -> Block {
        guard let block else { throw NotOpenError() }
        return block
    }

    /// Counts on from round to round, so that all entries have their turn.
    func nextStep() -> Int {
        step &+= 1
        return step
    }
}

private struct NotOpenError: Error {}

func lockBenchmarks() {
    let opened = Opened<RememoryLock>()
    Benchmark("lock: take and give back, 1,000 times") { benchmark in
        let lock = try opened.get()
        for _ in benchmark.scaledIterations { try lock.withLock {} }
    } setup: {
        opened.block = try RememoryLock(UniqueName.next("lock"))
    } teardown: {
        try opened.block?.unlink()
    }
}

func scalarBenchmarks() {
    let opened = Opened<RememoryInt<Int>>()
    func scalar(_ name: String, _ run: @escaping @Sendable (RememoryInt<Int>, Int) throws -> Void) {
        Benchmark("scalar: \(name)") { benchmark in
            let int = try opened.get()
            for value in benchmark.scaledIterations { try run(int, value) }
        } setup: {
            opened.block = try RememoryInt(UniqueName.next("int"))
        } teardown: {
            try opened.block?.unlink(semaphore: true)
        }
    }
    scalar("get, 1,000 times") { int, _ in blackHole(try int.get()) }
    scalar("set, 1,000 times") { int, value in try int.set(value) }
    scalar("locked add, 1,000 times") { int, _ in try int.add(1) }
}

func dictBenchmarks() {
    for n in [10, 1000, 10_000, 100_000] {
        let opened = Opened<RememoryDict<String, Int>>()
        let keys = Workload.order(n).map(Workload.key)
        func dict(
            _ name: String, configuration: Benchmark.Configuration = Benchmark.defaultConfiguration,
            _ run: @escaping @Sendable (RememoryDict<String, Int>, Int) throws -> Void
        ) {
            Benchmark("dict, n = \(n): \(name)", configuration: configuration) { benchmark in
                let dict = try opened.get()
                for _ in benchmark.scaledIterations { try run(dict, opened.nextStep()) }
            } setup: {
                let dict = try RememoryDict<String, Int>(UniqueName.next("dict"), capacity: 65536 + 64 * n)
                try dict.replaceAll(with: (0..<n).map { (Workload.key($0), Workload.number($0)) })
                opened.block = dict
            } teardown: {
                try opened.block?.unlink(semaphore: true)
            }
        }
        dict("get, 1,000 times") { dict, step in blackHole(try dict[keys[step % n]]) }
        dict("set, 1,000 times") { dict, step in try dict.set(Workload.number(step), for: keys[step % n]) }
        var once = Benchmark.defaultConfiguration
        once.scalingFactor = .one
        dict("iterate", configuration: once) { dict, _ in blackHole(try dict.snapshot()) }
    }
}

func listBenchmarks() {
    let n = 10_000
    let opened = Opened<RememoryList<Int>>()
    let places = Workload.order(n)
    func list(_ name: String, _ run: @escaping @Sendable (RememoryList<Int>, Int) throws -> Void) {
        Benchmark("list, n = \(n): \(name)") { benchmark in
            let list = try opened.get()
            for _ in benchmark.scaledIterations { try run(list, opened.nextStep()) }
        } setup: {
            let list = try RememoryList<Int>(UniqueName.next("list"), capacity: 1 << 24)
            try list.replaceAll(with: (0..<n).map(Workload.number))
            opened.block = list
        } teardown: {
            try opened.block?.unlink(semaphore: true)
        }
    }
    list("get, 1,000 times") { list, step in blackHole(try list[places[step % n]]) }
    list("set, 1,000 times") { list, step in try list.set(Workload.number(step), at: places[step % n]) }
    list("append, 1,000 times") { list, step in try list.append(step) }
}
