import FuzzSupport
import PickleCodec

/// Reads, writes and reads again: the same value, and soon the same bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let pickle = unsafe input(start, count)
    guard let graph = try? PickleGraph(decoding: pickle) else { return 0 }
    let written: [UInt8]
    do {
        written = try graph.encoded()
    } catch {
        require(error.code == .limitExceeded, "a pickle, found \(error)")
        return 0
    }
    let again = decode(written)
    // The first writing can number an integer that was duplicated and dropped; the second has nothing to.
    let second = encode(again)
    require(encode(decode(second)) == second, "the same bytes")

    let value = PickleValue(graph)
    // A NaN is not itself; two readings of one pickle show whether the value has one.
    guard PickleValue(decode(pickle)) == value else { return 0 }
    require(PickleValue(again) == value, "\(value.repr(limit: 500)), found \(PickleValue(again).repr(limit: 500))")
    require(PickleValue(again).hashValue == value.hashValue, "the same hash of \(value.repr(limit: 500))")
    return 0
}

private func decode(_ pickle: [UInt8]) -> PickleGraph {
    do {
        return try PickleGraph(decoding: pickle)
    } catch {
        fatalError("expected to read what was written, found \(error)")
    }
}

private func encode(_ graph: PickleGraph) -> [UInt8] {
    do {
        return try graph.encoded()
    } catch {
        fatalError("expected to write what was written before, found \(error)")
    }
}
