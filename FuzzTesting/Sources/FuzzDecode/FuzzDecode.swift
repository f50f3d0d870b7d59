import FuzzSupport
import PickleCodec

/// Reads anything: it must give a graph or an error.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let pickle = unsafe input(start, count)
    let listing = PickleListing(pickle)
    let graph = try? PickleGraph(decoding: pickle)
    if let graph {
        require(
            graph.memoryByteCount <= 32 * count + 256, "memory linear in \(count) bytes, found \(graph.memoryByteCount)"
        )
        _ = PickleInspection(graph)
    }
    checkLimits(pickle, graph)
    _ = listing.description
    return 0
}

/// Limits only refuse: what is read within them is what is read without.
///
/// The last bytes choose the limits. Most pickles end before the input does, so these are free to be anything.
private func checkLimits(_ pickle: [UInt8], _ graph: PickleGraph?) {
    let choices = pickle.suffix(4).map { Int(Int8(bitPattern: $0)) }
    guard choices.count == 4 else { return }
    let options = PickleReadingOptions(
        maximumByteCount: pickle.count + choices[0], maximumObjectCount: choices[1],
        maximumIntegerByteCount: choices[2], maximumNameByteCount: choices[3])
    guard let limited = try? PickleGraph(decoding: pickle, options: options) else { return }
    // Where the limit leaves more room for what may come, containers get more of it.
    require(graph.map { isSame($0, limited) } ?? false, "the same graph within \(options)")
    require(limited.objectCount - 3 <= max(0, choices[1]), "no more objects than \(options) allow")
}

private func isSame(_ one: PickleGraph, _ other: PickleGraph) -> Bool {
    one.objectCount == other.objectCount && (try? one.encoded()) == (try? other.encoded())
}
