import Benchmark
import Foundation
import PickleCodec
import Workload

func codecBenchmarks() {
    codec("players", CodecValues.players)
    codec("numbers", CodecValues.numbers)
    codec("fractions", CodecValues.fractions)
    codec("texts", CodecValues.texts)
    codec("scores", CodecValues.scores)
}

private func codec<Value: Codable & Sendable>(_ name: String, _ value: Value) {
    var once = Benchmark.defaultConfiguration
    once.scalingFactor = .one
    let configuration = once
    func form(
        _ form: String, _ write: @escaping @Sendable () throws -> Void, _ read: @escaping @Sendable () throws -> Void
    ) {
        Benchmark("codec, \(name): \(form) writes", configuration: configuration) { _ in try write() }
        Benchmark("codec, \(name): \(form) reads", configuration: configuration) { _ in try read() }
    }
    guard let pickle = try? PickleEncoder().encode(value), let dynamic = try? PickleValue(pickle: pickle),
        let json = try? JSONEncoder().encode(value)
    else { return }
    form("PickleEncoder") {
        blackHole(try PickleEncoder().encode(value))
    } _: {
        blackHole(try PickleDecoder().decode(Value.self, from: pickle))
    }
    form("PickleValue") {
        blackHole(try dynamic.pickled())
    } _: {
        blackHole(try PickleValue(pickle: pickle))
    }
    form("JSONEncoder") {
        blackHole(try JSONEncoder().encode(value))
    } _: {
        blackHole(try JSONDecoder().decode(Value.self, from: json))
    }
}
