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
    checkBytes(of: written)
    let value = PickleValue(graph)
    // A NaN is not itself; two readings of one pickle show whether the value has one.
    guard PickleValue(decode(pickle)) == value else { return 0 }
    require(PickleValue(again) == value, "\(value.repr(limit: 500)), found \(PickleValue(again).repr(limit: 500))")
    require(PickleValue(again).hashValue == value.hashValue, "the same hash of \(value.repr(limit: 500))")
    return 0
}

/// Writes again and again. What is dropped is written once more, as Python does; then it is gone, and in the end the
/// bytes stay.
private func checkBytes(of pickle: [UInt8]) {
    var last = pickle
    for _ in 0...pickle.count {
        let next = encode(decode(last))
        if next == last { return }
        last = next
    }
    require(false, "the same bytes in the end")
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
